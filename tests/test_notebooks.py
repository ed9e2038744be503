"""The notebook runs, and is the same in its two forms."""

from __future__ import annotations

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

HOUSE = Path(__file__).parents[1]
SCRIPT = HOUSE / "notebooks" / "premiers_pas.py"
NOTEBOOK = SCRIPT.with_suffix(".ipynb")


def test_the_notebook_runs_and_explains_a_demand_not_presented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")]))
    notebook = jupytext.read(SCRIPT)
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    said = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "explique" in said
    assert "serait présentée sans la ligne" in said


def test_the_notebook_and_its_script_are_the_same() -> None:
    script, notebook = jupytext.read(SCRIPT), nbformat.read(NOTEBOOK, as_version=4)
    assert [(cell.cell_type, cell.source) for cell in script.cells] == [
        (cell.cell_type, cell.source) for cell in notebook.cells
    ], "jupytext --to ipynb --update notebooks/premiers_pas.py"


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    assert not [cell for cell in cells if cell.cell_type == "code" and cell.outputs]
