"""How is a file written so that a crash or a full disk never leaves half of it?

Every file goes to a temporary name beside its place, is flushed to disk, then renamed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for writing in bytes; the old content stays until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file  # type: ignore[misc]
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def remove_halves(folder: Path) -> None:
    """Remove what a process that was killed left of the files it was writing in a folder."""
    for kind in ("parquet", "csv", "json"):
        for half in folder.glob(f".*.{kind}.*"):
            half.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a UTF-8 text."""
    with replacing(path) as file:
        file.write(text.encode())


def write_json(data: Mapping[str, Any], path: Path) -> None:
    """Write a JSON document, keys in order, readable."""
    write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n", path)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a canonical CSV: UTF-8, comma, decimal point."""
    write_text(table.to_csv(index=False, lineterminator="\n"), path)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet; a quick compression does what dictionaries would, and nobody reads bounds."""
    kept = pa.Table.from_pandas(table, preserve_index=False)
    light: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "use_dictionary": False}
    with replacing(path) as file:
        pq.write_table(kept, file, write_statistics=False, **light)
