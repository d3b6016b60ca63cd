"""Events after an outcome: publication, midterm check, follow-up, suspension, correction, appeal; and the calendar."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from evaluation.models import Accreditation, Evaluation, Extent, Fulfilment, Recommendation, User, Visit
from evaluation.panel import appeals, corrections, fulfilments
from evaluation.panel.decisions import Demand, Verdict
from evaluation.visits.limits import propose_limit
from evaluation.visits.planning import propose_visit
from evaluation.workflow import perform
from portal.demonstration.clock import at, working_day
from portal.demonstration.story import Participants
from portal.reminders.calendar import keep_dates
from reports.pdf import start_printer
from reports.printing import begin_issue

EXTENTS = {"XV": Extent.SUMMARY, "XL": Extent.SUMMARY, "XM": Extent.OUTCOME}
"""What is public of the reports on some hotlines, by country. Of the others the whole report is."""
DAYS_BETWEEN = 21
"""Days between two runs of the calendar. After a longer gap it requires a confirmation."""
DAYS_TO_A_FOLLOW_UP = 40
"""Days from the planning of a follow-up visit to the day that is suggested for it."""


def print_and_publish(evaluation: Evaluation, moments: Iterable[datetime], mce: User) -> Iterator[datetime]:
    """Print the report on the newest decision at the first moment, and publish it with letters at the second.

    Of some hotlines the whole report is public, of others a summary or the outcome alone. The printing process works in
    between, while other stories continue.
    """
    printed, published = moments
    yield printed
    decision = evaluation.current_decision
    assert decision is not None  # only what was decided is published
    issue = begin_issue(decision, "en")
    start_printer()  # keeps a process with WeasyPrint loaded for the next report
    extent = EXTENTS.get(evaluation.hotline.country, Extent.WHOLE)
    if extent != Extent.OUTCOME:
        issue()
        issue = begin_issue(decision, "en", extent=extent)
        start_printer()
    yield published
    issue()
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    perform(evaluation, "publish", by=mce, extent=extent)


def keep_calendar(begins: date, until: date) -> Iterator[datetime]:
    """Run the calendar every few weeks, so that its events happen in their time."""
    day = begins
    while day < until:
        yield at(day, 6)
        keep_dates()
        day += timedelta(days=DAYS_BETWEEN)


def check_midterm(evaluation: Evaluation, decided: date, mce: User) -> Iterator[datetime]:
    yield at(decided + relativedelta(months=18), 15)
    closed = evaluation.recommendations.filter(state=Recommendation.State.CLOSED).count()
    words = f"{closed} of {evaluation.recommendations.count()} recommendations are closed. The others wait for money."
    _act(evaluation, "check_midterm", mce, words)


def follow_up(evaluation: Evaluation, day: date, team: Sequence[User], mce: User) -> Iterator[datetime]:
    """Plan a follow-up visit of an accredited hotline, and suggest its days and what it is about."""
    yield at(day, 10, 15)
    note = "Half of the accreditation is over in a few months. We would like to see what came of what is still open."
    perform(evaluation, "follow_up", by=mce, note=note)
    yield at(day, 15, 40)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    begins = working_day(day + timedelta(days=DAYS_TO_A_FOLLOW_UP))
    propose_visit(
        evaluation,
        lead=team[0],
        members=list(team[1:]),
        mode=Visit.Mode.REMOTE,
        only_codes=propose_limit(evaluation),
        starts_on=begins,
        ends_on=begins,
        by=mce,
    )


def suspend(evaluation: Evaluation, moment: datetime, mce: User) -> Iterator[datetime]:
    yield moment
    grounds = "The operator lost its funding in the summer, and nobody answers between midnight and six in the morning."
    _act(evaluation, "suspend", mce, grounds)


def _act(evaluation: Evaluation, name: str, mce: User, note: str) -> None:
    accreditation = Accreditation.objects.get(decision__evaluation=evaluation)
    perform(accreditation, name, by=mce, note=note)


def correct(evaluation: Evaluation, published: date, members: Sequence[User], mce: User) -> Iterator[datetime]:
    """Correct a decision that used a number of the wrong year, by two members, and print the report again."""
    yield at(published + timedelta(days=24), 10, 20)
    decision = evaluation.current_decision
    assert decision is not None  # it is published
    reasons = (
        f"{decision.reasons}\n\nCorrected: the answer rate that the decision spoke of was the one of the year before. "
        "The outcome and its conditions stay."
    )
    demands = tuple(Demand(one.text, one.due_on, one.code) for one in decision.requirements.all())
    proposer, second = members[:2]
    correction = corrections.propose(
        evaluation, Verdict(decision.outcome, reasons, demands), by=proposer, on=timezone.localdate()
    )
    yield at(published + timedelta(days=27), 14, 5)
    perform(correction, "confirm", by=second, on=timezone.localdate())
    moments = at(published + timedelta(days=28), 9, 30), at(published + timedelta(days=29), 11)
    yield from print_and_publish(evaluation, moments, mce)


CHECKED = (("send", 20), ("check", 31))
SENT = (("send", 40),)
EXTENDED = (("ask", 30), ("check_site", 38), ("extend", 45))
MET = (("send", 60), ("check", 75), ("meet", 86))
NOT_MET = (("send", 70), ("check_unmet", 90), ("fail", 99))
"""The ways of conditions: their acts, with the days since the decision."""
CHECKS = {
    "check": "The paper names who does what.",
    "check_unmet": "The paper is a draft, without a date.",
    "check_site": "The building is as far as they write.",
}
"""What each check found."""


def fulfil(
    evaluation: Evaluation, decided: date, ways: Sequence[tuple[tuple[str, int], ...]], cast: Participants
) -> Iterator[datetime]:
    """Let each condition of the decision go its way, in the order of the last days."""
    acts = sorted((days, number, act) for number, way in enumerate(ways) for act, days in way)
    for days, number, act in acts:
        yield at(working_day(decided + timedelta(days=days)), 10 + number, 25)
        found = list(Evaluation.objects.get(pk=evaluation.pk).conditions)
        if number >= len(found):
            continue
        with transaction.atomic():
            member = cast.members[number % 2]
            _act_on_condition(found[number], act, coordinator=cast.coordinator, mce=cast.mce, member=member)


def _act_on_condition(found: Fulfilment, act: str, *, coordinator: User, mce: User, member: User) -> None:
    country = found.evaluation.hotline.country.lower()
    if act == "send":
        address = f"https://{country}.example/conditions/{found.requirement.code.replace('.', '-') or 'board'}"
        words = "The paper, signed by the director, and the plan by which we work since."
        fulfilments.add_proof(found, by=coordinator, address=address, words=words)
        perform(found, "send", by=coordinator, note="It is in force, and the team was told.")
    elif act == "ask":
        words = "The room for it is in the new building, which is not ready."
        fulfilments.add_proof(found, by=coordinator, words=words)
        perform(found, "send", by=coordinator, note="We need time until the building opens.")
    elif act in CHECKS:
        words = CHECKS[act]
        perform(found, "record_check", by=mce, note=words, seems_met=act == "check")
    elif act == "extend":
        until, words = found.due_on + timedelta(days=60), "The new building opens in spring, as we saw on the visit."
        perform(found, "extend", by=member, note=words, until=until)
    else:
        words = "What was asked is there." if act == "meet" else "A draft does not bind anybody."
        perform(found, act, by=member, note=words)


def contest(evaluation: Evaluation, decided: date, *, coordinator: User, member: User) -> Iterator[datetime]:
    """Contest the outcome as the hotline, and vote as one of the members who may hear the appeal."""
    yield at(decided + timedelta(days=12), 16, 40)
    decision = evaluation.current_decision
    assert decision is not None  # only what was decided is contested
    about = decision.requirements.first()
    assert about is not None  # its outcome has conditions
    title = evaluation.round.edition.texts("en")[f"indicator/{about.code}/wording"] if about.code else ""
    grounds = (
        f"The decision rests on {about.code}, “{title}”. What it asks for was in force on both days of the visit: we sent "
        "the paper with our response, with its date and the names of those who work by it. The second assessor had it "
        "in her hands, and the report does not say so."
    )
    appeal = appeals.lodge(decision, grounds, by=coordinator)
    yield at(decided + timedelta(days=17), 11, 15)
    appeals.declare(appeal, by=member)
    words = f"The paper about {about.code} is there, with a date before the visit. I would have set no condition."
    appeals.vote(appeal, evaluation.framework.rule.ranked_outcomes[-1].code, words, by=member)
