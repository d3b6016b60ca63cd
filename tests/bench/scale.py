"""The amounts of data and repetitions of the benchmarks: in full, or a minimum for tests."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "fixtures" / "practical_guide" / "2026"


@dataclass(frozen=True, slots=True)
class Scale:
    guide: Path
    """The files of the edition."""
    hotlines: int
    rounds: int
    many_hotlines: int
    """The hotlines of the round that is scored as a whole."""
    many_indicators: int
    """The indicators of the enlarged edition."""
    many_answers: int
    """The answers that are stored in the end."""
    last_to_come: int
    """Hotlines whose file is accepted after the first release of a year."""
    records: int
    """The contacts in a file of records, approximately."""
    pause: float
    """Seconds between two reports of a worker."""
    is_full: bool = True

    def runs(self, times: int) -> int:
        """Return the number of repetitions of an operation that is usually repeated `times` times."""
        return times if self.is_full else 1


FULL = Scale(
    guide=GUIDE,
    hotlines=30,
    rounds=3,
    many_hotlines=1000,
    many_indicators=1000,
    many_answers=1_000_000,
    last_to_come=5,
    records=20_000,
    pause=3,
)
"""The full amounts: 30 hotlines with 124 indicators each, so 11,160 answers are stored before anything is measured."""

SMALL = Scale(
    guide=ROOT / "tests" / "standards" / "editions" / "small",
    hotlines=8,
    rounds=2,
    many_hotlines=10,
    many_indicators=100,
    many_answers=5_000,
    last_to_come=3,
    records=200,
    pause=0,
    is_full=False,
)
