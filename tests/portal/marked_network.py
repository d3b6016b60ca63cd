"""A populated network in which each text of a row is marked with its hotline, its generation and its kind.

A mark is one word, such as `zzxa2answerzz`: an answer of hotline XA in its present round. The earlier round is 1, rows
of no evaluation are 0. Marks are written after the rows, with the triggers of frozen tables dropped for the test.

Where a page has no text of a row, its uid, with which addresses are made, and the counts of its hotline, which are
numbers of seven digits that nothing else has, are marks, too.
"""

import os
import pickle
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from evaluation import models
from evaluation.models import Evaluation, GoodPractice, Recommendation, Role, Round, User
from portal.letters.models import Letter
from reports.models import Issue
from reports.printing import make_issue
from standards.frozen import trigger_names
from tests.conftest import print_empty_pages, store_files_in
from tests.factories import (
    AppealFactory,
    CommentFactory,
    CorrectionFactory,
    ExchangeFactory,
    FigureFactory,
    FulfilmentFactory,
    InvitationFactory,
    RecommendationFactory,
    RequirementFactory,
    ResponseFactory,
    RoundFactory,
    StakeFactory,
    UserFactory,
    WithdrawalFactory,
    person,
    practice_of,
    released_edition,
    scorecard_of,
    write_all_answers,
)
from tests.move_letters import write_letters
from tests.portal import test_permissions as permissions
from tests.small_edition import SMALL
from tests.stage import Participants, Stage

SITUATIONS = {
    "self_assessment": "self_assessment",
    "desk_review": "desk_review",
    "study_visit": "study_visit",
    "report": "report",
    "taken_back": "report",
    "response": "response",
    "replies": "decision",
    "decision": "decision",
    "decided": "decided",
    "appeal": "decided",
    "published": "published",
    "followed_up": "study_visit",
    "excused": "excused",
}
"""The situations of hotlines, each with the stage of the evaluation.

`taken_back`: a draft was sent, with a response, and the panel sent it back. `replies`: the assessors' replies are
awaited. `followed_up`: a published evaluation that was reopened for a follow-up visit.
"""
VISITS = {"desk_review": "proposed", "study_visit": "under_way", "followed_up": "findings_entered"}
"""The states of visits that are not the usual ones of the stage."""
IS_WHOLE = "MARKS" in os.environ
"""Whether everybody reads everything: `./go prove marks`."""
MARK = re.compile(r"zz([a-z]{2})(\d)([a-z]+?)zz")
UID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")
COUNT = re.compile(r"(?<!\d)9\D?\d{3}\D?\d{3}(?!\d)")
"""A marked count, whatever separates its thousands."""

Mark = tuple[str, str, str]
"""The country in small letters, the generation and the kind."""


@dataclass
class Entry:
    """A hotline of the network: its situation, the side that assesses and decides on it, and its two evaluations."""

    situation: str
    side: int
    now: Stage
    before: Stage

    @property
    def country(self) -> str:
        return self.now.hotline.country


@dataclass
class Network:
    """Hotlines in each situation, of two sides: each side has a team and a panel, which have no part in the other."""

    sides: tuple[Participants, Participants] = field(default_factory=lambda: (Participants(), Participants()))
    entries: list[Entry] = field(default_factory=list)
    visitors: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The countries of the hotlines that visit a hotline, by its country."""
    hearer: User = field(default_factory=lambda: person(Role.PANEL_MEMBER, name="Hears Appeals", country="XZ"))
    """A member of the panel who took part in no decision, and hears each appeal."""
    marks: set[Mark] = field(default_factory=set)
    """The marks of all rows."""
    uids: dict[str, Mark] = field(default_factory=dict)
    counts: dict[str, Mark] = field(default_factory=dict)

    @cached_property
    def by_country(self) -> dict[str, Entry]:
        return {entry.country.lower(): entry for entry in self.entries}

    def entry(self, situation: str, side: int) -> Entry:
        return next(entry for entry in self.entries if (entry.situation, entry.side) == (situation, side))

    def marks_in(self, text: str, address: str) -> set[Mark]:
        """Return the marks of a response. What the reader's own request had is none."""
        found: set[Mark] = set(MARK.findall(text))
        found |= {self.uids[uid] for uid in UID.findall(text) if uid in self.uids and uid not in address}
        digits = (re.sub(r"\D", "", number) for number in COUNT.findall(text))
        return found | {self.counts[number] for number in digits if number in self.counts}


KEPT: dict[str, bytes | Path] = {}
"""The network of this process's scene with the folder of its files."""


def keep_network() -> None:
    """Set up the scene: build the network once in each process."""
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        KEPT["files"] = Path(mkdtemp())
        store_files_in(KEPT["files"], monkeypatch)
        if not IS_WHOLE:
            print_empty_pages(monkeypatch)
        KEPT["network"] = pickle.dumps(build_network())
        connection.run_on_commit.clear()  # as in a test, nothing is sent


# --- Rows ------------------------------------------------------------------------------------------------------------


def build_network(
    situations: Iterable[str] = tuple(SITUATIONS), *, thirds: Collection[str] = ("study_visit", "replies")
) -> Network:
    """Return a network with a hotline of each side in each situation, and a third one in some; all marked."""
    network = Network()
    _drop_triggers()
    before = RoundFactory(
        name="The round before",
        edition=released_edition(SMALL, ("en", "fr")),
        state=Round.State.CLOSED,
        opens_on=date(2023, 1, 9),
        answers_until=date(2023, 3, 1),
        figures_from=date(2022, 1, 1),
        figures_until=date(2022, 12, 31),
    )
    now = RoundFactory(name="The round of today", edition=before.edition, state=Round.State.OPEN)
    for situation in situations:
        for side in (0, 1, *((1,) if situation in thirds else ())):
            people = network.sides[side]
            earlier = Stage("published", people, country="", round=before, is_counted=False)
            stage = Stage(
                SITUATIONS[situation],
                people,
                round=now,
                earlier=earlier,
                has_findings=True,
                visit_state=VISITS.get(situation, ""),
            )
            entry = Entry(situation, side, stage, earlier)
            network.entries.append(entry)
            for generation in (earlier, stage):
                _furnish(entry, generation, network.hearer)
            _furnish_hotline(entry)
    _let_them_meet(network)
    for entry in network.entries:
        _mark_hotline(network, entry)
        for generation, stage in (("1", entry.before), ("2", entry.now)):
            _mark_evaluation(network, entry, stage, generation)
    for entry in network.entries:
        if entry.side == 0:  # a member of the first team who has a stake in each of its hotlines
            StakeFactory(user=network.sides[0].judge, hotline=entry.now.hotline)
    _write_copies(network)
    _note_uids(network)
    _mark_counts(network)
    return network


def _furnish(entry: Entry, stage: Stage, hearer: User) -> None:
    """Create what else an evaluation can have in its situation."""
    evaluation, people = stage.evaluation, stage.people
    situation = entry.situation if stage is entry.now else "published"
    at = timezone.now()
    indicator = "1.1.2"
    for audience, by in (("hotline", stage.coordinator), ("review", people.lead)):
        if audience == "hotline" or stage.visit:
            discussion = models.Discussion.objects.create(evaluation=evaluation, code=indicator, audience=audience)
            models.DiscussionComment.objects.create(discussion=discussion, by=by, words="How is it at night?")
    permissions.write_step(evaluation, "set_traits", evaluation.state, by=people.mce, note="A note.")
    if stage.visit:
        permissions.desk_question(stage)
        evaluation.desk_questions.update(answer="Two of us.", answered_by=stage.coordinator, answered_at=at)
        evaluation.desk_questions.create(code="1.1.1", by=people.lead, words="And by day?")
        evaluation.desk_marks.create(code=indicator, by=people.lead, kind="look", words="Ask for the rota.", at=at)
        models.Observation.objects.create(
            visit=stage.visit, by=people.assessor, code="3.2.1", level=2, words="Seen.", strength="Calm.",
            concern="Alone.", version=1, at=at,
        )  # fmt: skip
        permissions.interview(stage)
        permissions.file_of_the_lead(stage)
        models.RecordedFile.objects.filter(visit=stage.visit).update(words="The plan on the wall.")
        permissions.suggested_dates(stage)
        models.SuggestedDates.objects.filter(visit=stage.visit).update(words="After Easter.")
        models.RecordingDevice.objects.create(
            visit=stage.visit, by=people.assessor, uid=uuid4(), name="A phone", unsent=1, seen_at=at
        )
        models.LateRow.objects.create(
            visit=stage.visit, by=people.assessor, uid=uuid4(), kind="interviews", role="Shift lead", topic="Nights",
            words="Alone.", version=1, at=at, decision="left_out", reason="It was told again.",
        )  # fmt: skip
    if situation == "self_assessment":
        permissions.unresolved(stage)
    if situation in ("study_visit", "report", "taken_back"):
        stage.recommendation = RecommendationFactory(evaluation=evaluation)
    if situation == "taken_back":
        older = scorecard_of(evaluation)
        ResponseFactory(scorecard=older, given_by=stage.coordinator, remarks={indicator: "Look again."})
        models.Comment.objects.create(scorecard=older, user=people.panel, words="Not yet.")
    if situation == "response":
        evaluation.draft_remarks.create(code=indicator, words="It was ill.", by=stage.coordinator)
    if situation == "replies":
        models.Vote.objects.filter(scorecard__evaluation=evaluation).delete()
        models.Reply.objects.filter(remark__response__scorecard__evaluation=evaluation).update(given_at=None)
    if situation in ("decision", "decided", "appeal", "published"):
        CommentFactory(scorecard=stage.scorecard, user=people.panel)
    if situation == "followed_up":
        decided = scorecard_of(evaluation)
        ResponseFactory(scorecard=decided, given_by=stage.coordinator, remarks={indicator: "It was so."})
        decision = models.Decision.objects.create(
            evaluation=evaluation, scorecard=decided, outcome=decided.proposal, reasons="It holds.", departs=False,
            decided_by=people.panel, decided_on=date(2026, 2, 2), valid_until=date(2029, 2, 2),
        )  # fmt: skip
        models.Publication.objects.create(decision=decision)
        models.Accreditation.objects.filter(hotline=stage.hotline).update(state="replaced")
        models.Accreditation.objects.create(hotline=stage.hotline, decision=decision, state="valid")
        stage.decision = decision
        write_all_answers(evaluation, model=models.Finding, extra={"by": people.lead, "words": "Seen anew."})
    if stage.decision:
        FulfilmentFactory(requirement=RequirementFactory(decision=stage.decision))
        Recommendation.objects.filter(evaluation=evaluation).update(
            text="Say who.", look_for="A list.", owner="The shift lead", state="in_progress"
        )
    if stage.decision and (granted := models.Accreditation.objects.filter(decision=stage.decision).first()):
        WithdrawalFactory(
            accreditation=granted, proposed_by=people.mce, state="heard", statement="It is not so.",
            stated_by=stage.coordinator, stated_at=at,
        )  # fmt: skip
    if situation == "appeal":
        appeal = AppealFactory(decision=stage.decision, lodged_by=stage.coordinator)
        appeal.declarations.create(user=hearer, has_stake=False)
        appeal.votes.create(user=hearer, outcome="accredited", words="We read it anew.")
    if situation == "decided":
        CorrectionFactory(decision=stage.decision, proposed_by=people.second)
    if situation == "published":
        practice = practice_of(stage, GoodPractice.State.PUBLISHED if stage is entry.now else GoodPractice.State.ASKED)
        practice.questions.create(
            by=stage.coordinator,
            hotline=stage.hotline,
            words="How many?",
            answer="Two.",
            answered_by=stage.coordinator,
            answered_at=at,
        )


def _furnish_hotline(entry: Entry) -> None:
    """Create what a hotline has outside of its evaluations."""
    stage, hotline = entry.now, entry.now.hotline
    permissions.system_key(stage)
    StakeFactory(user=UserFactory(), hotline=hotline)
    InvitationFactory(invited_by=stage.people.mce, hotline=hotline, role=Role.CONTRIBUTOR)
    permissions.consultation(stage)


def _let_them_meet(network: Network) -> None:
    """Let neighbours in the list visit each other."""
    for visitor, host in zip(network.entries[::2], network.entries[1::2], strict=False):
        network.visitors[host.country].append(visitor.country)
        ExchangeFactory(
            visitor=visitor.now.hotline, host=host.now.hotline, requested_by=visitor.now.coordinator, levels={}
        )


# --- Marks -----------------------------------------------------------------------------------------------------------

OF_EVALUATION: dict[str, tuple[Any, str, Q, tuple[str, ...]]] = {
    "answer": (models.Answer, "evaluation", Q(), ("words",)),
    "finding": (models.Finding, "evaluation", Q(), ("words",)),
    "observation": (models.Observation, "visit__evaluation", Q(), ("words", "strength", "concern")),
    "owntalk": (
        *(models.DiscussionComment, "discussion__evaluation"),
        *(Q(discussion__audience="hotline"), ("words",)),
    ),
    "reviewtalk": (
        *(models.DiscussionComment, "discussion__evaluation"),
        *(Q(discussion__audience="review"), ("words",)),
    ),
    "unresolved": (models.UnresolvedText, "evaluation", Q(), ("words",)),
    "deskmark": (models.DeskMark, "evaluation", Q(), ("words",)),
    "question": (models.DeskQuestion, "evaluation", Q(sent_at__isnull=False), ("words", "answer")),
    "draftquestion": (models.DeskQuestion, "evaluation", Q(sent_at=None), ("words",)),
    "photo": (models.RecordedFile, "visit__evaluation", Q(), ("name", "words")),
    "device": (models.RecordingDevice, "visit__evaluation", Q(), ("name",)),
    "sheet": (models.SheetRow, "sheet__visit__evaluation", Q(), ("role", "topic", "words")),
    "laterow": (models.LateRow, "visit__evaluation", Q(), ("role", "topic", "words", "reason")),
    "dates": (models.SuggestedDates, "visit__evaluation", Q(), ("words",)),
    "draftremark": (models.DraftRemark, "evaluation", Q(), ("words",)),
    "response": (models.Response, "scorecard__evaluation", Q(), ("words",)),
    "remark": (models.Remark, "response__scorecard__evaluation", Q(), ("words",)),
    "reply": (models.Reply, "remark__response__scorecard__evaluation", Q(given_at__isnull=False), ("words",)),
    "draftreply": (models.Reply, "remark__response__scorecard__evaluation", Q(given_at=None), ("words",)),
    "vote": (models.Vote, "scorecard__evaluation", Q(), ("words",)),
    "comment": (models.Comment, "scorecard__evaluation", Q(), ("words",)),
    "decision": (models.Decision, "evaluation", Q(), ("reasons",)),
    "ground": (models.Withdrawal, "accreditation__decision__evaluation", Q(), ("ground",)),
    "statement": (models.Withdrawal, "accreditation__decision__evaluation", Q(), ("statement",)),
    "condition": (models.Requirement, "decision__evaluation", Q(), ("text",)),
    "appeal": (models.Appeal, "evaluation", Q(), ("grounds",)),
    "appealvote": (models.AppealVote, "appeal__evaluation", Q(), ("words",)),
    "correction": (models.Correction, "evaluation", Q(), ("reasons",)),
    "draftadvice": (models.Recommendation, "evaluation", Q(state="drafted"), ("title", "text", "look_for")),
    "advice": (models.Recommendation, "evaluation", ~Q(state="drafted"), ("title", "text", "look_for")),
    "owner": (models.Recommendation, "evaluation", Q(), ("owner",)),
    "proof": (models.Proof, "recommendation__evaluation", Q(), ("words",)),
    "practice": (models.GoodPractice, "finding__evaluation", Q(state="published"), ("title", "summary", "text")),
    "draftpractice": (models.GoodPractice, "finding__evaluation", ~Q(state="published"), ("title", "summary", "text")),
    "practicetalk": (models.PracticeQuestion, "practice__finding__evaluation", Q(), ("words", "answer")),
}
"""The kinds of texts of an evaluation: the model, the path to the evaluation, which rows, and their columns."""

OF_HOTLINE: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "document": (models.Document, "hotline", ("name",)),
    "figures": (models.StatisticsImport, "hotline", ("file_name",)),
    "key": (models.SystemKey, "hotline", ("name",)),
    "stake": (models.Stake, "hotline", ("reason",)),
    "invitation": (models.Invitation, "hotline", ("name",)),
    "exchange": (models.Exchange, "visitor", ("message", "report")),
    "consulted": (models.ConsultationComment, "hotline", ("words",)),
}
"""The kinds of texts of a hotline."""


OF_UIDS: dict[str, tuple[Any, str]] = {
    "evaluation": (Evaluation, "pk"),
    "visit": (models.Visit, "evaluation"),
    "scorecard": (models.Scorecard, "evaluation"),
    "issue": (Issue, "decision__evaluation"),
    "accredited": (models.Accreditation, "decision__evaluation"),
    "appealed": (models.Appeal, "evaluation"),
}
"""The kinds of rows of an evaluation that have no text of their own."""


def _note_uids(network: Network) -> None:
    """Let the uids of rows be marks."""
    of_evaluation = {
        kind: (model, path, which) for kind, (model, path, which, _columns) in OF_EVALUATION.items() if kind != "appeal"
    }
    of_evaluation |= {kind: (model, path, Q()) for kind, (model, path) in OF_UIDS.items()}
    for entry in network.entries:
        country = entry.country.lower()
        found = [
            ((country, generation, kind), model._base_manager.filter(which, **{path: stage.evaluation.pk}))
            for generation, stage in (("1", entry.before), ("2", entry.now))
            for kind, (model, path, which) in of_evaluation.items()
        ]
        found += [
            ((country, "0", kind), model._base_manager.filter(**{path: entry.now.hotline.pk}))
            for kind, (model, path, _columns) in OF_HOTLINE.items()
        ]
        for mark, rows in found:
            if any(one.name == "uid" for one in rows.model._meta.fields):
                network.uids |= {str(uid): mark for uid in rows.values_list("uid", flat=True)}
    network.marks |= set(network.uids.values())


def _mark_counts(network: Network) -> None:
    """Give each hotline counts of seven digits: in the figures that count, and in a file that nobody confirmed."""
    numbers = (9_130_427 + 7_919 * number for number in count())
    for entry in network.entries:
        counted, draft = (str(next(numbers)) for _kind in ("count", "draftcount"))
        FigureFactory(statistics=entry.now.hotline.statistics.get(state="confirmed"), item="A09", value=int(counted))
        rows = [["A03", "", "", "", "", draft, "measured"]]
        models.StatisticsImport.objects.filter(pk=entry.now.statistics.pk).update(draft=rows)
        country = entry.country.lower()
        network.counts |= {counted: (country, "0", "count"), draft: (country, "0", "draftcount")}
    network.marks |= set(network.counts.values())


def _drop_triggers() -> None:
    """Drop what keeps rows from being marked. The end of the test rolls this back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname = ANY(%s)",
                [sorted(trigger_names("postgresql"))],
            )
            for name, table in cursor.fetchall():
                if name.startswith("frozen_"):
                    cursor.execute(f'DROP TRIGGER "{name}" ON {table}')
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen_%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def _mark(network: Network, rows: Any, columns: Iterable[str], mark: tuple[str, str, str]) -> None:
    """Write a mark before each text in these columns of these rows."""
    for column in columns:
        keys = list(rows.exclude(**{column: ""}).values_list("pk", flat=True))
        if keys:
            found = rows.model._base_manager.filter(pk__in=keys)
            found.update(**{column: Concat(Value(f"zz{''.join(mark)}zz "), F(column))})
            network.marks.add(mark)


def _mark_evaluation(network: Network, entry: Entry, stage: Stage, generation: str) -> None:
    country = entry.country.lower()
    for kind, (model, path, which, columns) in OF_EVALUATION.items():
        rows = model._base_manager.filter(which, **{path: stage.evaluation})
        _mark(network, rows, columns, (country, generation, kind))
    steps = models.StepWords.objects.filter(step__uid=stage.evaluation.uid)
    _mark(network, steps, ["note"], (country, generation, "step"))


def _mark_hotline(network: Network, entry: Entry) -> None:
    country = entry.country.lower()
    for kind, (model, path, columns) in OF_HOTLINE.items():
        rows = model._base_manager.filter(**{path: entry.now.hotline.pk})
        _mark(network, rows, columns, (country, "0", kind))
    people = User.objects.filter(pk__in=[entry.now.coordinator.pk, entry.now.contributor.pk])
    _mark(network, people, ["name"], (country, "0", "person"))


def _write_copies(network: Network) -> None:
    """Let the product copy marked texts: submissions, reports and letters."""
    for entry in network.entries:
        for stage in (entry.before, entry.now):
            stage.coordinator.refresh_from_db()
            stage.contributor.refresh_from_db()
            evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
            if entry.situation != "self_assessment" or stage is entry.before:
                permissions.submission(stage)
            if decision := evaluation.decisions.first():
                models.Decision.objects.get(pk=decision.pk).issues.all().delete()
                stage.issue = make_issue(decision, "en")
                write_letters(evaluation, "decide", by=stage.people.panel)
        mark = f"zz{entry.country.lower()}0letterzz"
        Letter.objects.create(
            to_user=entry.now.coordinator, to_address=entry.now.coordinator.email, subject=mark, body=mark
        )
