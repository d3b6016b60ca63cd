"""What a sheet of a visit asks for: its criteria in every language, and how much of what is tried must meet each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.models import VisitSheet

Kind = VisitSheet.Kind
WITH_CRITERIA = (Kind.CONTACTS, Kind.LISTENING, Kind.FILES)
LONGEST_CRITERION = 300
MOST_CRITERIA = 20
MOST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: its key, which no translation changes, its text by language, the indicators it tells something of.

    `keys` are permanent keys of standards and indicators.
    """

    key: str
    texts: Mapping[str, str]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTemplate:
    """A kind of sheet. `asked` is how many rows are wanted, 0 for no number.

    Of the rows to which a criterion applies, `threshold` per cent must meet it; None asks for no share. `keys` are the
    standards and indicators of which the sheet as a whole tells something.
    """

    kind: str
    source_language: str
    criteria: tuple[Criterion, ...] = ()
    asked: int = 0
    threshold: int | None = None
    keys: tuple[str, ...] = ()

    @classmethod
    def read(cls, written: dict[str, Any]) -> "SheetTemplate":
        criteria = (Criterion(one["key"], one["texts"], tuple(one["keys"])) for one in written["criteria"])
        return cls(**{**written, "criteria": tuple(criteria), "keys": tuple(written["keys"])})

    def write(self) -> dict[str, Any]:
        """Return it as plain data, as a row of `VisitSheet` has it."""
        return asdict(self)

    def text_of(self, criterion: Criterion, *languages: str) -> tuple[str, str]:
        """Return the text of a criterion in the first of these languages that has one, else in any; and its language."""
        wanted = (*languages, self.source_language, *criterion.texts)
        language = next(code for code in wanted if code in criterion.texts)
        return criterion.texts[language], language

    def criterion(self, key: str) -> Criterion | None:
        return next((one for one in self.criteria if one.key == key), None)
