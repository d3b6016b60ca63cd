"""Builds the demonstration in one transaction: opens rounds and plays all stories in chronological order."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from evaluation.directory import load_directory
from evaluation.models import Evaluation, Hotline, Round, User
from evaluation.rounds.planning import open_planned_round, remind_late
from evaluation.workflow import perform
from portal.demonstration import figures, outcomes
from portal.demonstration.answers import Character
from portal.demonstration.calendar import DECIDED, PRINTED, PUBLISHED, Plan, plan_visits
from portal.demonstration.clock import ZONE, Story, Timeline, at, run_clock, working_day
from portal.demonstration.guide import editions
from portal.demonstration.guide.consultations import Consulted, consult
from portal.demonstration.guide.exchanges import exchange_visits
from portal.demonstration.guide.handbook import write_handbook
from portal.demonstration.guide.library import write_library
from portal.demonstration.hotlines import EARLIER, Line, State, chosen_lines
from portal.demonstration.people import EDITOR, LEAD, MCE, STAFF, address_of, create_hotline, create_person
from portal.demonstration.planning.assessors import describe_assessors
from portal.demonstration.story import EVIDENCE_CORRECTED_LATE, Participants, lead
from portal.demonstration.words import Words, facts_of
from portal.public.models import HomePage
from standards.models import Edition

DIRECTORY = Path("fixtures/hotlines.csv")
OPENED = 270
"""Days since this round opened."""
LATE = 9
"""Days since its deadline, which was moved once."""
GIVEN_MORE_TIME, DAYS_LEFT = "XA", 45
"""The hotline that was given more time, and the days that it still has."""
TIED_MEMBER = "nikos@panel.example"
"""The member who declares a stake; the last one to act in a divided panel."""


def is_built() -> bool:
    """Whether the demonstration exists; it is built as a whole or not at all."""
    return Hotline.objects.filter(is_invented=True).exists()


def build(*, only: Collection[str] | None = None, report_progress: Callable[[str], object] = print) -> Round:
    """Build the demonstration in one transaction, as of this morning: the same all day.

    `only` restricts it to some countries, for tests: then there are no earlier rounds, and one unpublished year of
    figures.
    """
    with transaction.atomic():
        return _Building(only=only, report_progress=report_progress).build()


ALL_MET = "XH", True
"""The hotline, of an earlier round, whose outcome became a better one when all its conditions were met."""
_WAYS_OF_CONDITIONS = {
    ALL_MET: (outcomes.MET, outcomes.MET, outcomes.MET),
    ("XY", True): (outcomes.MET, outcomes.NOT_MET, outcomes.MET),
    ("XY", False): (outcomes.CHECKED, outcomes.SENT, outcomes.EXTENDED),
}
"""The ways of the conditions of a decision, by country and whether the round is an earlier one."""


class _Building:
    """The shared state of building."""

    def __init__(self, *, only: Collection[str] | None, report_progress: Callable[[str], object]) -> None:
        self.only, self.is_small, self.report_progress = only, only is not None, report_progress
        self.today = timezone.localdate()
        self.opened = working_day(self.today - timedelta(days=OPENED))
        self.earlier = () if self.is_small else EARLIER
        self.words = Words()
        self.people: dict[str, User] = {}
        self.hotlines: dict[str, Hotline] = {}
        self.stories: list[Story] = []

    def build(self) -> Round:
        self.report_progress("Loading the directory of hotlines")
        load_directory(DIRECTORY)
        first = self.opened if self.is_small else working_day(self.today - relativedelta(months=EARLIER[0][0]))
        with run_clock(at(editions.day_of_release(editions.FORMER, first), 8)) as clock:
            self.clock, self.timeline = clock, Timeline(clock)
            self.report_progress("Loading the sample Practical Guide and releasing it")
            former = editions.release_former()
            clock.set(at(date(first.year, 1, 10), 8))
            _write_home()
            lines = {line.country: line for _ago, found in self.earlier for line in found}
            lines |= {line.country: line for line in chosen_lines(self.only)}
            self.people |= {person.address: create_person(person) for person in STAFF}
            describe_assessors(self.people, former.framework, self.today)
            for line in lines.values():
                self.hotlines[line.country] = create_hotline(line)
            self.mce = self.people[MCE]
            released = editions.day_of_release(editions.PRESENT, self.opened)
            self.stories.append(editions.release_present(released, editor=self.people[EDITOR]))
            self._plan_figures(lines, first.year - 1)
            self._plan_rounds()
            self._plan_consultations(lines)
            self.stories.append(write_handbook(self.today))
            self.stories.append(write_library(self.today, mce=self.mce))
            self.stories.append(exchange_visits(self.today))
            if not self.is_small:
                self.stories.append(outcomes.keep_calendar(first + timedelta(days=200), self.today))
            self.report_progress(f"Leading {len(lines)} invented hotlines through {len(self.earlier) + 1} rounds")
            self.timeline.begin(self.stories)
            self.timeline.play(until=datetime.combine(self.today, time(), ZONE))
        return Round.objects.latest("opens_on")

    def _who(self, line: Line) -> User:
        return User.objects.get(email=address_of(line.coordinator, line.country))

    def _plan_figures(self, lines: dict[str, Line], since: int) -> None:
        last = self.opened.year - 1  # the year that this round evaluates
        recent = range(max(since, last - (0 if self.is_small else 2)), last + 1)
        long_ago = {line.country for line in EARLIER[0][1]}
        for country, line in lines.items():
            years = range(since, last + 1) if country in long_ago and not self.is_small else recent
            hotline, coordinator = self.hotlines[country], self._who(line)
            self.stories.append(
                figures.send_figures(line, hotline, years, self.today, coordinator=coordinator, mce=self.mce)
            )
            if country == figures.HAS_A_CORRECTION:
                moment = at(self.today - timedelta(days=5), 10)
                self.stories.append(figures.send_correction(line, hotline, last, moment, coordinator=coordinator))
        if not self.is_small:
            self.stories.append(figures.make_public(range(since, last + 1), self.mce))

    def _plan_consultations(self, lines: dict[str, Line]) -> None:
        current = [line for line in chosen_lines(self.only) if line.country in lines]
        who = Consulted(
            hotlines={line.country: self.hotlines[line.country] for line in current},
            coordinators={line.country: self._who(line) for line in current},
            assessor=self.people[LEAD],
            editor=self.people[EDITOR],
            mce=self.mce,
        )
        self.stories.append(consult(self.clock, editions.PRESENT, who, self.today))

    # --- Rounds --------------------------------------------------------------------------------------------------

    def _plan_rounds(self) -> None:
        wanted = []
        for ago, lines in self.earlier:
            opened = working_day(self.today - relativedelta(months=ago))
            wanted += [(line, opened, opened + timedelta(days=line.visited)) for line in lines]
        now = [(line, self.opened, self.today - timedelta(days=line.visited)) for line in chosen_lines(self.only)]
        plans = plan_visits(wanted + now)
        for opened in sorted({plan.opened for plan in plans}):
            of_round = [plan for plan in plans if plan.opened == opened]
            self.stories.append(self._round(opened, sorted(of_round, key=lambda plan: plan.line.country)))

    def _round(self, opened: date, plans: list[Plan]) -> Iterator[datetime]:
        """Open a round, begin the stories of its hotlines, and apply its deadline or close it."""
        is_earlier = opened != self.opened
        until = opened + timedelta(days=150) if is_earlier else working_day(self.today - timedelta(days=40))
        yield at(opened, 9)
        year = opened.year - 1
        round_ = Round.objects.create(
            name=f"Demonstration round {opened.year}",
            edition=Edition.objects.order_by("-released_at")[0],
            is_renewing=not is_earlier,
            opens_on=opened,
            answers_until=until,
            figures_from=date(year, 1, 1),
            figures_until=date(year, 12, 31),
        )
        round_.chosen.set([self.hotlines[plan.line.country] for plan in plans])
        evaluations = {e.hotline.country: e for e in open_planned_round(round_, by=self.mce).evaluations}
        stories = []
        for plan in plans:
            evaluation = evaluations[plan.line.country]
            stories += self._stories_of(plan, evaluation, earlier=is_earlier)
        self.timeline.begin(stories)
        if is_earlier:
            yield at(max(plan.day(PUBLISHED) for plan in plans) + timedelta(days=40), 9)
            perform(round_, "close", by=self.mce)
            return
        yield at(until - timedelta(days=6), 15)
        note = "Seven hotlines asked for more time: the holidays of the summer, and the new export of two case systems."
        moved = self.today - timedelta(days=LATE)
        perform(round_, "move_deadline", by=self.mce, note=note, until=moved)
        yield at(moved + timedelta(days=4), 9, 30)
        note = "Please tell us by Friday what keeps you, and whom we can help."
        remind_late(round_, by=self.mce, note=note)
        if GIVEN_MORE_TIME not in evaluations:
            return
        yield at(self.today - timedelta(days=2), 11)
        note = "Two of four colleagues were away until now. What is left fits into six weeks."
        given = Evaluation.objects.get(round=round_, hotline=self.hotlines[GIVEN_MORE_TIME])
        perform(given, "extend", by=self.mce, note=note, until=self.today + timedelta(days=DAYS_LEFT))

    def _stories_of(self, plan: Plan, evaluation: Evaluation, *, earlier: bool) -> list[Story]:
        """Return the story of the evaluation itself, and those of its outcome."""
        line, clock = plan.line, self.clock
        codes = sorted(self.hotlines)
        place = codes.index(line.country)
        near = self.hotlines[codes[(place + 3) % len(codes)]].name
        dice = Random(f"{line.country} {plan.opened.year}")  # noqa: S311 - an invented hotline, not a secret
        who = Character(line, facts_of(line, place, near), self.words, dice)
        coordinator = self._who(line)
        cast = Participants(
            coordinator=coordinator,
            contributor=User.objects.get(email=address_of(line.contributor, line.country)),
            mce=self.mce,
            team=tuple(self.people[address] for address in plan.team),
            members=self._members(line, place),
        )
        stories = [lead(clock, plan, evaluation, who, cast, today=self.today, earlier=earlier)]
        decided, published = plan.day(DECIDED), plan.day(PUBLISHED)
        if line.reaches is State.PUBLISHED:
            moments = at(plan.day(PRINTED), 16, 20), at(published, 10)
            stories.append(outcomes.print_and_publish(evaluation, moments, self.mce))
        if line.country == "XC" and not earlier:
            ioana = self.people["ioana@panel.example"]
            stories.append(outcomes.contest(evaluation, decided, coordinator=coordinator, member=ioana))
        if ways := _WAYS_OF_CONDITIONS.get((line.country, earlier)):
            stories.append(outcomes.fulfil(evaluation, decided, ways, cast))
        if (line.country, earlier) == ALL_MET:
            moments = at(decided + timedelta(days=100), 9, 30), at(decided + timedelta(days=103), 11)
            stories.append(outcomes.print_and_publish(evaluation, moments, self.mce))
        if line.country == "XL":
            stories.append(outcomes.check_midterm(evaluation, decided, self.mce))
        if line.country == "XM":
            stories.append(outcomes.suspend(evaluation, at(self.today - timedelta(days=61), 15), self.mce))
        if line.country == "XU":
            stories.append(outcomes.correct(evaluation, published, cast.members, self.mce))
            planned = working_day(self.today - timedelta(days=8), forth=False)
            stories.append(outcomes.follow_up(evaluation, planned, cast.team, self.mce))
        return stories

    def _members(self, line: Line, place: int) -> list[User]:
        """Return the deciding members: three in turn, and the tied one, who acts if they disagree."""
        pool = [self.people[f"{name}@panel.example"] for name in ("brigitta", "tomas", "freja", "luka")]
        if line.country in (
            "XC",
            EVIDENCE_CORRECTED_LATE,
        ):  # a fixed start, so that a member sees the same evaluations in every demonstration
            place = 0
        turned = pool[place % 4 :] + pool[: place % 4]
        return [*turned[:3], self.people[TIED_MEMBER]]


def _write_home() -> None:
    """Write the text of the front page, unless it has one."""
    home = HomePage.objects.filter(intro="").first()
    if home:
        home.title = "One number, and the same answer everywhere"
        home.intro = (
            "<p>When a child goes missing in Europe, families call 116 000. Each hotline that answers is looked at "
            "against the same Practical Guide: it assesses itself, assessors visit it, its figures are read, and an "
            "independent panel decides.</p><p>Here you see what is asked, and where each hotline stands.</p>"
        )
        home.save_revision().publish()
