"""Under which headers are the columns that are read again?"""

DWELLING, RANK, DEMAND = "Référence logement", "Rang suggéré", "Numéro unique"
ROWS, SERVED = "Compte dans", "Dont au public de"
"""Rows in which a lease to the household, here, would count, and of these whose public it is of."""

IN_RPMS = "RPMS"
ROW, GIVEN, GIVEN_SERVED, GIVEN_YEARLY = "Ligne", "Baux donnés", "Dont au public", "Baux donnés sur 12 mois"
HELD_ON, HEAD = "Séance du", "Empreinte de l'historique"
"""Settings of the sheet « Méthode »."""

SEVERAL = " ; "
"""Between several names of one cell."""
