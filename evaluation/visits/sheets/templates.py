"""The template of a sheet: its criteria in every language, the number of rows, and the threshold of each criterion."""

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
    """A criterion: its key, which is the same in every language, and its text by language.

    `keys` are the permanent keys of the linked standards and indicators.
    """

    key: str
    texts: Mapping[str, str]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTemplate:
    """The template of a kind of sheet. `asked` is the number of rows asked for; 0 for none.

    `threshold` is the percentage of rows or files, among those to which a criterion applies, that must meet it, or
    None. `keys` are the permanent keys of the standards and indicators that are linked to the whole sheet.
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
        """Return the template as plain data for `VisitSheet.template`."""
        return asdict(self)

    def text_of(self, criterion: Criterion, *languages: str) -> tuple[str, str]:
        """Return the text of a criterion and its language: the first of `languages` with a text, else any other."""
        wanted = (*languages, self.source_language, *criterion.texts)
        language = next(code for code in wanted if code in criterion.texts)
        return criterion.texts[language], language

    def criterion(self, key: str) -> Criterion | None:
        return next((one for one in self.criteria if one.key == key), None)
