"""Runs `manage.py score` on an edition and a file of findings, and returns its output or refusal."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[2]
EDITIONS = ROOT / "tests" / "standards" / "editions"
GATE, SMALL, SAMPLE = EDITIONS / "essential_gate", EDITIONS / "small", ROOT / "fixtures" / "practical_guide" / "2026"
"""`SMALL` has 1.1.1 and 1.1.2 from statistics, the latter only shown; 1.2.1 yes or no; 2.1.1 which may not apply."""


class Folder:
    """A folder for findings and figures, written as text or as JSON data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: Any, name: str = "findings.json") -> Path:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path


def run(edition: Path, findings: Path, *options: str) -> tuple[list[str], list[str]]:
    """Return the printed lines, and the notes on stderr."""
    out, err = StringIO(), StringIO()
    call_command("score", str(edition), str(findings), *options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def refusal(edition: Path, findings: Path, *options: str) -> str:
    """Return the error message; nothing else may be printed."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("score", str(edition), str(findings), *options, stdout=out, stderr=out)
    assert (caught.value.returncode, out.getvalue()) == (2, "")
    return str(caught.value)
