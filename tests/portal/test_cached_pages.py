"""Cached pages are never stale: after every kind of change they equal uncached ones."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.utils import timezone
from django.utils.translation import override

from evaluation import cached
from evaluation.figures.series.trends import Grain, period_at
from evaluation.models import (
    Accreditation,
    Answer,
    Evaluation,
    Finding,
    Hotline,
    Operator,
    Recommendation,
    StatisticsImport,
    Step,
)
from evaluation.panel import corrections
from evaluation.panel.decisions import Verdict
from evaluation.versions import MAX_CHANGED_ROWS, Source, changed_since, marks_of
from evaluation.workflow import perform, write_step
from portal.figures.series.deliveries import DeliveryFilter
from portal.figures.series.network import _cached_over_time
from portal.figures.series.queries import formulas
from portal.figures.series.recording import read_network
from portal.presentation import register
from portal.presentation.register import read_register
from portal.recommendations import network
from portal.rounds.heat_map import heat_rows
from tests.factories import (
    GOOD_FIGURES,
    SUBSTANCE,
    DecisionFactory,
    EvidenceFactory,
    HotlineFactory,
    IssueFactory,
    OperationFactory,
    RecommendationFactory,
    confirmed_figures,
    released_edition,
    scorecard_of,
    withdraw,
)
from tests.portal.test_queries import BIGGER
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


class Network:
    """Three hotlines at different stages, and the users who open cached pages."""

    def __init__(self) -> None:
        self.people = Participants()
        self.decided = Stage("decided", self.people, country="XA")
        self.round = self.decided.round
        self.published = Stage("published", self.people, country="XB", round=self.round)
        self.answering = Stage("self_assessment", self.people, country="XC", round=self.round)
        self.figures = confirmed_figures(self.answering.hotline, GOOD_FIGURES, file_name="more.csv")

    @property
    def accreditation(self) -> Accreditation:
        return Accreditation.objects.filter(hotline=self.published.hotline).latest("pk")

    def read_cached(self) -> dict[str, Any]:
        """Return everything cached, as it is passed to the pages."""
        found: dict[str, Any] = {}
        for language in ("en", "it"):
            with override(language):
                found[f"register in {language}"] = [
                    (
                        entry.hotline.name,
                        entry.operator,
                        entry.register_status.kind,
                        str(entry.register_status.label),
                        entry.register_status.until,
                    )
                    for entry in read_register()
                ]
        for name, round_, state in (
            ("", None, ""),
            (" overdue", None, "overdue"),
            (" accepted", None, "accepted"),
            (" of the round", self.round, ""),
        ):
            found[f"recommendations{name}"] = network._needs(network.NetworkFilter(round_, "", "", state, "hotlines"))
        invented = DeliveryFilter(is_invented=True, words="", order="", state="")
        period = period_at(self.figures.period_start, Grain.YEAR)
        found["recorded"] = [(row.item.code, row.found) for row in read_network(invented, period).rows]
        found["trends"] = _cached_over_time(invented, formulas()).tables
        evaluations = list(Evaluation.objects.filter(round=self.round).select_related("hotline", "round__edition"))
        rows = heat_rows(evaluations, self.round.edition)
        found["board"] = [(row.evaluation.pk, row.heat) for row in rows]
        return found

    def read_uncached(self) -> dict[str, Any]:
        with patch.object(cached, "cache", DummyCache("", {})):
            return self.read_cached()

    # --- Kinds of changes ---

    def publish(self) -> None:
        perform(self.decided.evaluation, "publish", by=self.people.mce)

    def suspend(self) -> None:
        perform(self.accreditation, "suspend", by=self.people.mce, note="The line is dead.")

    def reinstate(self) -> None:
        perform(self.accreditation, "reinstate", by=self.people.mce, note="It answers again.")

    def withdraw(self) -> None:
        withdraw(self.accreditation, by=self.people.mce)

    def correct(self) -> None:
        verdict, today = Verdict("accredited", SUBSTANCE), self.round.today
        proposed = corrections.propose(self.decided.evaluation, verdict, by=self.people.panel, on=today)
        perform(proposed, "confirm", by=self.people.second, on=today)

    def publish_again(self) -> None:
        """An appeal was upheld: the outcome is another one."""
        former = self.decided.evaluation.decisions.first()
        ruled = DecisionFactory(
            scorecard=former.scorecard, kind="appeal", replaces=former, outcome="not_accredited", valid_until=None
        )
        IssueFactory(decision=ruled)
        Evaluation.objects.filter(pk=self.decided.evaluation.pk).update(state="decided")
        self.decided.evaluation.refresh_from_db()
        self.publish()

    def accept_recommendation(self) -> None:
        perform(self.decided.recommendation, "accept", by=self.decided.coordinator)

    def contest_recommendation(self) -> None:
        perform(self.published.recommendation, "contest", by=self.published.coordinator, note="Not so.")

    def recommend(self) -> None:
        code = list(self.decided.framework.indicators)[2]
        RecommendationFactory(evaluation=self.published.evaluation, code=code, state=Recommendation.State.ISSUED)

    def score(self) -> None:
        scorecard_of(self.answering.evaluation)

    def score_anew(self) -> None:
        scorecard_of(self.answering.evaluation)

    def answer(self) -> None:
        code = self.decided.recommendation.code
        row = Answer.objects.get(evaluation=self.answering.evaluation, code=code)
        Answer.objects.filter(pk=row.pk).update(level=0, version=row.version + 1)

    def find(self) -> None:
        finding = Finding.objects.filter(evaluation=self.decided.evaluation, version__gt=0).exclude(level=None).first()
        Finding.objects.filter(pk=finding.pk).update(level=0, version=finding.version + 1)

    def attach(self) -> None:
        code = list(self.decided.framework.indicators)[1]
        EvidenceFactory(evaluation=self.answering.evaluation, code=code, document=self.answering.document)

    def accept_figures(self) -> None:
        perform(self.figures, "accept", by=self.people.mce)

    def return_figures(self) -> None:
        perform(self.figures, "send_back", by=self.people.mce, note="Which year is this?")

    def import_figures(self) -> None:
        state = StatisticsImport.State.ACCEPTED
        file = confirmed_figures(self.decided.hotline, {"A03": 70, "A21": 30, "A26": 9}, file_name="new.csv")
        StatisticsImport.objects.filter(pk=file.pk).update(state=state)

    def submit(self) -> None:
        write_step(self.answering.evaluation, "submit", "self_assessment", by=self.answering.coordinator)
        Evaluation.objects.filter(pk=self.answering.evaluation.pk).update(state=Evaluation.State.STUDY_VISIT)

    def excuse(self) -> None:
        write_step(self.answering.evaluation, "excuse", "self_assessment", by=self.people.mce, note="Closed.")
        Evaluation.objects.filter(pk=self.answering.evaluation.pk).update(state=Evaluation.State.EXCUSED)

    def add_hotline(self) -> None:
        OperationFactory(hotline=HotlineFactory(country="XD", code="116000-XD", name="Land XD"))

    def add_to_round(self) -> None:
        Stage("published", self.people, country="XE", round=self.round)

    def rename(self) -> None:
        Hotline.objects.filter(country="XB").update(recorded_name="Land Beta")
        Operator.objects.filter(hotlines__country="XB").update(name="Another operator")

    def release(self) -> None:
        released_edition(BIGGER, ("en",))

    def translate(self) -> None:
        """Publish the wording of a released edition in another language."""
        words = {
            f"outcome/{rung.code}": f"Esito {rung.code}" for rung in self.round.edition.framework.rule.ranked_outcomes
        }
        released_edition(self.decided.framework, ("it",), words=words)


WAYS = (
    *("publish", "accept_recommendation", "suspend", "reinstate", "correct", "publish_again", "contest_recommendation"),
    *("recommend", "score", "answer", "score_anew", "find", "attach", "accept_figures", "import_figures"),
    *(
        "return_figures",
        "add_hotline",
        "rename",
        "add_to_round",
        "submit",
        "excuse",
        "translate",
        "release",
        "withdraw",
    ),
)
WITHOUT_EFFECT = {"correct", "submit", "attach"}
"""Changes without visible effect: a correction is shown when it is published, and this edition counts no evidence."""


def test_after_every_way_of_change_what_is_kept_is_what_is_derived_afresh() -> None:
    world = Network()
    before = world.read_cached()
    assert before == world.read_uncached()
    still = []
    for way in WAYS:
        getattr(world, way)()
        now = world.read_cached()
        uncached = world.read_uncached()
        assert [name for name in uncached if now[name] != uncached[name]] == [], way
        still += [way] * (now == before)
        before = now
    assert set(still) <= WITHOUT_EFFECT, "each way changes a page, else it proves nothing"


def test_what_is_kept_ends_with_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Network()
    tomorrow = timezone.now() + timedelta(days=1)
    Recommendation.objects.update(due_on=world.round.today)
    before = world.read_cached()
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    after = world.read_cached()
    assert after == world.read_uncached()
    assert after["recommendations overdue"] != before["recommendations overdue"]


def test_after_one_change_only_its_hotline_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world, asked = Network(), []
    world.read_cached()
    read = register._read_facts

    def note(hotlines: set[int] | None) -> Any:
        asked.append(hotlines)
        return read(hotlines)

    monkeypatch.setattr(register, "_read_facts", note)
    world.submit()
    world.accept_recommendation()
    world.read_cached()
    assert asked == [], "a step of something else leaves the register as it is"
    world.suspend()
    world.read_cached()
    assert asked == [{world.published.hotline.pk}]


def test_a_step_that_is_committed_after_a_newer_one_is_not_missed() -> None:
    """As in PostgreSQL: a smaller key may be committed last."""
    stage = Stage("published")
    for _ in range(3):
        write_step(stage.evaluation, "submit", "", by=None)
    late, newest = Step.objects.order_by("-pk")[1], Step.objects.latest("pk")
    sources = [Source(Step.objects.all(), ("uid",))]
    now = marks_of(sources)
    without_late = [(now[0][0] - 1, newest.pk)]
    assert late.pk < newest.pk
    assert changed_since(sources, without_late, now) is None
    assert changed_since(sources, [(now[0][0] - 1, newest.pk - 1)], now) == {stage.evaluation.uid}
    assert changed_since(sources, now, now) == set()
    assert changed_since(sources, [(now[0][0] + 1, newest.pk)], now) is None, "something is gone"
    assert changed_since(sources, [(now[0][0] - MAX_CHANGED_ROWS - 1, 0)], now) is None
