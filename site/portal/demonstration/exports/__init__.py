"""Invented exports for the demonstration, the benchmarks and the tests: consistent, and deterministic by seed.

No number is any hotline's.
"""

from portal.demonstration.exports.hotline_exports import Exports, period
from portal.demonstration.exports.totals import WRITTEN_AFTER, generate, write

__all__ = ["WRITTEN_AFTER", "Exports", "generate", "period", "write"]
