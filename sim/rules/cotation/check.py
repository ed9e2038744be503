"""What is wrong in a grid beyond the types of its keys?

Reads the plain data of the TOML file, so that a fault of type in one criterion hides no other fault.
What is doubtful but allowed (a hole between bands, a family of L.441-1 absent) is left to the warnings of
`mixite grid check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sim.rules.cotation.attributes import (
    ATTRIBUTES,
    FORBIDDEN_MEND,
    FORBIDDEN_MESSAGE,
    Attribute,
    NotEncodable,
    encode,
    forbidden,
)
from sim.rules.cotation.check_points import accrual_faults, bands_faults, is_number, points_faults
from sim.territory.files.faults import Fault, nearest, shown

OPERATIONS = {
    "flag": ("eq", "ne"),
    "code": ("eq", "ne", "in"),
    "codes": ("contains", "any_in"),
    "number": ("eq", "ne", "gt", "ge", "lt", "le", "in"),
}
"""Operations that mean something for each kind of attribute."""

FORMS = ("points", "bands", "per_unit", "effect")
LIST_OPERATIONS = ("in", "any_in")
DEEPEST = 40
"""Deepest nesting of tables: further down nobody can explain the line to an applicant."""


def check(data: Mapping[str, Any], file: str) -> list[Fault]:
    """Return the faults of a grid read as plain data, all of them."""
    return [replace(fault, file=file) for fault in _faults(data)]


def too_deep(data: Mapping[str, Any]) -> bool:
    """Tell whether tables are nested beyond `DEEPEST` (dotted keys nest without end)."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        tables = (item.values() if isinstance(item, Mapping) else item for item in level)
        level = [inner for table in tables for inner in table if isinstance(inner, Mapping | list)]
    return bool(level)


def _faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _repeated(data, "groups")
    yield from _repeated(data, "criteria")
    if "scope" in data:
        yield from _condition(data["scope"], "scope")
    total = data.get("total")
    floor, cap = (total.get("floor"), total.get("cap")) if isinstance(total, Mapping) else (None, None)
    if is_number(floor) and is_number(cap) and floor > cap:
        yield Fault(
            "", f"le plancher dépasse le plafond ({shown(cap)})", column="total.floor", value=shown(floor)
        )
    for place, group in _tables(data, "groups"):
        if is_number(group.get("cap")) and group["cap"] < 0:
            yield Fault("", "un plafond de groupe est ≥ 0", column=f"{place}.cap", value=shown(group["cap"]))
    yield from _nested(data)
    groups = [str(group.get("id")) for _, group in _tables(data, "groups")]
    if data.get("criteria") == []:
        yield Fault("", "au moins un critère est attendu", column="criteria")
    for place, criterion in _tables(data, "criteria"):
        yield from _criterion(criterion, place, groups)
    for place, example in _tables(data, "examples"):
        yield from _example(example, place)


def _nested(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a group inside a group: the schema has one level, so that no group can hold itself."""
    above = {group.get("id"): group.get("group") for _, group in _tables(data, "groups")}
    for place, group in _tables(data, "groups"):
        if "group" not in group:
            continue
        chain = [group.get("id")]
        while isinstance(chain[-1], str) and above.get(chain[-1]) is not None and chain[-1] not in chain[:-1]:
            chain.append(above[chain[-1]])
        around = len(chain) > 1 and chain[-1] in chain[:-1]
        message = "cycle de groupes : " + " → ".join(map(str, chain)) if around else "groupe dans un groupe"
        mend = "retirer group : un groupe réunit des critères, jamais un autre groupe"
        yield Fault("", message, mend, column=f"{place}.group", value=shown(group["group"]))


def _criterion(criterion: Mapping[str, Any], place: str, groups: list[str]) -> Iterator[Fault]:
    forms = [form for form in FORMS if form in criterion]
    if len(forms) != 1:
        found = " et ".join(forms) if forms else "aucune"
        message = f"exactement une forme est attendue parmi {', '.join(FORMS)} ; trouvé : {found}"
        yield Fault("", message, "en faire un critère par forme", column=place, value=_named(criterion))
    for key in ("applies_to", "bands"):
        if criterion.get(key) == []:
            yield Fault("", "une liste non vide est attendue", column=f"{place}.{key}", value="[]")
    group = criterion.get("group")
    if isinstance(group, str) and group not in groups:
        mend = nearest(group, groups) if groups else "déclarer le groupe sous [[groups]]"
        yield Fault("", "groupe inconnu", mend, column=f"{place}.group", value=shown(group))
    if group is not None and "effect" in criterion:
        mend = "retirer group"
        yield Fault("", "un effet est hors de la somme, donc hors des groupes", mend, column=f"{place}.group")
    if "when" in criterion:
        yield from _condition(criterion["when"], f"{place}.when")
    yield from points_faults(criterion, f"{place}.points")
    yield from _measured(criterion, place)
    yield from bands_faults(criterion.get("bands"), f"{place}.bands")
    yield from accrual_faults(criterion.get("per_unit"), f"{place}.per_unit")


def _measured(criterion: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """Check the attribute that bands and accruals measure."""
    measures = "bands" in criterion or "per_unit" in criterion
    name = criterion.get("attr")
    if name is None:
        if measures:
            mend = 'ajouter attr = "seniority_months", ou un autre nombre'
            yield Fault("", "bands et per_unit mesurent un attribut", mend, column=f"{place}.attr")
        return
    if not measures:
        mend = "écrire la condition sous when = { attr, op, value }"
        yield Fault("", "attr ne sert qu'avec bands ou per_unit", mend, column=f"{place}.attr")
    if fault := _unknown(name, f"{place}.attr"):
        yield fault
    elif isinstance(name, str) and (ATTRIBUTES[name].kind != "number" or ATTRIBUTES[name].unit == "date"):
        numbers = [spec.name for spec in ATTRIBUTES.values() if spec.kind == "number" and spec.unit != "date"]
        message = "bands et per_unit mesurent un nombre, cet attribut n'en est pas un"
        yield Fault("", message, nearest(name, numbers), column=f"{place}.attr", value=shown(name))


def _condition(condition: Any, place: str) -> Iterator[Fault]:
    if not isinstance(condition, Mapping):
        return
    forms = [form for form in ("attr", "all", "any", "not") if form in condition]
    if len(forms) != 1:
        found = " et ".join(forms) if forms else "aucune"
        message = f"une condition est attr-op-value, ou all, ou any, ou not ; trouvé : {found}"
        yield Fault("", message, "emboîter les conditions avec all ou any", column=place)
    for form in ("all", "any"):
        inner = condition.get(form)
        if isinstance(inner, list):
            if not inner:
                yield Fault("", "au moins une condition est attendue", column=f"{place}.{form}")
            for position, item in enumerate(inner):
                yield from _condition(item, f"{place}.{form}[{position}]")
    if "not" in condition:
        yield from _condition(condition["not"], f"{place}.not")
    if "attr" in condition:
        yield from _comparison(condition, place)
    elif "op" in condition or "value" in condition:
        yield Fault("", "op et value vont avec attr", column=place)


def _comparison(condition: Mapping[str, Any], place: str) -> Iterator[Fault]:
    name, op = condition["attr"], condition.get("op")
    for key in ("op", "value"):
        if key not in condition:
            mend = 'écrire { attr = "…", op = "…", value = … }'
            yield Fault("", "clé absente, elle est requise", mend, column=f"{place}.{key}")
    if fault := _unknown(name, f"{place}.attr"):
        yield fault
        return
    attribute = ATTRIBUTES[name] if isinstance(name, str) else None
    if attribute is None or not isinstance(op, str) or "value" not in condition:
        return
    allowed = OPERATIONS[attribute.kind]
    if op not in allowed:
        message = f"opération sans objet pour {name}"
        yield Fault("", message, f"permises : {', '.join(allowed)}", column=f"{place}.op", value=shown(op))
        return
    yield from _value(attribute, op, condition["value"], f"{place}.value")


def _value(attribute: Attribute, op: str, value: Any, place: str) -> Iterator[Fault]:
    if op in LIST_OPERATIONS and not (isinstance(value, list) and value):
        yield Fault("", f"une liste non vide est attendue avec {op}", column=place, value=shown(value))
    elif op not in LIST_OPERATIONS and isinstance(value, list):
        many = [name for name in LIST_OPERATIONS if name in OPERATIONS[attribute.kind]]
        mend = f"écrire une seule valeur, ou op = « {many[0]} »" if many else "écrire une seule valeur"
        yield Fault("", f"une seule valeur est attendue avec {op}", mend, column=place, value=shown(value))
    else:
        for item in value if isinstance(value, list) else [value]:
            yield from _encodable(attribute, item, place)


def _example(example: Mapping[str, Any], place: str) -> Iterator[Fault]:
    flags = example.get("flags", [])
    if "expected" not in example and not (isinstance(flags, list) and "out_of_scope" in flags):
        mend = 'donner le total, ou flags = ["out_of_scope"]'
        yield Fault("", "clé absente, elle est requise", mend, column=f"{place}.expected")
    facts = example.get("facts")
    for name, value in facts.items() if isinstance(facts, Mapping) else ():
        here = f"{place}.facts.{name}"
        if fault := _unknown(name, here):
            yield fault
        else:
            yield from _encodable(ATTRIBUTES[name], value, here)


def _encodable(attribute: Attribute, value: Any, place: str) -> Iterator[Fault]:
    try:
        encode(attribute, value)
    except NotEncodable as error:
        yield Fault("", str(error), error.mend, column=place, value=shown(value))


def _unknown(name: Any, place: str) -> Fault | None:
    if not isinstance(name, str) or name in ATTRIBUTES:
        return None
    if forbidden(name):
        return Fault("", FORBIDDEN_MESSAGE, FORBIDDEN_MEND, column=place, value=shown(name))
    return Fault("", "attribut inconnu", nearest(name, list(ATTRIBUTES)), column=place, value=shown(name))


def _repeated(data: Mapping[str, Any], key: str) -> Iterator[Fault]:
    seen: Counter[str] = Counter()
    for place, table in _tables(data, key):
        name = table.get("id")
        if isinstance(name, str):
            seen[name] += 1
            if seen[name] > 1:
                yield Fault("", "identifiant déjà pris", column=f"{place}.id", value=shown(name))


def _tables(data: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    listed = data.get(key)
    if not isinstance(listed, list):
        return []
    return [(f"{key}[{place}]", item) for place, item in enumerate(listed) if isinstance(item, Mapping)]


def _named(criterion: Mapping[str, Any]) -> str:
    return shown(criterion.get("id", ""))
