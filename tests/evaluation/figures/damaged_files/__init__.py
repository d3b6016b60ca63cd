"""Bad files for tests and benchmarks: a good one, damaged in a named way, or at random in any format."""

from tests.evaluation.figures.damaged_files.cells import CELLS, FILES, find_rows, read_cell, spoil, write_cell
from tests.evaluation.figures.damaged_files.damage import Damaged, damage
from tests.evaluation.figures.damaged_files.formats import FORMATS

__all__ = ["CELLS", "FILES", "FORMATS", "Damaged", "damage", "find_rows", "read_cell", "spoil", "write_cell"]
