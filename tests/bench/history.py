"""Measures pages that grow with history, in the database of this process: at 30 hotlines, at 300 and at 1,000.

Run `python -m tests.bench.history` on an empty database. For each page it measures the first request with empty caches,
the first request after a change, and the following ones, in processor time: wall time depends on other work.
"""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

from tests.bench import floors
from tests.bench.exchange import measure_exchange
from tests.bench.timing import measure, nothing, tell, timed
from tests.bench.today import measure_today

RECOMMENDATIONS = 6
"""The number for each evaluation."""
ITEMS = ("A03", "A04", "A05", "A06", "A09", "A21", "A23", "A25", "A26")


@dataclass(frozen=True, slots=True)
class Sizes:
    hotlines: tuple[int, ...]
    rounds: int
    runs: int
    warm: int


FULL, SMALL = Sizes((30, 300, 1000), 5, 15, warm=1), Sizes((3, 9), 2, 1, warm=0)


@dataclass
class GrowingNetwork:
    """Hotlines with past rounds, created in bulk, without the texts of answers, which no list shows."""

    edition: Any
    mce: Any
    lead: Any
    member: Any
    rounds: list[Any] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    serial: Any = field(default_factory=itertools.count)

    @classmethod
    def create(cls, edition: Any, rounds: int) -> "GrowingNetwork":
        from evaluation.models import Role, Round
        from tests import factories

        world = cls(
            edition,
            factories.person(Role.MCE_COORDINATOR),
            factories.person(Role.ASSESSOR),
            factories.person(Role.PANEL_MEMBER),
        )
        for number in range(rounds):
            year = 2026 - rounds + number + 1
            state = Round.State.OPEN if number == rounds - 1 else Round.State.CLOSED
            days = {"opens_on": date(year, 1, 12), "figures_from": date(year - 1, 1, 1)}
            days["figures_until"] = date(year - 1, 12, 31)
            world.rounds.append(factories.RoundFactory(name=f"Round of {year}", edition=edition, state=state, **days))
        return world

    def grow(self, hotlines: int) -> None:
        """Add hotlines, each with a whole history, until there are so many."""
        from evaluation.models import Hotline, Operation
        from tests import factories
        from tests.bench.concurrent_imports import free_signs

        missing = hotlines - Hotline.objects.count()
        signs = list(itertools.islice(free_signs(), missing))
        made = Hotline.objects.bulk_create(
            Hotline(country=sign, code=f"116000-{sign}", recorded_name=f"Land {sign}", is_invented=True)
            for sign in signs
        )
        operator = factories.OperatorFactory()
        Operation.objects.bulk_create(Operation(hotline=hotline, operator=operator) for hotline in made)
        for round_ in self.rounds:
            self._examine(round_, made)
        for round_ in self.rounds:
            self._count(made, round_.figures_from.year)

    def change(self) -> None:
        """Make the changes of a day to the next hotline: a file no longer counts, an answer is saved, two steps."""
        from django.db.models import F

        from evaluation.models import Accreditation, Answer, Evaluation, Hotline, Recommendation, StatisticsImport
        from evaluation.workflow import write_step

        hotlines = Hotline.objects.order_by("pk")
        hotline = hotlines[next(self.serial) % hotlines.count()]
        write_step(Accreditation.objects.filter(hotline=hotline).latest("pk"), "check_midterm", "valid", by=self.mce)
        evaluation = Evaluation.objects.get(hotline=hotline, round=self.rounds[-1])
        asked = Recommendation.objects.filter(evaluation=evaluation).order_by("pk")[0]
        write_step(asked, "contest", "issued", by=self.mce)
        answers = Answer.objects.filter(evaluation=evaluation).order_by("pk")[:1].values("pk")
        Answer.objects.filter(pk__in=list(answers.values_list("pk", flat=True))).update(version=F("version") + 1)
        file = StatisticsImport.objects.filter(hotline=hotline).order_by("-period_start")[0]
        turned = {"accepted": "superseded", "superseded": "accepted"}[file.state]
        StatisticsImport.objects.filter(pk=file.pk).update(state=turned)
        write_step(file, "supersede", file.state, by=self.mce)

    def _examine(self, round_: Any, hotlines: Iterable[Any]) -> None:
        from evaluation.models import Answer, Evaluation, Finding, TeamMember, Visit
        from tests.factories import at_level

        is_last = round_ is self.rounds[-1]
        state = Evaluation.State.DECISION if is_last else Evaluation.State.PUBLISHED
        made = Evaluation.objects.bulk_create(Evaluation(round=round_, hotline=one, state=state) for one in hotlines)
        day = round_.opens_on + timedelta(days=50)
        visits = Visit.objects.bulk_create(
            Visit(evaluation=one, starts_on=day, ends_on=day, state=Visit.State.CLOSED) for one in made
        )
        TeamMember.objects.bulk_create(TeamMember(visit=visit, user=self.lead, is_lead=True) for visit in visits)
        indicators = {c: i for c, i in round_.edition.framework.indicators.items() if not i.from_figures}
        for model in (Answer, Finding):
            model.objects.bulk_create(
                (
                    model(evaluation=one, code=code, version=1, words="Said.", **at_level(indicator, 1 + number % 3))
                    for number, one in enumerate(made)
                    for code, indicator in indicators.items()
                ),
                batch_size=2000,
            )
        self._judge(made, day, is_published=not is_last)

    def _judge(self, evaluations: list[Any], day: date, *, is_published: bool) -> None:
        from evaluation.models import Accreditation, Decision, Publication, Recommendation, Scorecard
        from standards.framework import canonical, digest

        self.payloads = self.payloads or list(_payloads(evaluations[:3]))
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        cards = []
        for number, one in enumerate(evaluations):
            payload = canonical({**self.payloads[number % len(self.payloads)], "number": next(self.serial)})
            cards.append(
                Scorecard(
                    evaluation=one,
                    payload=payload,
                    sha256=digest(payload),
                    input_digest=digest("{}"),
                    engine="bench",
                    proposal=self.edition.framework.rule.ranked_outcomes[-1].code,
                    overall_tenths=700,
                    judged_at=at,
                )
            )
        cards = Scorecard.objects.bulk_create(cards, batch_size=200)
        codes = list(self.edition.framework.indicators)[:20]
        asked = Recommendation.objects.bulk_create(
            (
                Recommendation(
                    evaluation=one,
                    code=codes[(number + turn) % len(codes)],
                    title="Write it down",
                    state="verified" if turn % 2 else "issued",
                    due_on=day + timedelta(days=100),
                )
                for number, one in enumerate(evaluations)
                for turn in range(RECOMMENDATIONS)
            ),
            batch_size=1000,
        )
        self._step(asked, "issue", at)
        if not is_published:
            return
        decisions = Decision.objects.bulk_create(
            Decision(
                evaluation=card.evaluation,
                scorecard=card,
                outcome=card.proposal,
                reasons="What was found carries it.",
                departs=False,
                decided_by=self.member,
                decided_on=day,
                valid_until=day.replace(year=day.year + 3),
            )
            for card in cards
        )
        Publication.objects.bulk_create(Publication(decision=decision, at=at) for decision in decisions)
        Accreditation.objects.filter(hotline__in=[one.hotline_id for one in evaluations]).update(state="replaced")
        begun = Accreditation.objects.bulk_create(
            Accreditation(hotline_id=decision.evaluation.hotline_id, decision=decision, state="valid")
            for decision in decisions
        )
        self._step(begun, "begin", at)

    def _step(self, things: Iterable[Any], name: str, at: datetime) -> None:
        """Write one step for each object, without a valid chain: the chain is not measured."""
        from evaluation.models import Step
        from evaluation.models.step import GENESIS

        seals = {"by_seal": "", "note_seal": "", "previous": GENESIS}
        Step.objects.bulk_create(
            (
                Step(
                    kind=thing.kind,
                    uid=thing.uid,
                    seq=1,
                    move=name,
                    source="",
                    target=thing.state,
                    at=at,
                    digest=f"{next(self.serial):064d}",
                    **seals,
                )
                for thing in things
            ),
            batch_size=1000,
        )

    def _count(self, hotlines: list[Any], year: int) -> None:
        """Write an accepted file with totals of a year for each hotline."""
        from evaluation.models import Figure, StatisticsImport
        from standards.framework import digest

        files = StatisticsImport.objects.bulk_create(
            StatisticsImport(
                hotline=hotline,
                state=StatisticsImport.State.ACCEPTED,
                level="aggregate",
                period_start=date(year, 1, 1),
                period_end=date(year, 12, 31),
                definitions="1.0",
                completeness="complete",
                file_name="figures.csv",
                file_digest=digest(f"{hotline.pk} {year}"),
            )
            for hotline in hotlines
        )
        Figure.objects.bulk_create(
            (
                Figure(statistics=file, item=item, value=100 + number, quality="measured")
                for file in files
                for number, item in enumerate(ITEMS)
            ),
            batch_size=5000,
        )


def _payloads(evaluations: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """Return the payloads that the engine computes for some evaluations at different levels."""
    import json

    from evaluation.engine import scoring
    from evaluation.judging import evidence as judging
    from evaluation.scorecards import write_scorecard

    for evaluation in evaluations:
        evidence = judging.gather_evidence(evaluation)
        card = write_scorecard(evaluation, evidence, scoring.score(evaluation.framework, evidence))
        yield json.loads(card.payload)


PAGES = (
    *("public register", "public register as CSV", "network recommendations", "network trends", "recorded figures"),
    *("board of a round", "panel", "Home of an assessor", "visits", "files of figures", "comparison of hotlines"),
    *("public page of a hotline", "page of a hotline", "figures of a hotline", "a page without rows"),
)


def pages(world: GrowingNetwork) -> dict[str, Callable[[], Any]]:
    """Return, by its name, a request of each page, as the user who opens it most often."""
    from django.test import Client
    from django.urls import reverse

    from evaluation.models import Hotline
    from tests.conftest import open_session

    mce, member, nobody = open_session(Client(), world.mce), open_session(Client(), world.member), Client()
    lead = open_session(Client(), world.lead)
    one = Hotline.objects.earliest("pk")

    def look(client: Client, name: str, *args: Any, query: str = "") -> Callable[[], Any]:
        address = reverse(name, args=args) + query

        def read() -> Any:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            return answer

        return read

    return {
        "public register": look(nobody, "pages:register"),
        "public register as CSV": look(nobody, "pages:register_table"),
        "network recommendations": look(mce, "workspace:network"),
        "network trends": look(mce, "workspace:statistics_trends", query="?of=invented"),
        "recorded figures": look(mce, "workspace:statistics_recorded", query="?of=invented"),
        "board of a round": look(mce, "workspace:board", world.rounds[-1].uid),
        "panel": look(member, "workspace:panel"),
        "Home of an assessor": look(lead, "workspace:home"),
        "visits": look(mce, "workspace:visits"),
        "files of figures": look(mce, "workspace:statistics_network", query="?of=invented"),
        "comparison of hotlines": look(mce, "workspace:statistics_comparison", query="?of=invented"),
        "public page of a hotline": look(nobody, "pages:hotline", one.country),
        "page of a hotline": look(mce, "workspace:hotline", one.country),
        "figures of a hotline": look(mce, "workspace:hotline_trends", one.country),
        "a page without rows": look(nobody, "pages:verify"),
    }


def measure_growth(edition: Any, sizes: Sizes) -> None:
    from django.core.cache import cache

    from evaluation.models import Answer

    world, clock = GrowingNetwork.create(edition, sizes.rounds), time.process_time
    warm: dict[str, float] = {}
    for hotlines in sizes.hotlines:
        world.grow(hotlines)
        for name, read in pages(world).items():
            floor = floors.written_rows_of(read) if name.endswith("CSV") else floors.rendering_of(read)
            operation = f"{name}, {hotlines} hotlines"
            cache.clear()
            first = [timed(read, clock)]
            lowest = [timed(floor.act, clock)]
            tell(f"{operation}, nothing kept", first, None, Answer.objects.count(), floor=floor, floor_times=lowest)
            for when, before in (("", nothing), (", after a change", world.change)):
                smaller = warm.get(f"{name}{when}")
                warm[f"{name}{when}"] = measure(
                    f"{operation}{when}",
                    read,
                    times=sizes.runs,
                    warm=sizes.warm,
                    floor=floor,
                    before=before,
                    smaller=smaller,
                    clock=clock,
                )


def main() -> None:
    from django.core.management import call_command

    django.setup()
    from standards.editions.page_loader import load_guide
    from standards.editions.release import find_edition_page, release
    from tests.bench.scale import GUIDE

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    floors.create_table()
    measure_today()
    measure_exchange()
    load_guide(GUIDE)
    measure_growth(release(find_edition_page("2026")), FULL)


if __name__ == "__main__":
    main()
