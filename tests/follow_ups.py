"""A hotline with an accreditation, and the moves of a follow-up visit, on days that the test sets."""

import pickle
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput, Saved, save_observation
from evaluation.judging.evidence import judge
from evaluation.models import (
    Accreditation,
    Decision,
    Declaration,
    EarlierVisit,
    Evaluation,
    Fulfilment,
    FulfilmentProof,
    Scorecard,
    User,
    Visit,
    Vote,
)
from evaluation.panel.decisions import Demand, Verdict, decide
from evaluation.panel.fulfilments import add_proof
from evaluation.response.response import respond
from evaluation.visits.planning import arrange_visit
from evaluation.workflow import perform
from standards.framework import Framework
from tests.bystander import new
from tests.conftest import store_files_in
from tests.factories import SUBSTANCE, IssueFactory, RecommendationFactory, begin_visit
from tests.small_edition import SMALL
from tests.stage import Stage

DECIDED_ON = date(2026, 3, 2)
DONE = "The rota has two names a night."
OCCASION = "The rota of the nights was due in May."
CODE = "9.1.2"
"""The indicator of the condition."""


class Followed:
    """A hotline that the panel has accredited on `DECIDED_ON`, and its people; the clock stands at noon of a day."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        outcome: str = "conditional",
        *,
        for_pages: bool = False,
        framework: Framework | None = None,
    ) -> None:
        self._monkeypatch = monkeypatch
        self._set_clock()
        self.go_to(DECIDED_ON)
        more = {"for_pages": for_pages, "framework": framework or SMALL}
        is_minimal = not for_pages and framework is None
        self.stage = Stage.minimal("decision") if is_minimal else Stage("decision", votes=0, **more)
        self.people, self.coordinator = self.stage.people, self.stage.coordinator
        self.first = self.decide(outcome)
        self.publish()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_monkeypatch"}

    def take_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the clock go on where it stood when this was kept."""
        self._monkeypatch = monkeypatch
        self._set_clock()
        monkeypatch.setattr(timezone, "now", self._tick)

    def _set_clock(self) -> None:
        """Let rows that take the time by themselves take it from this clock, too."""
        taken = (
            (Decision, "decided_at"),
            (Scorecard, "judged_at"),
            (Vote, "voted_at"),
            (Declaration, "declared_at"),
            (EarlierVisit, "kept_at"),
            (FulfilmentProof, "at"),
        )
        for model, name in taken:
            self._monkeypatch.setattr(model._meta.get_field(name), "_get_default", self._tick)

    def go_to(self, day: date) -> None:
        """Let it be noon of this day, and later with every look at the clock."""
        self._now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self._monkeypatch.setattr(timezone, "now", self._tick)

    def _tick(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation.objects.get(pk=self.stage.evaluation.pk)

    @property
    def visit(self) -> Visit:
        return self.evaluation.visit

    @property
    def accreditation(self) -> Accreditation:
        """The newest accreditation that the evaluation has granted."""
        return Accreditation.objects.filter(decision__evaluation=self.stage.evaluation).order_by("-pk")[0]

    def follow_up(self, day: date = date(2026, 6, 1), note: str = OCCASION) -> None:
        self.go_to(day)
        perform(self.evaluation, "follow_up", by=self.people.mce, note=note)

    def end(self, note: str = "Nothing is to be decided.") -> None:
        perform(self.evaluation, "end_follow_up", by=self.people.mce, note=note)

    def begin_visit(self, *codes: str) -> None:
        """Arrange the visit for today, accept and begin it."""
        today = self.evaluation.round.today
        arrange_visit(
            self.evaluation,
            lead=self.people.lead,
            members=[self.people.assessor],
            by=self.people.mce,
            starts_on=today,
            ends_on=today,
            agreed_with="Ana",
            only_codes=list(codes),
        )
        perform(self.evaluation, "accept", by=self.people.mce)
        begin_visit(self.visit, by=self.people.lead)

    def record(self, code: str = CODE, level: int = 3) -> None:
        """Let both assessors see the same."""
        for by in (self.people.lead, self.people.assessor):
            self._record(code, level, by)

    def _record(self, code: str, level: int, by: User) -> None:
        seen = self.visit.observations.filter(by=by, code=code).first()
        said = AnswerInput(level=level, words="We looked again.", good_practice=True)
        version = seen.version if seen else 0
        assert isinstance(save_observation(self.evaluation, code, said, version=version, by=by), Saved)

    def finish(self) -> None:
        """Finish the recording and sign the findings off."""
        for by in (self.people.lead, self.people.assessor):
            perform(self.visit, "finish_recording", by=by)
        perform(self.visit, "sign_off", by=self.people.lead)

    def propose(self) -> None:
        judge(self.evaluation, by=self.people.lead)

    def respond(self) -> None:
        respond(self.evaluation, by=self.coordinator, accepts_others=True)

    def visit_again(self, level: int = 3, *, only: tuple[str, ...] = (CODE,)) -> None:
        """Walk from the desk review to the panel."""
        self.begin_visit(*only)
        self.record(level=level)
        self.finish()
        self.propose()
        self.respond()

    def agree(self, outcome: str) -> None:
        self.stage.evaluation = self.evaluation
        self.stage.agree(outcome)

    def decide(self, outcome: str) -> Decision:
        """Let the panel vote for an outcome and record it today, and print the report."""
        self.agree(outcome)
        on = self.evaluation.round.today
        asked = (Demand("Write the rota.", on + timedelta(days=80), CODE),) if outcome == "conditional" else ()
        decision = decide(self.evaluation, Verdict(outcome, SUBSTANCE, asked), by=self.people.panel, on=on)
        IssueFactory(decision=decision)
        return decision

    def publish(self) -> None:
        """Publish the whole report."""
        IssueFactory(decision=self.evaluation.current_decision, number=2, extent="whole")
        perform(self.evaluation, "publish", by=self.people.mce, extent="whole")


class Conditional(Followed):
    """A hotline that is accredited with one condition, or with two, and the steps of its conditions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, demands: int = 1, **more) -> None:
        self.demands = demands
        super().__init__(monkeypatch, **more)
        self.go_to(DECIDED_ON + timedelta(days=40))

    def decide(self, outcome: str) -> Decision:
        self.agree(outcome)
        on = self.evaluation.round.today
        if not self.evaluation.recommendations.filter(code=CODE).exists():
            RecommendationFactory(evaluation=self.evaluation, code=CODE)
        asked = (
            Demand("Write the rota.", on + timedelta(days=80), CODE),
            Demand("Name a deputy.", on + timedelta(days=90)),
        )
        asked = asked[: self.demands] if outcome == "conditional" else ()
        decision = decide(self.evaluation, Verdict(outcome, SUBSTANCE, asked), by=self.people.panel, on=on)
        IssueFactory(decision=decision)
        return decision

    @property
    def conditions(self) -> list[Fulfilment]:
        return list(new(Fulfilment).order_by("pk"))

    @property
    def condition(self) -> Fulfilment:
        return self.conditions[0]

    def send(self, condition: Fulfilment | None = None) -> Fulfilment:
        condition = condition or self.condition
        number = condition.proofs.count() or ""
        add_proof(condition, by=self.coordinator, address=f"https://example.org/rota{number}", words=DONE)
        perform(condition, "send", by=self.coordinator, note=DONE)
        return condition

    def check(self, condition: Fulfilment | None = None, *, seems_met: bool = True) -> Fulfilment:
        condition = condition or self.condition
        if condition.state != Fulfilment.State.EVIDENCE_SENT:
            self.send(condition)
        perform(condition, "record_check", by=self.people.mce, note="We read it.", seems_met=seems_met)
        return condition

    def meet(self, condition: Fulfilment | None = None) -> Fulfilment:
        condition = self.check(condition)
        perform(condition, "meet", by=self.people.panel, note="It is met.")
        return condition

    def fail(self) -> Fulfilment:
        condition = self.check(seems_met=False)
        perform(condition, "fail", by=self.people.panel, note="One night has one name.")
        return condition


# --- Scenes ----------------------------------------------------------------------------------------------------------

Kind = TypeVar("Kind", bound=Followed)
_KEPT: dict[type[Followed], tuple[bytes, "TemporaryDirectory[str]"]] = {}
"""What stands in a scene, and the folder of its files."""


def keep(kind: type[Followed]) -> None:
    """Set up a scene: the steps to a published decision take a fifth of a second, which many tests begin with."""
    folder = TemporaryDirectory()
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        store_files_in(Path(folder.name), monkeypatch)
        _KEPT[kind] = pickle.dumps(kind(monkeypatch)), folder
        connection.run_on_commit.clear()  # as in a test, nothing is sent


def take(kind: type[Kind], monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Return what stands in the scene, for one test."""
    kept, folder = _KEPT[kind]
    shutil.copytree(folder.name, settings.PRIVATE_ROOT.parent, dirs_exist_ok=True)
    found: Kind = pickle.loads(kept)  # noqa: S301 - this process wrote it
    found.take_over(monkeypatch)
    return found
