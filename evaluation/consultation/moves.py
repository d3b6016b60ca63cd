"""Prepare, open and extend a consultation."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from django.db import transaction

from evaluation.consultation.draft_text import read_draft
from evaluation.models import HOTLINE_ROLES, Consultation, ConsultationText, Hotline, Membership, Role, Step, User
from evaluation.models.consultation import the_edition_is_a_draft, the_last_day_is_to_come
from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.workflow import Act, Refusal, act_of, register_act
from standards.editions.page_loader import lock_against_release


@transaction.atomic
def prepare_consultation(
    consultation: Consultation, hotlines: Iterable[Hotline], assessors: Iterable[User], *, by: User
) -> Consultation:
    """Save the fields of a consultation that is not open yet, the code of its edition, and the invited users.

    Raises Refusal without the right, if it was opened or discarded, if nobody is invited, if its last day has passed,
    or if its edition is not a draft.
    """
    lock_against_release(consultation.page_id)  # which ends the consultations that it finds
    reasons, hotlines, assessors = [], list(hotlines), list(assessors)
    if not is_allowed("consultation.run", by):
        reasons.append(no_right("consultation.run", by))
    stored = Consultation.objects.select_for_update().filter(pk=consultation.pk).first()
    if consultation.pk and stored is None:
        reasons.append(Reason("consultation_is_gone"))
    elif stored and not stored.is_draft:
        reasons.append(wrong_state(stored, Consultation.State.DRAFT))
    if not (hotlines or assessors):
        reasons.append(Reason("nobody_invited"))
    reasons += the_last_day_is_to_come.reasons(consultation)
    reasons += (reason for _field, reason in find_planned_day_reasons(consultation))
    reasons += the_edition_is_a_draft.reasons(consultation)
    if reasons or consultation.page is None:
        raise Refusal("prepare", reasons)
    consultation.edition_code = consultation.page.code
    consultation.save()
    consultation.hotlines.set(hotlines)
    consultation.assessors.set(assessors)
    return consultation


def find_planned_day_reasons(consultation: Consultation) -> Iterator[tuple[str, Reason]]:
    """Yield the field and the reason of each day of a consultation that is outside its bounds.

    A last day that has passed is a reason of its own.
    """
    today, opens, closes = consultation.today, consultation.opens_on, consultation.closes_on
    for reason in find_day_reasons("consultation.opens_on", opens, today):
        yield "opens_on", reason
    if closes >= (begins := max(today, opens)):
        for reason in find_day_reasons("consultation.closes_on", closes, begins):
            yield "closes_on", reason


def _lock_planned(move: str, consultation: Consultation, _by: User | None) -> None:
    """Lock the page of the edition. Raises Refusal if the consultation was discarded, also by a release, since it was read."""
    lock_against_release(consultation.page_id)
    if not Consultation.objects.filter(pk=consultation.pk).exists():
        raise Refusal(move, [Reason("consultation_is_gone")])


@act_of(Consultation.kind, "open", lock=partial(_lock_planned, "open"))
def _copy_draft(consultation: Consultation, step: Step) -> None:
    """Store a copy of the current draft."""
    assert consultation.page is not None  # checked by a condition of the move
    ConsultationText.objects.create(
        consultation=consultation, content=read_draft(consultation.page).as_data(), copied_at=step.at
    )


@act_of(Consultation.kind, "discard", lock=partial(_lock_planned, "discard"))
def _delete(consultation: Consultation, _step: Step) -> None:
    """Delete the row of a consultation that has not opened; the step stays in the log."""
    consultation.delete()


def _check_last_day(
    consultation: Consultation,
    *,
    by: User | None,
    note: str,
    until: date,
    hotlines: Iterable[Hotline],
    assessors: Iterable[User],
) -> Iterator[Reason]:
    if until < consultation.today:
        yield Reason("consultation_is_over", day=until)
    else:
        yield from find_day_reasons("consultation.closes_on", until, consultation.today)


def _extend(
    consultation: Consultation,
    *,
    by: User | None,
    until: date,
    hotlines: Iterable[Hotline],
    assessors: Iterable[User],
) -> None:
    """Set the last day to `until`, today or later, and invite more hotlines and assessors. Nobody is uninvited."""
    consultation.closes_on = until
    consultation.hotlines.add(*hotlines)
    consultation.assessors.add(*assessors)


register_act(
    Consultation.kind,
    "extend",
    act=Act(check=_check_last_day, prepare=_extend, meets=("consultation_is_over",)),
)


def invited_people(consultation: Consultation) -> list[User]:
    """Return the users who may comment today: those of the invited hotlines, and the invited assessors."""
    today = Membership.objects.today()
    of_hotlines = today.filter(role__in=HOTLINE_ROLES, hotline__consultations=consultation)
    assessing = today.filter(role=Role.ASSESSOR, user__consultations=consultation)
    keys = {*of_hotlines.values_list("user", flat=True), *assessing.values_list("user", flat=True)}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))
