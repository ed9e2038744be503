"""How is a self-contained page written: escaped text, accessible tables, embedded figures?"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

STYLE = """
:root { --ink: #1b1b1b; --soft: #5b5b5b; --line: #c9c9c9; --shade: #f4f5f7; --first: #005a8c; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; color: var(--ink); background: #fff;
  font: 1rem/1.55 "Marianne", "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .2rem;
  border-bottom: 2px solid var(--first); }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
p, li { max-width: 48rem; }
.lead { color: var(--soft); }
.opening { font-weight: 600; }
.banner { padding: .7rem 1rem; margin: .6rem 0; border-left: .4rem solid var(--first);
  background: #e8f1f7; font-weight: 600; }
.banner.study { border-color: #b00020; background: #fdecee; color: #7d0016; }
.note { border: 1px solid var(--line); background: var(--shade); padding: .3rem 1.2rem .8rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 1.6rem; }
.sides ul { padding-left: 1.1rem; margin: .3rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .3rem .45rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--shade); border-bottom: 2px solid var(--soft); }
tbody th { min-width: 11rem; }
td.number { text-align: right; }
th.number { text-align: right; }
tr.faint td, tr.faint th { color: var(--soft); }
tr.heading th { padding-top: .7rem; color: var(--first); border-bottom: 2px solid var(--first); }
figure { margin: 1.2rem 0; }
figure img { max-width: 100%; height: auto; border: 1px solid var(--line); }
figcaption { color: var(--soft); font-size: .9rem; max-width: 48rem; }
code { font-size: .85em; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); margin: .6rem 0; padding: .2rem 1rem; overflow-wrap: anywhere; }
summary { font-weight: 600; padding: .4rem 0; cursor: pointer; }
svg { max-width: 100%; height: auto; border: 1px solid var(--line); }
@media print {
  details::details-content { content-visibility: visible; block-size: auto; }
  html { font-size: 9pt; } body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow-x: visible; } table { font-size: 7.5pt; hyphens: auto; overflow-wrap: break-word; }
  th, td { padding: .2rem .3rem; line-height: 1.35; } tbody th { min-width: 10rem; }
  h2, h3, caption, tr.heading { break-after: avoid; }
  figure, tr { break-inside: avoid; } }
@page { size: A4; margin: 14mm; }
"""


def page(title: str, body: Iterable[str]) -> str:
    """Return a whole HTML document; `body` is already markup."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def section(title: str, *parts: str, anchor: str = "") -> str:
    """Return a section with its title; `parts` are already markup."""
    place = f' id="{escape(anchor)}"' if anchor else ""
    return f"<section{place}>\n<h2>{escape(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def subtitle(text: str) -> str:
    """Return a title inside a section."""
    return f"<h3>{escape(text)}</h3>"


def paragraph(text: str, kind: str = "") -> str:
    """Return an escaped paragraph."""
    return f"<p{_class(kind)}>{escape(text)}</p>"


def banner(text: str, kind: str = "") -> str:
    """Return a banner that no reader can miss."""
    return f'<p class="{escape(f"banner {kind}".strip())}" role="note">{escape(text)}</p>'


def bullets(lines: Iterable[str]) -> str:
    """Return an escaped list."""
    return "<ul>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in lines) + "\n</ul>"


def folded(title: str, parts: Iterable[str]) -> str:
    """Return a part that opens on its title; `parts` are already markup."""
    return f"<details>\n<summary>{escape(title)}</summary>\n" + "\n".join(parts) + "\n</details>"


def table(
    caption: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    faint: Sequence[int] = (),
    headings: Mapping[int, str] = MappingProxyType({}),
) -> str:
    """Return an accessible table: a caption, column headers, the first cell of a row as its header.

    Parameters
    ----------
    numbers : columns aligned on the right
    faint : rows shown in grey (a difference that is not distinguished)
    headings : row before which a heading stands, over the whole width, and its text
    """
    head = "".join(
        f'<th scope="col"{_class("number" if place in numbers else "")}>{escape(text)}</th>'
        for place, text in enumerate(headers)
    )
    lines = []
    for line, row in enumerate(rows):
        if line in headings:
            lines += ["</tbody>\n<tbody>"] if line else []
            lines.append(
                f'<tr class="heading"><th scope="rowgroup" colspan="{len(headers)}">'
                f"{escape(headings[line])}</th></tr>"
            )
        first, *others = row
        cells = f'<th scope="row">{escape(first)}</th>' + "".join(
            f"<td{_class('number' if place in numbers else '')}>{escape(text)}</td>"
            for place, text in enumerate(others, start=1)
        )
        lines.append(f"<tr{_class('faint' if line in faint else '')}>{cells}</tr>")
    return (
        f'<div class="scroll"><table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        "<tbody>\n" + "\n".join(lines) + "\n</tbody>\n</table></div>"
    )


def figure(png: bytes, alternative: str, caption: str) -> str:
    """Return an embedded figure with its alternative text and caption."""
    data = b64encode(png).decode("ascii")
    return (
        f'<figure>\n<img alt="{escape(alternative)}" src="data:image/png;base64,{data}">\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>"
    )


def _class(name: str) -> str:
    return f' class="{escape(name)}"' if name else ""
