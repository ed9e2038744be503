"""Which facts may a grid read, of what kind, and which may it never read?

The list is closed: the attributes of the demand in the national register (SNE), what derives from them,
and `dwelling.*` for conditions on the dwelling offered. Facts are arrays encoded by kind:

- flag: int8, 1 true, 0 false, -1 missing (a boolean array is accepted and is never missing);
- code: int8 index into the list of codes, -1 missing;
- codes: int64 bit mask over the list of codes, -1 missing;
- number: float64, NaN missing (an integer array is accepted and is never missing); a date is a number, the
  days since 1970-01-01;
- the communes form an open list: INSEE codes as text (";" between several), "" missing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from sim.rules.cotation.codes import (
    DALO_STATUS,
    DWELLING_TYPES,
    FAMILY_STATUS,
    HOUSING_MODES,
    MOTIVES,
    REQUEST_KINDS,
    WORK_STATUS,
)
from sim.territory.files.faults import nearest
from sim.territory.files.forbidden import is_forbidden

Kind = Literal["flag", "code", "codes", "number"]

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Attribute:
    """One attribute of the closed list."""

    name: str
    kind: Kind
    source: str  # SNE path under demande/demandeLogement/, or how it is derived
    unit: str = ""
    codes: tuple[str, ...] = ()  # empty for a list of codes that the territory closes (communes)

    @property
    def open_list(self) -> bool:
        """Tell whether the codes are those of the territory (communes), kept as text."""
        return self.kind in ("code", "codes") and not self.codes


class NotEncodable(ValueError):  # noqa: N818
    """Raised when a constant cannot be a value of its attribute; `mend` is the way out."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


_LIST = (
    # Filing, priority. Source of the list: SNE interfaceNuu v02.01 and CCH R.441-2-2.
    Attribute("created_on", "number", "dateCreationDemande", "date"),
    Attribute("seniority_months", "number", "derived: full months from created_on to the day", "month"),
    Attribute("long_delay", "flag", "informationTraitement/estDelaiAnormalementLong"),
    Attribute("dalo", "flag", "derived: recognised by the commission de médiation, not lost since"),
    Attribute("dalo_status", "code", "../informationDalo/statutDalo", codes=DALO_STATUS),
    Attribute("pdalhpd", "flag", "labelled by the réservataire, absent from a live SNE demand"),
    Attribute("accord_collectif", "flag", "labelled by the réservataire, absent from a live SNE demand"),
    Attribute("request_kind", "code", "derived: mutation when modeleLogement has HLM", codes=REQUEST_KINDS),
    # Present housing and motives.
    Attribute("housing_modes", "codes", "logementActuel/listeModeleLogement", codes=HOUSING_MODES),
    Attribute("housed_since", "number", "logementActuel/compResHotDepuis and the like", "date"),
    Attribute("occupants", "number", "logementActuel/nombreHabitant", "person"),
    Attribute("rooms", "number", "logementActuel/typeLogementActuel", "room"),
    Attribute("surface", "number", "logementActuel/surface", "m²"),
    Attribute("persons_per_room", "number", "derived: occupants / rooms", "person/room"),
    Attribute("m2_per_person", "number", "derived: surface / occupants", "m²/person"),
    Attribute("rent", "number", "logementActuel/montantMensuelLoyer", "EUR/month"),
    Attribute("apl", "number", "logementActuel/montantMensuelAPL", "EUR/month"),
    Attribute("owner", "flag", "logementActuel/proprietaire"),
    Attribute("motives", "codes", "principauxMotifDemande/motifDemande", codes=MOTIVES),
    # Household.
    Attribute("adults", "number", "derived: 1 + listeCotitulaire", "person"),
    Attribute("cotenants", "number", "listeCotitulaire/cotitulaire", "person"),
    Attribute("family_status", "code", "demandeur/situationFamiliale", codes=FAMILY_STATUS),
    Attribute("children", "number", "listePersonneACharge, lienParente E", "person"),
    Attribute("other_dependants", "number", "listePersonneACharge, lienParente P or A", "person"),
    Attribute("unborn", "number", "personneANaitre/nombre", "person"),
    Attribute("custody_alternate", "number", "listePersonneEnGarde, coParentalite G", "person"),
    Attribute("custody_visit", "number", "listePersonneEnGarde, coParentalite D", "person"),
    Attribute("single_parent", "flag", "derived: no cotenant, status C, D, S or V, and a child"),
    Attribute("age", "number", "demandeur/dateNaissance", "year"),
    # Work and place.
    Attribute("work_status", "code", "situationProfessionnelle/typeContratTravail", codes=WORK_STATUS),
    Attribute("works_in_epci", "flag", "situationProfessionnelle/commune, in the EPCI"),
    Attribute("lives_in_epci", "flag", "adresseLogement or adressePostale, in the EPCI"),
    Attribute("essential_worker", "flag", "situationProfessionnelle/profession, verified by hand"),
    Attribute("qpv_residence", "flag", "geocoded address, absent from the SNE"),
    # Resources.
    Attribute("monthly_received", "number", "listeRessourceRecue", "EUR/month"),
    Attribute("monthly_paid", "number", "listeRessourceVersee", "EUR/month"),
    Attribute("rfr", "number", "revenuFiscal", "EUR/year"),
    Attribute("effort_rate", "number", "derived: (rent - apl) / (received - paid)", "ratio"),
    Attribute("residual_income", "number", "derived: (received - paid - rent + apl) / UC", "EUR/month/UC"),
    Attribute("income_quartile", "number", "derived: income per UC against the EPCI threshold", "1 to 4"),
    # Need of an adapted dwelling: a need, never a diagnosis.
    Attribute("disability", "flag", "listeHandicap/handicap declared; cotation only"),
    Attribute("mobility", "flag", "listeHandicap: walking limited or equipment needed"),
    # Wishes.
    Attribute("wished_types", "codes", "logementRecherche/listeTypeLogement", codes=DWELLING_TYPES),
    Attribute("communes", "codes", "logementRecherche/listeLocalisationSouhaite, INSEE"),
    Attribute("max_rent", "number", "logementRecherche/montantLoyer", "EUR/month"),
    Attribute("wide", "flag", "logementRecherche/demandeElargie"),
    # Entered by hand, or kept by the state of the simulation.
    Attribute("right_to_rehousing", "flag", "motive 02 (demolition), else entered by hand"),
    Attribute("unjustified_refusals_24m", "number", "refusals of adapted offers in 24 months", "refusal"),
    Attribute("violence_proven", "flag", "entered by hand"),
    Attribute("social_assessment", "flag", "entered by hand"),
    Attribute("false_statement", "flag", "entered by hand"),
    # The dwelling offered.
    Attribute("dwelling.type", "code", "dwelling offered", codes=DWELLING_TYPES),
    Attribute("dwelling.accessible", "flag", "dwelling offered"),
    Attribute("dwelling.qpv", "flag", "dwelling offered"),
    Attribute("dwelling.commune", "code", "dwelling offered, INSEE"),
    Attribute("dwelling.rent", "number", "dwelling offered", "EUR/month"),
)

ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({spec.name: spec for spec in _LIST})
"""The closed list, by name."""

FORBIDDEN_WORDS = frozenset(
    (
        *("name", "names", "race", "racial", "foreign", "immigration", "religious", "sexual", "sexuelle"),
        *("moeurs", "pregnancy", "grossesse", "photograph", "appearance", "apparence", "diagnostics"),
        *("disease", "medical", "pathology", "genetic", "genetique", "political", "politique", "sejour"),
    )
)
"""Words forbidden in a grid beside those forbidden in any file (code pénal 225-1)."""

FORBIDDEN_MESSAGE = "attribut interdit : motif de discrimination (code pénal, art. 225-1 ; loi 2008-496)"
FORBIDDEN_MEND = "retirer ce critère ; une grille ne lit que la liste fermée des attributs de la demande"


def forbidden(name: str) -> bool:
    """Tell whether a name holds a forbidden word, whatever its accents, case and separators."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return is_forbidden(name) or not FORBIDDEN_WORDS.isdisjoint(words)


def encode(attribute: Attribute, value: Any) -> int | float | str:
    """Return a constant of a grid, encoded as the facts are.

    A flag gives 0 or 1; a code its index; one or several codes a bit mask; a number itself; a date its days
    since 1970-01-01; communes their text.

    Raises
    ------
    NotEncodable
        when the value is not of the attribute's kind or not in its list of codes.
    """
    if attribute.kind == "flag":
        if not isinstance(value, bool):
            raise NotEncodable("true ou false est attendu")
        return int(value)
    if attribute.unit == "date":
        if not isinstance(value, date) or isinstance(value, datetime):
            raise NotEncodable("une date est attendue, écrite 2026-01-31 sans guillemets")
        return (value - EPOCH).days
    if attribute.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise NotEncodable("un nombre est attendu")
        return value
    if attribute.kind == "code":
        return value if attribute.open_list and isinstance(value, str) else _index(attribute, value)
    listed = list(value) if isinstance(value, list | tuple) else [value]
    if attribute.open_list:
        if not all(isinstance(code, str) for code in listed):
            raise NotEncodable("des codes entre guillemets sont attendus")
        return ";".join(listed)
    return sum(1 << index for index in {_index(attribute, code) for code in listed})


def missing_value(attribute: Attribute) -> Any:
    """Return the encoded value of an attribute that is missing."""
    if attribute.open_list:
        return ""
    return {"flag": np.int8(-1), "code": np.int8(-1), "codes": np.int64(-1), "number": np.nan}[attribute.kind]


def decoded(attribute: Attribute, value: Any) -> Any:
    """Return an encoded value as it is written in a grid; None where it is missing."""
    if attribute.open_list:
        codes = str(value).split(";") if value else None
        return codes if attribute.kind == "codes" or codes is None else codes[0]
    if attribute.kind == "number":
        if math.isnan(value):
            return None
        if attribute.unit == "date":
            return EPOCH + timedelta(days=int(value))
        return int(value) if float(value).is_integer() else float(value)
    if value < 0:
        return None
    if attribute.kind == "flag":
        return bool(value)
    if attribute.kind == "code":
        return attribute.codes[int(value)]
    return [code for place, code in enumerate(attribute.codes) if int(value) >> place & 1]


def _index(attribute: Attribute, value: Any) -> int:
    if not isinstance(value, str):
        raise NotEncodable("un code entre guillemets est attendu")
    if value not in attribute.codes:
        raise NotEncodable(f"code inconnu de {attribute.name}", nearest(value, attribute.codes))
    return attribute.codes.index(value)
