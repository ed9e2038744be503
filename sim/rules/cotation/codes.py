"""In what order do the closed code lists of the national register (SNE) stand?

An encoded code is an index into one of these tuples, and several codes are a bit mask over it, so the order
is part of the encoding and never changes. Labels are left to the outputs that show them.

Source: code lists of the SNE exchange format `interfaceNuu` v02.01 (NUU), named beside each list.
"""

from __future__ import annotations

REQUEST_KINDS = ("primo", "mutation")
"""First demand, or demand of a household already housed by a bailleur (modeleLogement contains HLM)."""

DALO_STATUS = ("NON", "ACTIF", "CADUC", "ACTREL")
"""ListeStatutDalo: none, active, lapsed, active and rehoused."""

MOTIVES = tuple(f"{number:02d}" for number in range(1, 24))
"""ListeMotifDemande, 01 to 23: 01 sans logement ou hébergé, 03 non décent, 05 procédure d'expulsion,
06 violences familiales, 07 handicap, 10 trop grand, 13 trop petit …"""

HOUSING_MODES = (
    *("HLM", "LP", "RS", "RHVS", "RE", "SLHT", "SH", "CDEFCM", "CPE"),
    *("CP", "LTG", "FONC", "POCC", "CAMCAR", "HOT", "SD", "SQUAT"),
)
"""ListeModeleLogement, 17 present modes of housing."""

WORK_STATUS = ("CDI", "CDD", "ART", "CHO", "APP", "ETU", "RET", "AUT")
"""ListeTypeContratTravail."""

FAMILY_STATUS = ("C", "M", "D", "S", "P", "U", "V")
"""ListeSituationFamiliale."""

DWELLING_TYPES = ("C", "T1", "T2", "T3", "T4", "T5", "T6P")
"""ListeTypeLogement: room in shared housing, then by main rooms."""
