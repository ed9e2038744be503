"""Which CSV files can be read all at once, without looking at each record?

Those without quotes, blank lines or records of another width: Arrow reads them in a tenth of the time. Any
other file is left to the reader that says what is wrong, and where (tables.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv


def read_plain(data: bytes, places: Mapping[str, int], width: int) -> dict[str, pa.ChunkedArray] | None:
    """Return columns of text of a plain CSV file by name, None where it must be read record by record.

    Parameters
    ----------
    data : the whole file, UTF-8, its header on the first line
    places : position of each column wanted
    width : number of columns of the header
    """
    lines = data.replace(b"\r\n", b"\n")
    if b'"' in lines or b"\r" in lines or not places or _longest(lines) > csv.field_size_limit():
        return None
    names = [str(place) for place in range(width)]
    wanted = [names[place] for place in places.values()]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(lines),
            arrow_csv.ReadOptions(column_names=names, skip_rows=1),
            arrow_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if not table.num_rows or pc.any(pc.equal(table.column(0), "")).as_py():  # a line may be blank
        return None
    return dict(zip(places, table.columns, strict=True))


def _longest(lines: bytes) -> int:
    """Return the length of the longest line, in bytes."""
    ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
    return int(np.diff(ends, prepend=-1, append=len(lines)).max())
