"""Invented exports for the demonstration, the bench and the tests: coherent, and the same for the same seed.

No number is any hotline's.
"""

from evaluation.crm.generating.exports import Exports, period
from evaluation.crm.generating.totals import WRITTEN_AFTER, generate, write

__all__ = ["WRITTEN_AFTER", "Exports", "generate", "period", "write"]
