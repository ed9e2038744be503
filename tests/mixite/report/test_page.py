"""What the report says, in which order, and that it needs nothing but itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mixite.report import note, words, write_report
from mixite.report.page import page
from mixite.report.study import Study


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.titles: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> ferme autre chose"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)
        if self.open[-1:] == ["h2"]:
            self.titles.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture(scope="module")
def folder(study_of: Callable[..., Study], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("comparaison")
    write_report(study_of(pictured=True), out)
    return out


def test_report_is_one_file_without_script_or_outside_resource(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    found = Page(text)
    assert not found.open
    assert "script" not in {tag for tag, _ in found.tags}
    assert not re.search(r"@import|url\(", text)
    for _, attributes in found.tags:
        for name in ("src", "href"):
            value = attributes.get(name)
            assert value is None or value.startswith(("data:image/png;base64,", "#"))
        assert not any(name.startswith("on") for name in attributes)


def test_report_heads_with_the_synthetic_banner_then_keeps_the_order_of_the_contract(folder: Path) -> None:
    found = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert found.text.index(words.SYNTHETIC_BANNER) < found.text.index("Ce qui est comparé")
    assert found.titles == [
        "Ce qui est comparé",
        "Ce qui renverse la conclusion",
        "Note en huit lignes",
        "Résidualisation : quatre lectures",
        "Cotation seule, puis cotation et stratégie de peuplement : les écarts",
        "Les étapes",
        "Figures",
        "Obligations légales",
        "D'où vient la variation",
        "Ce que le modèle ne peut pas dire",
        "Hypothèses",
        "Méthode",
        "Fiche STRESS-DES",
    ]


def test_every_figure_is_embedded_with_an_alternative_text_and_the_banner(folder: Path) -> None:
    found = Page((folder / "report.html").read_text(encoding="utf-8"))
    images = [attributes for tag, attributes in found.tags if tag == "img"]
    assert len(images) == 10
    assert all(attributes["alt"] for attributes in images)
    assert found.text.count(words.SYNTHETIC_BANNER) >= 11  # the head and each caption


def test_tables_have_captions_and_headers_with_a_scope(folder: Path) -> None:
    tags = Page((folder / "report.html").read_text(encoding="utf-8")).tags
    count = [tag for tag, _ in tags].count
    assert count("caption") == count("table") > 5
    scopes = {attributes.get("scope") for tag, attributes in tags if tag == "th"}
    assert scopes == {"col", "row", "rowgroup"}


def test_report_and_note_hold_no_word_of_the_list(folder: Path) -> None:
    for name in ("report.html", "note.md", "stress-des.md", "stress-des.svg"):
        text = (folder / name).read_text(encoding="utf-8")
        assert not list(words.forbidden_words(re.sub(r"base64,[^\"]+", "", text)))


def test_a_name_that_looks_like_markup_is_escaped(study_of: Callable[..., Study]) -> None:
    text = page(study_of(name="<script>alert(1)</script>"), [])
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_note_has_eight_lines_per_1000_leases_and_one_sentence_of_limits(
    study_of: Callable[..., Study],
) -> None:
    study = study_of()
    lines = note.lines(study)
    assert len(lines) == 8
    assert all(line.text.startswith("Sur 1 000 baux") for line in lines)
    text = note.markdown(study)
    assert text.count("\n- ") == 8
    assert "Limites :" in text


def test_line_of_the_note_reads_after_instead_of_before(study_of: Callable[..., Study]) -> None:
    study = study_of()
    row = study.difference("leases_per_1000", "dalo", ("cotation_only", "cotation_peuplement"))
    assert row is not None
    line = note.lines(study)[0].text
    assert f"{row['mean_b']:.0f} au lieu de {row['mean_a']:.0f} sont signés" in line


def test_difference_whose_interval_holds_zero_is_not_distinguished(study_of: Callable[..., Study]) -> None:
    study = study_of()
    comparison = study.comparison.assign(distinguished=False)
    lines = note.lines(replace(study, comparison=comparison))
    assert {line.side for line in lines} == {note.FLAT}
    assert all("non distingué" in line.text for line in lines)


def test_sign_that_changes_with_the_grid_is_said(study_of: Callable[..., Study]) -> None:
    study = study_of()
    other = study.comparison.assign(difference=-study.comparison["difference"])
    text = page(replace(study, other_grids={"grids/autre.toml": other}), [])
    assert "dépend de la grille" in text.split("Les étapes")[0].split("les écarts")[1].split("<tbody>")[1]


def test_table_shows_half_width_replications_correlation_and_holm(study_of: Callable[..., Study]) -> None:
    study = study_of()
    row = study.headlines.iloc[0]
    assert (row["indicator"], row["group"]) == ("housed_12m", "dalo")
    table = page(study, []).split('id="ecarts"')[1].split("</table>")[0]
    for header in ("Demi-largeur", "Répliques", "Corrélation", f"Distingué {words.EVEN_COUNTED}"):
        assert f">{header.replace(chr(39), '&#x27;')}</th>" in table
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", table.split("<tbody>")[1])[:9]
    half = f"{(row['ci_high'] - row['ci_low']) / 2 * 100:.1f}".replace(".", ",")
    assert cells[4:7] == [f"±\u202f{half}", "10", f"{row['correlation']:.2f}".replace(".", ",")]
    assert cells[-1] == ("oui" if row["distinguished_holm"] else "non")


def test_headlines_that_stay_distinguished_once_counted_are_named(study_of: Callable[..., Study]) -> None:
    study = study_of()
    first = ["cotation_only", "cotation_peuplement"]
    ours = (study.headlines[["policy_a", "policy_b"]] == first).all(axis=1)
    alone = ours & study.headlines["indicator"].isin(["r1_share", "r2_share"])
    kept = ours & (study.headlines["indicator"] == "r1_share")
    chosen = study.headlines.assign(distinguished=alone, distinguished_holm=kept)
    family = int(study.headlines["p_holm"].notna().sum())
    assert family == 4 * len(study.headlines[ours])  # every step of the ladder
    text = note.markdown(replace(study, headlines=chosen))
    assert f"chacun lu seul : 2 sur {ours.sum()} ; {words.COUNTED} (règle de Holm, {family} écarts), " in text
    assert "1 le reste : Premier quartile et relogements hors QPV." in text
    none = study.headlines.assign(distinguished=alone, distinguished_holm=False)
    assert f"(règle de Holm, {family} écarts), aucun ne le reste." in note.markdown(
        replace(study, headlines=none)
    )
    nothing = study.headlines.assign(distinguished=False, distinguished_holm=False)
    assert f"chacun lu seul : 0 sur {ours.sum()}.\n" in note.markdown(replace(study, headlines=nothing))


def test_headline_that_depends_on_the_grid_is_not_said_to_stay(study_of: Callable[..., Study]) -> None:
    study = study_of()
    other = study.comparison.assign(difference=-study.comparison["difference"])
    text = note.markdown(replace(study, other_grids={"grids/autre.toml": other}))
    assert "chacun lu seul : 0 sur" in text


def test_study_target_raises_a_red_banner_and_every_target_its_publication(
    study_of: Callable[..., Study],
) -> None:
    text = page(study_of(study=True), [])
    assert 'class="banner study"' in text
    assert "CIA 2025, article 4" in text
    assert "max_points_forgone" in text
    assert 'class="banner study"' not in page(study_of(study=False), [])


def test_small_number_of_leases_gives_no_share(study_of: Callable[..., Study]) -> None:
    assert "effectif insuffisant" in page(study_of(), []).split("<h2>Obligations légales</h2>")[1]


@pytest.mark.parametrize(
    "policies", [("cotation_only",), ("cotation_only", "cotation_only"), ("seniority", "lottery")]
)
def test_any_choice_of_policies_gives_a_report(
    study_of: Callable[..., Study], policies: tuple[str, ...], tmp_path: Path
) -> None:
    write_report(study_of(policies=policies, replications=1), tmp_path)
    assert (tmp_path / "report.html").stat().st_size > 10_000
