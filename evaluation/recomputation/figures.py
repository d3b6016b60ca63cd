"""Read the totals of a file: an export of a case system, or JSON with a number for each item."""

from fractions import Fraction
from pathlib import Path

from evaluation.figures.dictionary.items import items
from evaluation.figures.formats.published.header import PART_MISSING
from evaluation.figures.intake.published_format import read_bytes as read_statistics
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.validation.consistency import cells_of, totals_of
from evaluation.recomputation.findings import read_exact
from evaluation.recomputation.strict_json import Unreadable, read_bytes, read_json


def read_figures(path: Path, *, max_bytes: int) -> dict[str, Fraction | None]:
    """Return the totals of a file by item; None if an item was not recorded, or not for the whole period.

    Raises Unreadable with every problem.
    """
    if path.suffix.lower() == ".json":
        return _read_items(path)
    reading = read_statistics(read_bytes(path), path.name, max_bytes=max_bytes)
    if reading.problems:
        raise Unreadable([f"{path.name}: {describe_problem(problem)}" for problem in reading.problems])
    if reading.header is not None and reading.header.completeness_note == PART_MISSING:
        return dict.fromkeys(items())
    totals = totals_of(cells_of(reading.rows))
    return {item: None if total is None else Fraction(total) for item, total in totals.items()}


def _read_items(path: Path) -> dict[str, Fraction | None]:
    data = read_json(path)
    if not isinstance(data, dict):
        raise Unreadable([f"{path.name}: Write an object: each item with its number, such as {{“A03”: 1200}}."])
    problems: list[str] = []
    found: dict[str, Fraction | None] = {}
    for item, value in data.items():
        if item not in items():
            problems.append(f"{path.name}, {item}: There is no such item in the data dictionary. Remove it.")
        elif value is None:
            found[item] = None
        else:
            found[item] = read_exact(
                value, lambda sentence, item=item: problems.append(f"{path.name}, {item}: {sentence}")
            )
    if problems:
        raise Unreadable(problems)
    return found
