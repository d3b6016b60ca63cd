"""Invented exports for the demonstration, the bench and the tests: coherent, and the same for the same seed.

No number is any hotline's.
"""

from portal.demonstration.exports.hotline_exports import Exports, period
from portal.demonstration.exports.totals import WRITTEN_AFTER, generate, write

__all__ = ["WRITTEN_AFTER", "Exports", "generate", "period", "write"]
