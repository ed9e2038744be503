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

from sim.rules.words import NEVER, plain

MOST_CHARACTERS = 200

PERSONS = {
    "origine ou nationalité": (
        "nationalite*", "citoyennete*", "origin*", "ethni*", "race", "races", "racia*", "raciste*", "immigr*",
        "emigr*", "migrant*", "migratoire*", "refugie*", "exile", "exiles", "exilee*", "asile", "etranger*",
        "primo arrivant*", "clandestin*", "sans papier*", "titre* de sejour", "carte* de sejour", "metis*",
        "couleur* de peau", "patronym*", "les noirs", "des noirs", "de noirs", "aux noirs", "les blancs",
        "des blancs", "de blancs", "aux blancs", "diaspora*", "autochtone*", "allogene*",
        "maghreb*", "africain*", "afrique", "subsaharien*", "arab*", "berbere*", "kabyle*", "algeri*",
        "maroc*", "tunisi*", "turc", "turcs", "turque*", "turquie", "kurde*", "mali", "malien*", "senegal*",
        "congo*", "comor*", "guineen*", "guinee", "ivoirien*", "cote d'ivoire", "cameroun*", "nigeria*",
        "somali*", "soudan*", "erythre*", "ethiopi*", "egypt*", "libyen*", "syri*", "irak*", "iran*",
        "afghan*", "pakistan*", "bangla*", "indien*", "sri lank*", "tamoul*", "chin*is*", "chine",
        "vietnam*", "asiat*", "roumain*", "roumanie", "bulgar*", "albanais*", "albanie", "kosov*", "serbe*",
        "bosnia*", "tchetchen*", "georgien*", "armeni*", "ukrain*", "russe*", "russie", "polonais*",
        "pologne", "portug*", "italien*", "espagnol*", "antill*", "mahorais*", "mayotte", "haiti*",
        "rom", "roms", "rroms", "tsigane*", "tzigane*", "gitan*", "manouche*", "gens du voyage",
    ),
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
        "sans abri*", "incivil*", "nuisible*", "indesirable*",
    ),
}  # fmt: skip
"""Ground of refusal -> words, or runs of words; `*` stands for any ending."""

PUBLIC_THINGS = (
    *("equipement*", "service*", "espace*", "eclairage*", "transport*", "ecole*", "etablissement*"),
    *("voie*", "voirie*", "jardin*", "domaine*", "investissement*", "chantier*", "travaux", "lieu*"),
)
"""What may be said « public » in a remark."""

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
    text = _PUBLIC.sub("", text)
    for ground, pattern in _PERSONS.items():
        yield from (Unfit(one.group(0), ground) for one in pattern.finditer(text))


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    each = (_words(plain(word).replace("*", "0any0")).replace("0any0", "[a-z0-9]*") for word in words)
    return re.compile(rf"\b(?:{'|'.join(each)})\b")


_NEVER = re.compile("|".join(plain(pattern) for pattern in NEVER))
_PERSONS = {ground: _pattern(words) for ground, words in PERSONS.items()}
_PUBLIC = re.compile(rf"\b(?:{_pattern(PUBLIC_THINGS).pattern[5:-3]}) public[a-z]*\b")
