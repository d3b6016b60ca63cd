"""Write an edition in the format of the file's extension."""

from collections.abc import Callable, Mapping
from pathlib import Path

from standards.drafts.fields import EditionText
from standards.editions.files.document import write_document
from standards.editions.files.reading import read_files
from standards.editions.files.replacing import replace_files
from standards.editions.files.toml.writer import write_folder
from standards.editions.files.workbook.writer import write_workbook
from standards.framework import MalformedEdition

FORMATS: Mapping[str, tuple[Callable[[EditionText], bytes], str]] = {
    "json": (lambda text: write_document(text).encode(), "application/json"),
    "xlsx": (write_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""The formats of a single file, by extension: the writer and the content type."""


def write_edition(text: EditionText, path: str | Path) -> list[Path]:
    """Write a file, or a folder if the path has no extension of `FORMATS`. Return the written paths.

    Raises MalformedEdition, and writes nothing, if the edition cannot be written there.
    """
    path = Path(path)
    extension = path.suffix.lower().removeprefix(".")
    if path.is_dir() or extension not in FORMATS:
        if extension in ("toml", "xls", "ods", "csv"):
            known = " or ".join(f".{name}" for name in FORMATS)
            raise MalformedEdition([f"An edition is not written as .{extension}. Name a folder, or a file in {known}."])
        return write_folder(text, path)
    _require_room(path, text.code)
    written = FORMATS[extension][0](text)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_files({path: written})
    return [path]


def _require_room(path: Path, code: str) -> None:
    """Raise MalformedEdition if the file exists and is not this edition, as its content would be lost."""
    if not path.exists():
        return
    try:
        existing = read_files(path).text.code
    except MalformedEdition:
        existing = ""
    if existing != code:
        what = f"edition {existing}" if existing else "something else than an edition that can be read"
        raise MalformedEdition([f"The file {path} holds {what}. Name a new file, or that of {code}."])
