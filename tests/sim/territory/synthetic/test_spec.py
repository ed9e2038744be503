"""Files of synthetic territories: every number sourced or assumed, every fault named in French."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.territory.files.faults import FaultsFound
from sim.territory.synthetic.sources import figures, page
from sim.territory.synthetic.spec import SyntheticTerritory, load_spec

HOUSE = Path(__file__).parents[4]
TERRITORIES = HOUSE / "scenarios" / "territories"

VALIDATION = {
    "STK_MEL_vac3": 0.45, "STK_HDF22_vac": 2.0, "STK_HDF22_mob": 8.5, "STK_CALL_mob": 9.88,
    "STK_CUA_mob": 10.96, "STK_CABS_mob": 9.8, "HAZ_FR_0_4": 14.0, "HAZ_FR_15": 6.0, "TEN_FR_15": 33.0,
    "TEN_FR22_lt2": 20.0, "ATT_HDF23_mut": 31.0, "DELAY_HDF_mut": 18.0, "DELAY_MEL20": 15.7,
    "LEC_HDF_2019": 15.0, "LEC_HDF_2020": 17.4, "LEC_HDF_2021": 17.0,
}  # fmt: skip
"""Figures compared after the fact (targets VT1 to VT8), which no fit may read."""

EPCI = ("mel", "valenciennes", "porte_du_hainaut", "cabbalr", "lens_lievin", "arras", "baie_de_somme")
SHIPPED = (*EPCI, "france")

UNVERIFIED = ("m_OPS", "m_LEC", "m_CAL", "m_relet", "m_resv", "m_finmix")


@pytest.fixture(scope="module")
def mel() -> SyntheticTerritory:
    return load_spec(TERRITORIES / "mel.toml")


@pytest.mark.parametrize("name", [*SHIPPED, "tutoriel"])
def test_every_number_has_a_source_or_an_assumption(name):
    for row in figures(load_spec(TERRITORIES / f"{name}.toml")):
        assert row.source, row
        assert row.label, row
        if row.origin == "hypothèse" and not row.key.startswith("stock"):
            assert row.low, row
            assert row.high, row


@pytest.mark.parametrize("name", SHIPPED)
def test_no_validation_figure_feeds_a_territory(name):
    for row in figures(load_spec(TERRITORIES / f"{name}.toml")):
        for figure in (*VALIDATION, *UNVERIFIED):
            assert figure not in row.source, row
        if row.origin == "chiffre publié" and " " not in row.value:
            for figure, value in VALIDATION.items():
                assert float(row.value) not in (value, round(value / 100, 6)), (figure, row)


def test_the_tutorial_holds_assumptions_only():
    assert {row.origin for row in figures(load_spec(TERRITORIES / "tutoriel.toml"))} == {"hypothèse"}


def test_published_stock_of_the_mel(mel):
    # 131,203 dwellings, 39.9 % in QPV, 20.0 % houses, 88 communes (RPLS, 1 January 2019).
    cells = mel.stock.cells
    total = sum(cell.dwellings for cell in cells)
    assert total == 131_203
    assert sum(c.dwellings for c in cells if c.in_qpv) / total == pytest.approx(0.399, abs=0.0005)
    assert sum(c.dwellings for c in cells if c.kind == "individuel") / total == pytest.approx(0.2, abs=0.0005)
    assert len(mel.stock.communes) == 88


def test_the_page_of_assumptions_is_up_to_date():
    path = HOUSE / "docs" / "hypotheses-territoire.md"
    expected = page([TERRITORIES / f"{name}.toml" for name in SHIPPED])
    assert path.read_text(encoding="utf-8") == expected, "régénérer la page avec sources.page(chemins)"


def test_the_page_tells_what_is_shared_once():
    # The base's table, one table a territory; a key stands in the base's and in those that replace it.
    sections = page([TERRITORIES / "mel.toml", TERRITORIES / "arras.toml"]).split("\n## ")[1:]
    assert [section.partition("\n")[0] for section in sections] == [
        "Commun (hauts_de_france.toml)",
        "Territoire de synthèse, marges publiées de la Métropole européenne de Lille (mel.toml)",
        "Territoire de synthèse, marges publiées de la CU d'Arras (arras.toml)",
    ]
    assert ["| demand.zero_income |" in section for section in sections] == [True, False, False]
    assert ["| demand.requests |" in section for section in sections] == [False, True, True]
    assert ["| residences.bailleurs |" in section for section in sections] == [True, True, False]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_territory_repeats_nothing_of_its_base(name):
    own = tomllib.loads((TERRITORIES / f"{name}.toml").read_text(encoding="utf-8"))
    base = tomllib.loads((TERRITORIES / own.pop("base")).read_text(encoding="utf-8"))
    said = dict(_numbers(own))
    assert not [place for place, number in _numbers(base) if said.get(place) == number]


def _numbers(table: dict, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in table.items():
        if isinstance(value, dict) and not {"value", "values"} & value.keys():
            yield from _numbers(value, (*place, key))
        else:
            yield (*place, key), value


def _tutorial_with(tmp_path: Path, old: str, new: str) -> Path:
    text = (TERRITORIES / "tutoriel.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "essai.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_margins_that_disagree_are_named(tmp_path):
    text = (TERRITORIES / "tutoriel.toml").read_text(encoding="utf-8")
    first = tomllib.loads(text)["stock"]["cells"][0]["dwellings"]
    path = _tutorial_with(tmp_path, f"dwellings = {first} }}", f"dwellings = {first + 1} }}")
    with pytest.raises(FaultsFound, match=r"marges en désaccord : T1 : \d+ par cases, \d+ par communes"):
        load_spec(path)


def test_a_table_of_the_wrong_shape_is_named(tmp_path):
    path = _tutorial_with(tmp_path, "values = [1.9, 0.6]", "values = [1.9]")
    with pytest.raises(FaultsFound, match=r"dwellings\.charges_eur_m2.*tableau 2 attendu, trouvé 1"):
        load_spec(path)


def test_missing_csv_margins_are_named(tmp_path):
    path = tmp_path / "mel.toml"
    for name in ("mel.toml", "hauts_de_france.toml"):
        shutil.copy(TERRITORIES / name, tmp_path)
    with pytest.raises(FaultsFound) as found:
        load_spec(path)
    assert [fault.column for fault in found.value.faults] == ["stock.cells", "stock.communes"]
    assert {fault.file for fault in found.value.faults} == {str(path)}


def test_a_fault_of_the_base_is_said_of_the_base(tmp_path):
    shutil.copytree(TERRITORIES / "arras", tmp_path / "arras")
    shutil.copy(TERRITORIES / "arras.toml", tmp_path)
    base = tmp_path / "hauts_de_france.toml"
    text = (TERRITORIES / base.name).read_text(encoding="utf-8")
    base.write_text(
        text.replace("rpms_share = { value = 0.1,", "rpms_share = { value = 0.5,"), encoding="utf-8"
    )
    with pytest.raises(FaultsFound) as found:
        load_spec(tmp_path / "arras.toml")
    (fault,) = found.value.faults
    assert (fault.file, fault.column) == (str(base), "residences.rpms_share")


def test_an_unknown_key_names_the_nearest(tmp_path):
    path = _tutorial_with(tmp_path, "\nrpms_share =", "\nrpms_shar =")
    with pytest.raises(FaultsFound, match="vouliez-vous dire « rpms_share »"):
        load_spec(path)


def test_a_share_out_of_range_is_named(tmp_path):
    path = _tutorial_with(
        tmp_path,
        "rpms_share = { value = 0.1, low = 0.0, high = 0.3",
        "rpms_share = { value = 1.1, low = 0.0, high = 2.0",
    )
    with pytest.raises(FaultsFound, match=r"residences\.rpms_share.*une part de 0 à 1 attendue"):
        load_spec(path)


def test_numbers_of_a_file_are_replaced_within_their_range(mel):
    path = TERRITORIES / "mel.toml"
    ages = [0.3, 0.3, 0.2, 0.1, 0.06, 0.04]
    spec = load_spec(path, {"placement.income_sorting": 0.5, "demand.profile.ages": ages})
    assert spec.placement.income_sorting.value == 0.5
    assert spec.placement.income_sorting.low == mel.placement.income_sorting.low
    assert spec.demand.profile.ages.array.tolist() == ages
    assert spec.occupants == mel.occupants
    with pytest.raises(FaultsFound, match="entre low et high"):
        load_spec(path, {"placement.income_sorting": 0.9})
    with pytest.raises(FaultsFound, match=r"placement.income_sortin : .*« placement.income_sorting »"):
        load_spec(path, {"placement.income_sortin": 0.4})
