"""Send chosen answers back to the hotline, with a reason for each: only these can be changed until it submits again.

Indicators that were not asked at submission are not fixed: they can be answered if a changed answer or trait asks them.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Count

from evaluation.answers.deadline.timing import give_time_to_complete
from evaluation.models import Evaluation, Evidence, ReturnedAnswer, Step, User
from evaluation.models.evaluation import every_returned_answer_is_settled
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, perform, register_act
from standards.framework import Indicator

Reasons = Mapping[str, str]
"""The reasons by indicator code."""


def find_returnable(evaluation: Evaluation) -> dict[str, Indicator]:
    """Return the indicators whose answers can be sent back, by code: the asked ones that are not filled from figures.

    An indicator that is filled from figures can be sent back if it allows "not applicable".
    """
    return {
        code: indicator
        for code, indicator in evaluation.asked.items()
        if indicator.not_applicable or not indicator.from_figures
    }


def name_of_return_move(evaluation: Evaluation) -> str:
    """Return the name of the move that sends answers back in the current state."""
    return "reopen_answers" if evaluation.is_open else "send_back"


def send_answers_back(evaluation: Evaluation, returned: Reasons, *, by: User, note: str = "") -> Step:
    """Send answers back, or send back further ones. Raises Refusal.

    The note of the step contains `note` and every reason.
    """
    return perform(
        evaluation,
        name_of_return_move(evaluation),
        by=by,
        note=write_note(note, returned),
        returned=returned,
    )


def find_unsettled(evaluation: Evaluation) -> set[str]:
    """Return the codes of the answers that are sent back and not settled. No query if nothing is sent back."""
    return {code for reason in every_returned_answer_is_settled.reasons(evaluation) for code in reason.codes}


def find_returned_codes(evaluations: Iterable[Evaluation]) -> dict[int, list[str]]:
    """Return, by evaluation key, the codes that were sent back last: open now, or settled by the latest submission.

    In the order of the Guide. Evaluations that were never sent back, or only as a whole, are left out. One query.
    """
    known = {evaluation.pk: evaluation for evaluation in evaluations}
    sent = ReturnedAnswer.objects.filter(evaluation__in=list(known)).sent_back_last()
    rows = sent.annotate(submitted=Count("evaluation__submissions"))
    found: dict[int, set[str]] = {}
    for key, number, code, submitted in rows.values_list("evaluation", "number", "code", "submitted"):
        if number == submitted - (not known[key].is_open):
            found.setdefault(key, set()).add(code)
    return {key: [code for code in known[key].framework.indicators if code in codes] for key, codes in found.items()}


def write_note(note: str, returned: Reasons) -> str:
    """Return a note followed by one line per indicator with its reason."""
    return "\n".join(filter(None, [note.strip(), *(f"{code}: {reason.strip()}" for code, reason in returned.items())]))


def _check(evaluation: Evaluation, *, by: User | None, note: str, returned: Reasons | None = None) -> Iterator[Reason]:
    if returned is None:
        return
    if not all(reason.strip() for reason in returned.values()):
        raise ValueError("Each answer is sent back with a reason.")
    if not returned:
        yield Reason("nothing_sent_back")
    possible = find_returnable(evaluation)
    if others := tuple(code for code in returned if code not in possible):
        yield Reason("not_returnable", codes=others)


def _fix_others(evaluation: Evaluation, *, by: User | None, returned: Reasons | None = None) -> None:
    """Fix the asked answers that are not sent back, and give time. With `returned` None, every answer can be changed."""
    give_time_to_complete(evaluation, by=by)
    evaluation.fixed_codes = None if returned is None else [code for code in evaluation.asked if code not in returned]


def _unfix_returned(evaluation: Evaluation, *, by: User | None, returned: Reasons) -> None:
    give_time_to_complete(evaluation, by=by)
    evaluation.fixed_codes = [code for code in evaluation.fixed_codes or () if code not in returned]


def _note_reasons(evaluation: Evaluation, step: Step, *, returned: Reasons | None = None) -> None:
    """Create a frozen row for each answer that is sent back."""
    if not returned:
        return
    evidence: dict[str, list[Evidence]] = {}
    for link in evaluation.evidence.filter(code__in=list(returned)):
        evidence.setdefault(link.code, []).append(link)
    number = evaluation.submissions.count()
    answers = {answer.code: answer for answer in evaluation.answers.filter(code__in=list(returned))}
    ReturnedAnswer.objects.bulk_create(
        ReturnedAnswer(
            evaluation=evaluation,
            step=step,
            number=number,
            code=code,
            reason=reason.strip(),
            sha256=answers[code].content_digest(evidence.get(code, ())),
        )
        for code, reason in returned.items()
    )


register_act(Evaluation.kind, "send_back", act=Act(check=_check, prepare=_fix_others, run=_note_reasons))
register_act(Evaluation.kind, "reopen_answers", act=Act(check=_check, prepare=_unfix_returned, run=_note_reasons))
