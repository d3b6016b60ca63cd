"""A validation problem of an edition: its message, its place, and the parameters of its translation."""

from collections.abc import Sequence
from typing import Self


class ValidationProblem(str):
    """A problem as an English sentence, with its message and the parameters for its translation.

    `where` is the place: empty for the edition itself, `scale`, `rule`, `aggregation`, `procedure`, `groups`, or the
    kind and the code of a part, such as `indicator/1.1.1`. The kinds are obligation, trait, group, result, outcome,
    domain, standard and indicator. The place of a condition is `outcome/CODE/NUMBER` or `passing/NUMBER`, counted from
    0, with a second number for an alternative. `name` is the field, if any.
    """

    __slots__ = ("message", "name", "values", "where")
    message: str
    name: str
    values: dict[str, object]
    where: str

    def __new__(cls, message: str, where: str, name: str = "", /, **values: object) -> Self:
        problem = super().__new__(cls, message % values)
        problem.message, problem.where, problem.name, problem.values = message, where, name, values
        return problem


def gettext_noop(message: str) -> str:
    """Mark a message for translation, and return it. The framework itself has English messages only."""
    return message


class MalformedEdition(ValueError):
    """The edition cannot be used. Each of `problems` is a sentence with its place and how to fix it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)
