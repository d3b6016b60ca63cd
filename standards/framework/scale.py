"""The scale of an edition: its levels, which of them is the best, and their points."""

from dataclasses import dataclass

LEVELS = tuple(range(11))
"""The numbers a level can have. An edition uses those from its lowest to its highest."""
MOST_POINTS = 99_999


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels from the number `lowest` to `highest`. `falling` means that the lowest number is the best level.

    `points` are those of each level, from the lowest number up, and may be negative. If empty, the worst level has 0
    points and each better one has 1 more. Yes counts as the best level, no as the worst.
    """

    lowest: int = 0
    highest: int = 3
    falling: bool = False
    points: tuple[int, ...] = ()

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(range(self.lowest, self.highest + 1))

    @property
    def best(self) -> int:
        return self.lowest if self.falling else self.highest

    @property
    def worst(self) -> int:
        return self.highest if self.falling else self.lowest

    def rank(self, level: int) -> int:
        """Return the number of worse levels."""
        return self.highest - level if self.falling else level - self.lowest

    def reaches(self, level: int, wanted: int) -> bool:
        """Whether a level is `wanted` or better."""
        return self.rank(level) >= self.rank(wanted)

    def points_of(self, level: int, points: tuple[int, ...] = ()) -> int:
        """Return the points of a level. `points` is the own table of an indicator, which replaces that of the scale."""
        table = points or self.points
        return table[level - self.lowest] if table else self.rank(level)
