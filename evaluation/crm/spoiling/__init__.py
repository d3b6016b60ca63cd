"""Bad files for tests and the bench: a good one, damaged in one named way, or by chance in any format."""

from evaluation.crm.spoiling.cells import CELLS, FILES, find_rows, read_cell, spoil, write_cell
from evaluation.crm.spoiling.damage import Damaged, damage
from evaluation.crm.spoiling.formats import FORMATS

__all__ = ["CELLS", "FILES", "FORMATS", "Damaged", "damage", "find_rows", "read_cell", "spoil", "write_cell"]
