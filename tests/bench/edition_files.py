"""Measures the files of an edition: writing and reading it in each format."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.floors import Floor
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

FORMATS = {"TOML folder": "edition", "JSON document": "edition.json", "XLSX workbook": "edition.xlsx"}


def measure_edition_files(ground: "Ground") -> None:
    """Measure both; the floor is the same entries as JSON by the standard library, without validation."""
    from standards.editions.files import read_edition
    from standards.editions.files.document import write_document
    from standards.editions.files.writing import write_edition

    text = read_edition(ground.scale.guide)
    plain = write_document(text)
    content = json.loads(plain)
    writing = Floor("json.dumps of the same entries", lambda: json.dumps(content, ensure_ascii=False, indent=2))
    reading = Floor("json.loads of the same entries", lambda: json.loads(plain))
    with TemporaryDirectory() as folder:
        for kind, name in FORMATS.items():
            path = Path(folder) / name
            for what, act, floor in (
                ("write", lambda path=path: write_edition(text, path), writing),
                ("read and check", lambda path=path: read_edition(path), reading),
            ):
                measure(f"{what} an edition, {kind}", act, times=ground.scale.runs(10), floor=floor)
