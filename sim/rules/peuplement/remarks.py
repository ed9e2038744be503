"""May a partner's remark on a residence be kept?

A remark says something of a building, a service or its management, in few characters. It never says anything
of those who live there: origin, religion, family situation, age, health, sex, or any person at all. The list
is wide on purpose, as for columns (territory/files/forbidden.py): a remark wrongly caught is written in other
words, one wrongly kept cannot be taken back. Words are compared without accents or case, with their endings.

Source: code pénal 225-1; loi 2008-496; tribunal correctionnel de Saint-Étienne, 3 February 2009.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.rules.peuplement import origins
from sim.rules.words import NEVER, plain

MOST_CHARACTERS = 200

PERSONS = {
    "origine ou nationalité": origins.words(),
    "religion ou opinion": (
        "religi*", "confession*", "culte*", "cultuel*", "musulman*", "islam*", "coran*", "chretien*",
        "catholi*", "protestant*", "evangeli*", "juif", "juifs", "juive*", "judai*", "israelite*", "hindou*",
        "bouddhi*", "sikh*", "mosquee*", "minaret*", "synagogue*", "eglise*", "imam*", "ramadan*", "halal",
        "casher", "voilee*", "niqab*", "burqa*", "hidjab*", "hijab*", "foulard*", "priere*", "communautaris*",
        "laicite", "syndicalis*", "militant*",
    ),
    "situation familiale": (
        "famil*", "monoparent*", "celibat*", "divorc*", "veuf*", "veuv*", "mari", "maris", "marie", "maries",
        "mariee*", "mariage*", "epou*", "couple*", "concubin*", "pacs*", "polygam*", "fratrie*", "parent*",
        "mere*", "pere", "peres", "enfan*", "bebe*", "ado", "ados", "adolescen*", "grossesse*", "orphelin*",
        "natalite",
    ),
    "âge": (
        "jeune", "jeunes", "jeunesse", "âge", "âges", "agee*", "vieillard*", "senior*",
        "retraite*", "octogenaire*", "gamin*",
    ),
    "santé ou handicap": (
        "malad*", "sante", "handicap*", "invalid*", "infirm*", "psych*", "schizo*",
        "bipolaire*", "depressi*", "demence*", "dement", "dements", "alcool*", "ivrogne*", "toxico*",
        "drogu*", "addict*", "patholog*", "medica*", "medecin*", "hospitalis*", "sida", "vih", "autis*",
        "alzheimer", "deficien*", "tuberculo*", "suicid*", "syndrome*", "diogene",
    ),
    "sexe ou orientation": (
        "sexe*", "sexu*", "femme*", "homme*", "fille*", "garcon*", "homosexu*", "lesbien*", "gay", "gays",
        "transgenre*", "transsexu*", "prostitu*", "dame", "dames",
    ),
    "personne": (
        "locatair*", "occupant*", "habitant*", "menage*", "voisin*", "resident", "residents", "residente*",
        "gens", "individu", "individus", "personne", "personnes", "population*", "public", "publics",
        "monsieur", "messieurs", "madame", "mesdames", "mademoiselle", "mme", "mmes", "mlle", "squat*",
        "dealer*", "deal", "delinqu*", "criminel*", "voyou*", "racaille*", "assiste", "assistes",
        "assistee*", "cas soc*", "cassos",
        "pauvre*", "chomeu*", "chomage", "allocatair*", "rsa", "beneficiair*", "marginal*",
        "marginaux", "payeur*", "sdf",
        "sans abri*", "incivil*", "nuisible*", "indesirable*", "banlieusard*", "detenu*", "prisonnier*",
        "incarcer*", "taulard*", "sortant* de prison", "repris de justice", "peuplement*", "peuple",
        "surpeupl*", "sous peupl*", "suroccup*", "surpopul*",
    ),
}  # fmt: skip
"""Ground of refusal -> words, or runs of words; `*` stands for any ending."""

LET_THROUGH = {
    "public": (
        ("equipement*", "service*", "espace*", "eclairage*", "transport*", "ecole*", "etablissement*",
         "voie*", "voirie*", "jardin*", "domaine*", "investissement*", "chantier*", "travaux", "lieu*"),
        ("public*",),
    ),
    "communauté de la loi": (
        ("communaute", "communautes"),
        ("urbaine*", "d'agglomeration", "de communes", "europeenne*"),
    ),
    "ce qui en relève": (
        ("conseil*", "bureau", "voirie*", "interet", "competence*", "equipement*", "service*", "reglement*"),
        ("communautaire*",),
    ),
    "détenu par": (
        ("logement*", "patrimoine", "parc", "immeuble*", "batiment*", "parcelle*", "terrain*", "foncier",
         "lot*", "local", "locaux", "garage*", "bien", "biens"),
        ("detenu* par", "detenu* en copropriete", "detenu* en indivision", "detenu* en pleine propriete"),
    ),
    "mots du bâtiment": (
        ("douche*", "cuisine*", "cour", "cours", "toiture*", "escalier*", "balcon*", "wc"),
        ("italienne*", "americaine*", "anglaise*", "a l'italienne", "a l'anglaise", "a l'americaine",
         "a la turque"),
    ),
    "adresses": (
        tuple(
            f"{way}{link}"
            for way in ("rue", "avenue", "av", "boulevard", "bd", "place", "square", "allee*", "impasse",
                        "chemin", "route", "quai", "cite", "residence", "passage", "villa", "pont", "porte",
                        "gare", "metro", "station", "esplanade")
            for link in (" de", " du", " des", " d", " de la", " de l")
        ),
        origins.places(),
    ),
}  # fmt: skip
"""What is of no person -> words, and those that follow them: the two together are let through."""

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?:\d[ .-]?){9,}")
_NAMED = re.compile(r"\b(?:M|MM)\.\s*\w+")
_SPELT = re.compile(r"\b(?:\w[ .\-_*]+){3,}\w\b")


@dataclass(frozen=True)
class Unfit:
    """Words of a remark that may not be kept, and on which ground."""

    words: str
    ground: str


def unfit(remark: str) -> tuple[Unfit, ...]:
    """Return everything in a remark that may not be kept, in the order of the grounds; none: it may."""
    simple = plain(remark)
    spelt = _SPELT.sub(lambda found: re.sub(r"[ .\-_*]", "", found.group(0)), simple)  # "r o m s"
    texts = dict.fromkeys((simple, spelt))
    found = [Unfit(one.group(0), "expression") for text in texts for one in _NEVER.finditer(text)]
    for text in texts:
        found += _persons(_words(text))
    named = (*_NAMED.finditer(remark), *_CONTACT.finditer(remark))
    found += [Unfit(one.group(0), "personne") for one in named]
    return tuple(dict.fromkeys(found))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text))


def _persons(text: str) -> Iterator[Unfit]:
    for pattern in _LET_THROUGH:
        text = pattern.sub("", text)
    for ground, pattern in _PERSONS.items():
        yield from (Unfit(one.group(0), ground) for one in pattern.finditer(text))


def _pattern(*runs: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of one word of each run, the runs one after the other."""
    each = (
        "|".join(_words(plain(word).replace("*", "0any0")).replace("0any0", "[a-z0-9]*") for word in words)
        for words in runs
    )
    return re.compile(rf"\b{' '.join(f'(?:{words})' for words in each)}\b")


_NEVER = re.compile("|".join(plain(pattern) for pattern in NEVER))
_PERSONS = {ground: _pattern(words) for ground, words in PERSONS.items()}
_LET_THROUGH = [_pattern(*runs) for runs in LET_THROUGH.values()]
