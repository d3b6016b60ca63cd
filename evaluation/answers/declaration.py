"""The declaration of a submission: exceptions, indicators at the worst level, changes, and evidence that ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation.answers.carrying import CarriedAnswer, carry, given_answers
from evaluation.answers.changed_indicators import changes_since
from evaluation.answers.evidence.listing import ListedEvidence, find_lapsing
from evaluation.answers.submission import (
    ChangedAnswer,
    digest_of_answers,
    find_changes,
    read_submission,
    write_answers,
)
from evaluation.engine.scoring.evidence import write_number
from evaluation.models import Evaluation


@dataclass(frozen=True, slots=True)
class SinceLastRound:
    """The differences from the evaluation that this one renews."""

    round_name: str
    changes: tuple[ChangedAnswer, ...]
    """The changed ones of the answers that could be compared."""
    not_comparable: tuple[str, ...]
    """The indicators that are new, that ask something different now, or had no answer."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The content of a declaration at present. `answers` is the result of `write_answers`."""

    answers: Mapping[str, Any]
    exceptions: tuple[str, ...]
    """The indicators that do not apply."""
    worst: tuple[str, ...]
    """The indicators whose level is the worst of the scale."""
    lapsing: tuple[ListedEvidence, ...]
    """The evidence that ends before it is needed, or is not in force."""
    since_last: tuple[ChangedAnswer, ...] | None
    """The changes since the previous submission; None for the first submission."""
    since_last_round: SinceLastRound | None

    @property
    def digest(self) -> str:
        """The digest of the answers. Detects a change between reading and signing."""
        return digest_of_answers(self.answers)


def find_declaration(evaluation: Evaluation) -> Declaration:
    """Return the declaration that a submission would make now. A constant number of queries."""
    answers = write_answers(evaluation)
    asked = {code: answers[code] for code in evaluation.asked if code in answers}
    last = evaluation.submissions.first()
    return Declaration(
        answers=answers,
        exceptions=tuple(code for code, answer in asked.items() if answer.get("not_applicable")),
        worst=tuple(code for code, answer in asked.items() if answer.get("level") == evaluation.framework.scale.worst),
        lapsing=tuple(find_lapsing(evaluation)),
        since_last=tuple(find_changes(read_submission(last), {"answers": asked | answers})) if last else None,
        since_last_round=_compare_with_last_round(evaluation, asked),
    )


def _compare_with_last_round(evaluation: Evaluation, asked: Mapping[str, Any]) -> SinceLastRound | None:
    """Compare with the answers that were carried over when this evaluation began. Evidence is not compared."""
    renewed = evaluation.renews
    if renewed is None:
        return None
    changes = changes_since(evaluation, renewed)
    given = given_answers([renewed.pk]).get(renewed.pk, {})
    offered = {code: carry(evaluation, code, changes, given) for code in asked}
    before = {code: _write_carried(one) for code, one in offered.items() if isinstance(one, CarriedAnswer)}
    return SinceLastRound(
        renewed.round.name,
        tuple(find_changes({"answers": before}, {"answers": _without_evidence(asked, before)})),
        tuple(code for code in asked if code not in before),
    )


def _write_carried(answer: CarriedAnswer) -> dict[str, Any]:
    given = {
        "level": answer.level,
        "value": None if answer.value is None else write_number(Fraction(answer.value)),
        "not_applicable": answer.not_applicable or None,
        "words": answer.words or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _without_evidence(answers: Mapping[str, Any], codes: Collection[str]) -> dict[str, Any]:
    return {code: {name: value for name, value in answers[code].items() if name != "evidence"} for code in codes}
