"""How is a sitting written for its commission — a workbook, a printed dossier — and what comes back of it?"""
