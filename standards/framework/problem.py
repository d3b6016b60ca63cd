"""A validation problem of an edition: its message, its place, and the parameters of its translation."""

from collections.abc import Sequence
from typing import Self


class ValidationProblem(str):
    """The sentence in English, and its message with parameters, which `rule_sentences` translates.

    `where` is the place: `scale`, `rule`, `procedure`, `obligation/CODE`, `trait/CODE`, `groups`, `group/CODE`, `result/CODE`, `outcome/CODE`,
    `domain/CODE`, `standard/CODE`, `indicator/CODE`, and for a condition `outcome/CODE/NUMBER` or `passing/NUMBER`, counted from 0.
    `name` is the field, if any.
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
    """Mark a message for translation. The framework itself uses English only."""
    return message


class MalformedEdition(ValueError):
    """The edition cannot be used. `problems` have their place and remedy, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)
