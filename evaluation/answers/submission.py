"""The submission of a self-assessment: it is signed, its figures are pinned and its answers are copied to a frozen row.

The copy is made in the transaction of the move, which locks the evaluation: it contains every earlier save, and later
saves are refused because the self-assessment is closed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from evaluation.answers.deadline.coverage import find_coverage, read_coverage
from evaluation.answers.pinned_figures import pin_live_figures
from evaluation.engine.scoring.evidence import write_number
from evaluation.models import Answer, Evaluation, Evidence, PinnedFigures, Step, Submission, User
from evaluation.models.reasons import Reason, about
from evaluation.workflow import act_of
from standards.framework import canonical, digest

FORMAT, VERSION = "116000-submission", 3
"""Version 1 has no declaration, no hotline name, and neither the size nor the days of evidence.

Version 2 does not say why figures are missing.
"""


@dataclass(frozen=True, slots=True)
class SignedDeclaration:
    """A declaration to be signed: its exact text, and the language of the text.

    `read` is the digest of the answers that the user was shown with it. If empty, they are not compared.
    """

    text: str
    language: str
    read: str = ""
    without_figures: str = ""
    """Why it is submitted although figures are missing. Required if some are."""


def find_missing_figures(evaluation: Evaluation) -> Iterator[Reason]:
    """Yield the reason that indicators are filled from figures and have none, unless they do not apply."""
    return about("figures_missing", evaluation.framework, find_coverage(evaluation).without_figure)


def _check_signature(
    evaluation: Evaluation, *, by: User | None, note: str, signed: SignedDeclaration
) -> Iterator[Reason]:
    if not signed.text.strip():
        yield Reason("not_signed")
    elif signed.read and signed.read != digest_of_answers(write_answers(evaluation)):
        yield Reason("answers_changed")
    if not signed.without_figures.strip():
        yield from find_missing_figures(evaluation)


@act_of(Evaluation.kind, "submit", check=_check_signature, objections=find_missing_figures)
def store_submission(evaluation: Evaluation, step: Step, *, signed: SignedDeclaration) -> None:
    """Pin the figures that count at this step, and store a copy of the answers with the signed declaration."""
    figures = pin_live_figures(evaluation, step)
    number = evaluation.submissions.count() + 1
    copy = write_submission(evaluation, figures, number) | {"declaration": _write_declaration(signed, step)}
    if missing := read_coverage(copy, evaluation.framework).without_figure:
        codes = [indicator.code for indicator in missing]
        copy["without_figures"] = {"codes": codes, "reason": signed.without_figures.strip()}
    payload = canonical(copy)
    Submission.objects.create(
        evaluation=evaluation, step=step, number=number, at=step.at, payload=payload, sha256=digest(payload)
    )


def write_submission(evaluation: Evaluation, figures: PinnedFigures, number: int) -> dict[str, Any]:
    """Return the submitted content as plain data: without names of people; documents with their names and digests."""
    edition = evaluation.round.edition
    return {
        "format": FORMAT,
        "version": VERSION,
        "number": number,
        "evaluation": str(evaluation.uid),
        "hotline": evaluation.hotline.code,
        "hotline_name": evaluation.hotline.recorded_name,
        "round": evaluation.round.name,
        "edition": {"code": edition.code, "sha256": edition.sha256},
        "traits": list(evaluation.traits or ()),
        "asked": list(evaluation.asked),
        "answers": write_answers(evaluation),
        "figures": {"totals": figures.totals, "partial": figures.partial, "files": _digests(figures)},
    }


def write_answers(evaluation: Evaluation) -> dict[str, Any]:
    """Return the answers with their evidence as plain data, by indicator code. Two queries."""
    evidence: dict[str, list[dict[str, Any]]] = {}
    for link in evaluation.evidence.select_related("document").order_by("code", "added_at", "pk"):
        evidence.setdefault(link.code, []).append(_write_evidence(link))
    answers = evaluation.answers.order_by("code")
    return {answer.code: _write_answer(answer, evidence.get(answer.code, [])) for answer in answers}


def digest_of_answers(answers: Mapping[str, Any]) -> str:
    """Return the digest of the result of `write_answers`. It differs after any change to an answer."""
    return digest(canonical(answers))


def _write_declaration(signed: SignedDeclaration, step: Step) -> dict[str, str]:
    """Return the signed text, the time and the seal of the signer. The name is in the step and can be erased there."""
    return {
        "text": signed.text,
        "language": signed.language,
        "signed_at": step.at.isoformat(),
        "signed_by": step.by_seal,
    }


def _write_answer(answer: Answer, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the non-empty fields of an answer and its version. The value is an exact number in a string."""
    given = {
        "level": answer.level,
        "value": None if answer.value is None else write_number(Fraction(answer.value)),
        "not_applicable": answer.not_applicable or None,
        "words": answer.words or None,
        "evidence": evidence or None,
    }
    return {"version": answer.version, **{name: value for name, value in given.items() if value is not None}}


def _write_evidence(link: Evidence) -> dict[str, Any]:
    days = {"begins_on": link.begins_on, "ends_on": link.ends_on}
    written = {name: day.isoformat() for name, day in days.items() if day}
    if link.document is None:
        return {"address": link.address, **written}
    return {"name": link.document.name, "sha256": link.document.digest, "size": link.document.size, **written}


def _digests(figures: PinnedFigures) -> list[str]:
    return [file["sha256"] for file in figures.files]


# --- Reading a copy, and comparing it with the previous one -----------------------------------------------------------


def read_submission(submission: Submission) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(submission.payload)
    return data


def reason_without_figures(copy: Mapping[str, Any]) -> str:
    """Return why a copy was submitted although figures were missing; empty if none were, or before version 3."""
    reason: str = copy.get("without_figures", {}).get("reason", "")
    return reason


def is_intact(submission: Submission) -> bool:
    """Whether the copy matches its stored digest, and was signed by the user of its step."""
    if digest(submission.payload) != submission.sha256:
        return False
    declaration = read_submission(submission).get("declaration")
    return declaration is None or declaration["signed_by"] == submission.step.by_seal


class Changed(StrEnum):
    """The part of an answer that differs from the previous submission."""

    LEVEL = "level"
    WORDS = "words"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer that differs between two copies. `before` and `now` are as in the copies; empty if it is not in one."""

    code: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]
    what: tuple[Changed, ...]


def _pieces(answer: Mapping[str, Any]) -> list[Any]:
    """Return what identifies each piece of evidence of an answer: the address, or the name and the digest."""
    return [one.get("address") or (one["name"], one["sha256"]) for one in answer.get("evidence") or ()]


_PARTS: Mapping[Changed, Callable[[Mapping[str, Any]], Any]] = {
    Changed.LEVEL: lambda answer: [answer.get(name) for name in ("level", "value", "not_applicable")],
    Changed.WORDS: lambda answer: answer.get("words"),
    Changed.EVIDENCE: _pieces,
}


def find_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[ChangedAnswer]:
    """Yield the answers that differ between two copies: in the order of `now`, then those that only `before` has."""
    earlier, later = before["answers"], now["answers"]
    for code in (*later, *(code for code in earlier if code not in later)):
        one, other = earlier.get(code, {}), later.get(code, {})
        what = tuple(changed for changed, parts in _PARTS.items() if parts(one) != parts(other))
        if what:
            yield ChangedAnswer(code, one, other, what)
