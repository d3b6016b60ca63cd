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
    """Of the round that is scored as a whole."""
    many_indicators: int
    """Of the edition that is made larger."""
    many_answers: int
    """That are stored at last."""
    last_to_come: int
    """Hotlines whose file is accepted after the first release of a year."""
    records: int
    """Contacts in a file of records, about."""
    pause: float
    """Seconds between two reports of a worker."""
    is_full: bool = True

    def runs(self, times: int) -> int:
        """How often something is done that is usually done so many times."""
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
"""Of 30 hotlines and 124 indicators each: 11,160 answers are stored before anything is measured."""

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
