"""The withdrawal of an accreditation for good: its proposal, the hotline's statement, and its confirmation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.models import Accreditation, Step, User, Withdrawal
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import clear_cached_ties
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, Refusal, act_of, find_reasons, perform, register_act


def draft_withdrawal(
    accreditation: Accreditation, *, ground: str, heard_until: date, takes_effect_on: date, by: User
) -> Withdrawal:
    """Return an unsaved withdrawal."""
    return Withdrawal(
        accreditation=accreditation,
        ground=ground.strip(),
        heard_until=heard_until,
        takes_effect_on=takes_effect_on,
        proposed_by=by,
    )


def find_proposal_reasons(withdrawal: Withdrawal, *, by: User) -> list[Reason]:
    """Return the reasons why a withdrawal cannot be proposed."""
    reasons = list(find_reasons(withdrawal, "propose", by))
    if withdrawal.accreditation.withdrawals.filter(state__in=Withdrawal.OPEN).exists():
        reasons.append(Reason("withdrawal_is_open"))
    return reasons


def propose(withdrawal: Withdrawal) -> Withdrawal:
    """Save a withdrawal and propose it. Raises Refusal."""
    by = withdrawal.proposed_by
    try:
        with transaction.atomic():
            Accreditation.objects.select_for_update().get(pk=withdrawal.accreditation_id)
            if reasons := find_proposal_reasons(withdrawal, by=by):
                raise Refusal("propose", reasons)
            withdrawal.save(force_insert=True)
            perform(withdrawal, "propose", by=by)
    except IntegrityError as twice:
        raise Refusal("propose", [Reason("withdrawal_is_open")]) from twice
    return withdrawal


def _lock_accreditation(withdrawal: Withdrawal, by: User | None) -> None:
    if by is not None:
        clear_cached_ties(by)
    Accreditation.objects.select_for_update().get(pk=withdrawal.accreditation_id)


def _ground_of(withdrawal: Withdrawal, _note: str) -> str:
    """Return the ground. The step seals it, so that a later change is detected."""
    return withdrawal.ground


register_act(Withdrawal.kind, "propose", act=Act(lock=_lock_accreditation, note=_ground_of))


# --- The hotline's statement -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OtherStatement:
    """Another user has saved the draft meanwhile: what it is now, and its version."""

    words: str
    version: int


@transaction.atomic
def save_statement(withdrawal: Withdrawal, words: str, *, version: int, by: User) -> OtherStatement | None:
    """Save the draft of the statement. Return what somebody else has saved since `version`, or None. Raises Refusal."""
    locked: Withdrawal = Withdrawal.objects.select_for_update().get(pk=withdrawal.pk)
    if not is_allowed("withdrawal.answer", by, locked):
        raise Refusal("answer", [no_right("withdrawal.answer", by, locked)])
    if not locked.is_proposed:
        raise Refusal("answer", find_reasons(locked, "answer", by))
    if locked.statement != words:
        if locked.version != version:
            return OtherStatement(locked.statement, locked.version)
        locked.statement, locked.version = words, version + 1
        locked.save(update_fields=["statement", "version"])
    withdrawal.refresh_from_db(fields=["statement", "version"])
    return None


def _statement_of(withdrawal: Withdrawal, _note: str) -> str:
    return withdrawal.statement


def _note_author(withdrawal: Withdrawal, *, by: User) -> None:
    withdrawal.stated_by, withdrawal.stated_at = by, timezone.now()


register_act(Withdrawal.kind, "answer", act=Act(note=_statement_of, prepare=_note_author))


# --- The second person -----------------------------------------------------------------------------------------------


def find_confirmation_reasons(withdrawal: Withdrawal, *, by: User) -> list[Reason]:
    """Return the reasons why a user cannot confirm a withdrawal."""
    reasons = list(find_reasons(withdrawal, "confirm", by))
    return reasons or list(_may_be_confirmed(withdrawal, by=by, note=""))


def _may_be_confirmed(withdrawal: Withdrawal, *, by: User | None, note: str) -> Iterator[Reason]:
    """Yield a reason unless the proposer still has the right: two people stand behind a withdrawal."""
    if not is_allowed("accreditation.run", withdrawal.proposed_by, withdrawal):
        yield Reason("proposer_has_no_right", names=(withdrawal.proposed_by.name,))


def _note_second_person(withdrawal: Withdrawal, *, by: User) -> None:
    withdrawal.confirmed_by = by


@act_of(
    Withdrawal.kind,
    "confirm",
    lock=_lock_accreditation,
    check=_may_be_confirmed,
    prepare=_note_second_person,
    note=_ground_of,
)
def _withdraw(withdrawal: Withdrawal, step: Step) -> None:
    """Withdraw the accreditation."""
    perform(withdrawal.accreditation, "withdraw", by=step.words.by, note=withdrawal.ground, caused_by=step)
