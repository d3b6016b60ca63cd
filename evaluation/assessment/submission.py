"""The submission of a self-assessment: its figures are pinned, and its answers are copied into a frozen row.

The copy is made inside the transaction of the move, which has locked the evaluation: a save that came first is in it, and
one that comes later is refused, as the self-assessment is closed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from evaluation.assessment.pinned_figures import pin_live_figures
from evaluation.models import Answer, Evaluation, Evidence, PinnedFigures, Step, Submission
from evaluation.scoring.evidence import write_number
from evaluation.workflow import act_of
from standards.framework import canonical, digest

FORMAT, VERSION = "116000-submission", 1


@act_of(Evaluation.kind, "submit")
def keep_submission(evaluation: Evaluation, step: Step) -> None:
    """Pin the figures that count at this step, and copy the answers."""
    figures = pin_live_figures(evaluation, step)
    number = evaluation.submissions.count() + 1
    payload = canonical(write_submission(evaluation, figures, number))
    Submission.objects.create(
        evaluation=evaluation, step=step, number=number, at=step.at, payload=payload, sha256=digest(payload)
    )


def write_submission(evaluation: Evaluation, figures: PinnedFigures, number: int) -> dict[str, Any]:
    """Return what is submitted as plain data: no names of people, and of documents their digests beside their names."""
    evidence: dict[str, list[dict[str, str]]] = {}
    for link in evaluation.evidence.select_related("document").order_by("code", "added_at", "pk"):
        evidence.setdefault(link.code, []).append(_write_evidence(link))
    answers = evaluation.answers.order_by("code")
    edition = evaluation.round.edition
    return {
        "format": FORMAT,
        "version": VERSION,
        "number": number,
        "evaluation": str(evaluation.uid),
        "hotline": evaluation.hotline.code,
        "round": evaluation.round.name,
        "edition": {"code": edition.code, "sha256": edition.sha256},
        "traits": list(evaluation.traits or ()),
        "asked": list(evaluation.asked),
        "answers": {answer.code: _write_answer(answer, evidence.get(answer.code, [])) for answer in answers},
        "figures": {"totals": figures.totals, "partial": figures.partial, "files": _digests(figures)},
    }


def _write_answer(answer: Answer, evidence: list[dict[str, str]]) -> dict[str, Any]:
    """Return an answer with the version that was saved; a value is exact, as a text."""
    given = {
        "level": answer.level,
        "value": None if answer.value is None else write_number(Fraction(answer.value)),
        "not_applicable": answer.not_applicable or None,
        "words": answer.words or None,
        "evidence": evidence or None,
    }
    return {"version": answer.version, **{name: value for name, value in given.items() if value is not None}}


def _write_evidence(link: Evidence) -> dict[str, str]:
    if link.document is None:
        return {"address": link.address}
    return {"name": link.document.name, "sha256": link.document.digest}


def _digests(figures: PinnedFigures) -> list[str]:
    return [file["sha256"] for file in figures.files]


# --- Reading a copy, and what changed since the one before ------------------------------------------------------------


def read_submission(submission: Submission) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(submission.payload)
    return data


def is_intact(submission: Submission) -> bool:
    """Whether the copy has the digest that was kept with it."""
    return digest(submission.payload) == submission.sha256


class Changed(StrEnum):
    """What of an answer is otherwise than in the submission before."""

    LEVEL = "level"
    WORDS = "words"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer that is otherwise than in the submission before. Both sides are as in the copy; empty if not there."""

    code: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]
    what: tuple[Changed, ...]


_PARTS = {
    Changed.LEVEL: ("level", "value", "not_applicable"),
    Changed.WORDS: ("words",),
    Changed.EVIDENCE: ("evidence",),
}


def find_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[ChangedAnswer]:
    """Yield the answers that differ between two copies, in the order of the second; then those only in the first."""
    earlier, later = before["answers"], now["answers"]
    for code in (*later, *(code for code in earlier if code not in later)):
        one, other = earlier.get(code, {}), later.get(code, {})
        what = tuple(
            changed for changed, names in _PARTS.items() if any(one.get(name) != other.get(name) for name in names)
        )
        if what:
            yield ChangedAnswer(code, one, other, what)
