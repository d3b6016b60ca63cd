"""Earlier invented rounds and what became of their outcomes: one ends soon, one is suspended, one over, one corrected."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from evaluation import appealing, correcting
from evaluation.accrediting import publish
from evaluation.deciding import Verdict
from evaluation.models import Accreditation, Evaluation, Round, User
from evaluation.rounds import open_round
from evaluation.workflow import move
from portal.dates import keep_dates
from portal.post import tell_of_step
from portal.standing_letters import tell_of_accreditation, tell_of_appeal, tell_of_correction
from reports.printing import make_issue
from standards.models import Edition

ROUNDS = (("Demonstration round 2023", 40, ("XP", "XL")), ("Demonstration round 2025", 18, ("XM", "XU")))
"""Name, how many months ago it opened, and its hotlines."""
DECIDED = {"XP": 37, "XL": 30, "XM": 14, "XU": 5}
"""How many months ago the panel decided about each."""


@contextmanager
def on_the_day(day: date) -> Iterator[None]:
    """Let everything inside happen at noon of an earlier day: the invented past needs its dates, and so do its steps."""
    real = timezone.now
    timezone.now = lambda: datetime.combine(day, time(12), UTC)
    try:
        yield
    finally:
        timezone.now = real


def months_ago(months: int) -> date:
    return timezone.localdate() - relativedelta(months=months)


def lead_earlier_rounds(
    edition: Edition, *, mce: User, join: Callable[[str], object], lead: Callable[[Evaluation, int], None]
) -> dict[str, Evaluation]:
    """Lead the earlier rounds to their published outcomes; `join` makes a hotline, `lead` leads it to its outcome."""
    evaluations = {}
    for name, opened, countries in ROUNDS:
        opens_on = months_ago(opened)
        year = opens_on.year - 1
        with on_the_day(opens_on), transaction.atomic():
            round_ = Round.objects.create(
                name=name,
                edition=edition,
                opens_on=opens_on,
                answers_until=opens_on + timedelta(days=60),
                figures_from=date(year, 1, 1),
                figures_until=date(year, 12, 31),
            )
            opened_now = open_round(round_, [join(country) for country in countries], by=mce)
        for evaluation in opened_now:
            country = evaluation.hotline.country
            with on_the_day(months_ago(DECIDED[country])):
                lead(evaluation, year)
            evaluations[country] = Evaluation.objects.get(pk=evaluation.pk)
        move(round_, "close", by=mce)
    return evaluations


def print_and_publish(evaluation: Evaluation, mce: User) -> None:
    """Print the report on the newest decision, publish it, and write the letters, as the pages do."""
    make_issue(evaluation.decisions.latest(), "en")
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    with transaction.atomic():
        publish(evaluation, by=mce)
        tell_of_step("publish", evaluation, by=mce)


def follow_up_outcomes(evaluations: dict[str, Evaluation], *, mce: User, members: list[User]) -> None:
    """Make the mid-term check of one, suspend one, correct one; then keep the calendar, which ends one and reminds."""
    _do("check_midterm", evaluations["XL"], 11, mce, "Nine of twelve recommendations are closed. Three wait for money.")
    grounds = "The operator lost its funding in August, and nobody answers between midnight and six."
    _do("suspend", evaluations["XM"], 2, mce, grounds)
    _correct(evaluations["XU"], members, mce)
    keep_dates()


def _do(name: str, evaluation: Evaluation, ago: int, mce: User, note: str) -> None:
    accreditation = Accreditation.objects.get(decision__evaluation=evaluation)
    with on_the_day(months_ago(ago)), transaction.atomic():
        tell_of_accreditation(move(accreditation, name, by=mce, note=note), accreditation, by=mce)


def _correct(evaluation: Evaluation, members: list[User], mce: User) -> None:
    """The panel had read a number of the wrong year: two members put it right, and the report is printed anew."""
    best = evaluation.framework.rule.ladder[-1].code
    reasons = (
        "The answer rate that the decision speaks of was the one of the year before. In the year that counts it "
        "reaches what the Guide asks, and nothing else stood between the hotline and full accreditation."
    )
    proposer, second = members[:2]
    with on_the_day(months_ago(4)):
        today = timezone.localdate()
        correction = correcting.propose(evaluation, Verdict(best, reasons), by=proposer, on=today)
        correcting.confirm(
            correction, by=second, on=today, tell=lambda step: tell_of_correction(step, correction, by=second)
        )
        print_and_publish(evaluation, mce)


def contest(evaluation: Evaluation, *, coordinator: User, member: User) -> None:
    """The hotline contests its outcome, and one of the members who may hear it has voted."""
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    grounds = (
        "The decision says that we were alone on two nights. The rota of those nights, which we sent with our "
        "response, shows two people; the second one worked from the regional office and was never asked."
    )
    appeal = appealing.lodge(
        evaluation.decisions.latest(),
        grounds,
        by=coordinator,
        tell=lambda appeal, step: tell_of_appeal(step, appeal, by=coordinator),
    )
    appealing.declare(appeal, by=member)
    words = "The rota is there, with names. I would have accredited without conditions."
    appealing.vote(appeal, evaluation.framework.rule.ladder[-1].code, words, by=member)
