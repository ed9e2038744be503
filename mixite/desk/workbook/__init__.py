"""How does an officer's Excel workbook look, and how does it become what is asked before a commission?"""
