"""The conditions of a withdrawal of an accreditation for good, and of an appeal against it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evaluation.guards.decision_conditions import it_has_not_ended
from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Accreditation, Withdrawal

WORDS_OF_SUBSTANCE = 20
"""The minimum number of different words in a text of substance, such as the ground of a withdrawal."""


def words_of_substance(text: str) -> set[str]:
    """Return the different words of a text, case-folded. A single or a repeated letter is no word."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(set(word)) > 1}


@Condition
def its_accreditation_runs(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The accreditation is valid or suspended, and its last day has not passed."""
    accreditation = withdrawal.accreditation
    if not accreditation.is_running:
        yield Reason("accreditation_runs_no_more")
    else:
        yield from it_has_not_ended.reasons(accreditation)


@Condition
def its_ground_has_substance(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The ground has enough different words."""
    have = len(words_of_substance(withdrawal.ground))
    if have < WORDS_OF_SUBSTANCE:
        yield Reason("thin_ground", have=have, need=WORDS_OF_SUBSTANCE)


def first_day_heard_until(accreditation: "Accreditation") -> date:
    """Return the earliest last day to be heard: the hotline has as long as for its response to a draft."""
    return accreditation.today + timedelta(days=accreditation.decision.evaluation.framework.procedure.response_days)


@Condition
def its_days_leave_time_to_be_heard(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The hotline has time to be heard, and it takes effect after that and before the accreditation ends."""
    accreditation = withdrawal.accreditation
    first, last = first_day_heard_until(accreditation), accreditation.valid_until
    if first >= last:
        yield Reason("no_time_to_be_heard", day=last)
    elif not first <= withdrawal.heard_until < last:
        yield Reason("heard_outside", day=first, last=last - timedelta(days=1))
    elif not withdrawal.heard_until < withdrawal.takes_effect_on <= last:
        yield Reason("takes_effect_outside", day=withdrawal.heard_until + timedelta(days=1), last=last)


@Condition
def a_statement_is_written(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The hotline has written its statement."""
    if not withdrawal.statement.strip():
        yield Reason("no_statement")


@Condition
def its_day_has_come(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """The day has come on which it takes effect, after the last day to be heard."""
    if withdrawal.accreditation.today < withdrawal.takes_effect_on:
        yield Reason("time_to_be_heard", day=withdrawal.heard_until, last=withdrawal.takes_effect_on)
