"""A validation problem of an edition: its message, its place, and the values that a translation needs."""

from collections.abc import Sequence
from typing import Self


class ValidationProblem(str):
    """The sentence in English; with the message and the values by which `standards.presentation.rule_sentences` says it in another language.

    `where` is the place: `scale`, `rule`, `procedure`, `obligation/CODE`, `outcome/CODE`, `domain/CODE`,
    `standard/CODE`, `indicator/CODE`, and for a condition `outcome/CODE/NUMBER` or `passing/NUMBER`, counted from 0.
    `name` is the entry there, if it is one.
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
    """Mark a message for the translators. The framework itself speaks English only."""
    return message


class MalformedEdition(ValueError):
    """The edition cannot be used. `problems` says where and how to mend it, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)
