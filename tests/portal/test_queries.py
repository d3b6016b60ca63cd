"""The number of queries of a page does not depend on the number of hotlines, indicators and steps."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput
from evaluation.models import LastLook, Role, Step, User, Visit
from evaluation.response.replies import save_reply
from evaluation.response.response import accept_findings, add_remark_proof, respond, save_remark
from evaluation.workflow import write_step
from standards.framework import Domain, Framework, Indicator, Measure, Source, Standard
from tests.bulk_network import create_network
from tests.bystander import new
from tests.factories import CommentFactory, agree, person, write_answer
from tests.small_edition import RULE, SMALL
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


def with_more(code: str, *, standards: int, each: int) -> Framework:
    """Return the small edition with more standards, with so many indicators each."""
    more = (
        Standard(
            f"5.{place}",
            tuple(Indicator(f"5.{place}.{n}", "core", Measure.SCALE, Source.VISIT) for n in range(1, each + 1)),
        )
        for place in range(1, standards + 1)
    )
    return Framework(code=code, rule=RULE, domains=(*SMALL.domains, Domain("D5", tuple(more))))


BIGGER = with_more("T2", standards=5, each=6)
"""The small edition with thirty more indicators."""

PAGES = (
    *("home", "evaluation", "answers", "visit", "agenda", "findings", "scorecard", "recommendations", "report"),
    *("board", "rounds", "visits", "panel", "figures", "hotlines", "hotline", "register", "public"),
    *("plan", "recommendation", "network"),
    *("response", "replies", "deliberation"),
)


def visitor(name: str, stage: Stage) -> User | None:
    """Return the user who opens a page most often."""
    if name in ("register", "public"):
        return None
    if name in ("home", "evaluation", "answers", "figures", "recommendations", "plan", "recommendation", "response"):
        return stage.coordinator
    if name in ("visit", "agenda", "visits", "findings"):
        return stage.people.lead
    if name == "scorecard" and stage.decision is None:
        return stage.coordinator
    return stage.people.panel if name in ("panel", "scorecard", "deliberation") else stage.people.mce


def address(name: str, stage: Stage) -> str:
    uid = stage.evaluation.uid
    if name in ("register", "public"):
        return reverse("pages:register") if name == "register" else reverse("pages:hotline", args=[stage.country])
    given: dict[str, list[Any]] = {
        "answers": [uid, "1.1"],
        "findings": [uid, "3.2"],
        "board": [stage.round.uid],
        "hotline": [stage.country],
        "recommendation": [stage.recommendation.uid] if stage.recommendation else [],
    }
    plain = ("network", "home", "rounds", "visits", "panel", "figures", "hotlines")
    return reverse(f"workspace:{name}", args=given.get(name, [] if name in plain else [uid]))


def count(name: str, stage: Stage, sign_in: Callable[..., Client]) -> int:
    """Return the number of queries of a second request, when caches in memory are filled."""
    return count_for(visitor(name, stage), address(name, stage), sign_in)


def count_for(user: User | None, path: str, sign_in: Callable[..., Client]) -> int:
    client = sign_in(Client(), user) if user else Client()
    client.get(path, follow=True)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return len(asked)


def counts(stage: Stage, sign_in: Callable[..., Client]) -> dict[str, int]:
    not_there = set() if stage.visit else {"visit", "agenda", "findings"}
    not_there |= set() if stage.decision else {"recommendation", "deliberation"}
    names = [name for name in PAGES if name not in not_there]
    return {name: count(name, stage, sign_in) for name in names}


@cache
def counts_of_one(sign_in: Callable[..., Client], framework: Framework = SMALL) -> dict[str, int]:
    """Return the queries of all pages of a single published evaluation, and roll it back."""
    with transaction.atomic():
        found = counts(Stage("published", framework=framework), sign_in)
        transaction.set_rollback(True)
    return found


def test_three_hotlines_ask_no_more_than_one(sign_in: Callable[..., Client]):
    alone = counts_of_one(sign_in)
    people = Participants()
    one = Stage("published", people, country="XA")
    for country in ("XB", "XC"):
        Stage("published", people, country=country, round=one.round)
    assert counts(one, sign_in) == alone


@pytest.mark.parametrize("reaches", ["self_assessment", "study_visit"])
def test_hotlines_that_still_work_ask_no_more_either(sign_in: Callable[..., Client], reaches: str):
    people = Participants()
    one = Stage(reaches, people, country="XA")
    alone = counts(one, sign_in)
    for country in ("XB", "XC"):
        Stage(reaches, people, country=country, round=one.round)
    assert counts(one, sign_in) == alone


def test_a_bigger_edition_asks_no_more(sign_in: Callable[..., Client]):
    assert counts_of_one(sign_in, BIGGER) == counts_of_one(sign_in)


def test_the_questionnaire_asks_no_more_for_more_indicators_on_its_page_and_beside_it(sign_in: Callable[..., Client]):
    asked = []
    for code, standards, each in (("T3", 1, 6), ("T4", 5, 30)):
        with transaction.atomic():
            stage = Stage("self_assessment", framework=with_more(code, standards=standards, each=each))
            path = reverse("workspace:answers", args=[stage.evaluation.uid, "5.1"])
            asked.append(count_for(stage.coordinator, path, sign_in))
            transaction.set_rollback(True)
    assert asked[0] == asked[1]


def test_today_as_a_page_asks_no_more_for_forty_hotlines_than_for_eight(sign_in: Callable[..., Client]):
    asked = []
    for hotlines in (8, 40):
        with transaction.atomic():
            people = Participants()
            create_network(hotlines, people.lead)
            asked.append(count_for(people.mce, reverse("workspace:home"), sign_in))
            transaction.set_rollback(True)
    assert asked[1] <= asked[0]  # of what is on another page of the list, only the number is read


def test_home_of_an_open_self_assessment_asks_no_more_for_a_bigger_edition_or_a_longer_history(
    sign_in: Callable[..., Client],
):
    asked = []
    for framework in (SMALL, BIGGER):
        with transaction.atomic():
            stage = Stage("self_assessment", framework=framework)
            away = timezone.now() - timedelta(days=1)
            LastLook.objects.create(evaluation=stage.evaluation, user=stage.coordinator, at=away)
            write_answer(stage.evaluation, "1.1.1", level=1, by=stage.contributor)
            asked.append(count("evaluation", stage, sign_in))
            for level in range(20):
                write_answer(stage.evaluation, "1.1.2", level=level % 3, by=stage.contributor)
                write_step(stage.round, "remind", "open", by=stage.people.mce)
            asked.append(count("evaluation", stage, sign_in))
            transaction.set_rollback(True)
    assert len(set(asked)) == 1


@pytest.mark.parametrize(
    ("reaches", "state", "most"),
    [
        ("study_visit", Visit.State.UNDER_WAY, 25),
        ("study_visit", Visit.State.FINDINGS_ENTERED, 29),
        ("published", Visit.State.CLOSED, 22),
    ],
)
def test_the_page_of_a_visit_reads_each_table_of_the_visit_once(
    sign_in: Callable[..., Client], reaches: str, state: Visit.State, most: int
):
    stage = Stage(reaches)
    new(Visit).update(state=state)
    own = ("visit", "teammember", "answer", "finding", "laterow", "visitsheet", "deskquestion")
    for user in (stage.people.lead, stage.people.mce):
        client, path = sign_in(Client(), user), reverse("workspace:visit", args=[stage.evaluation.uid])
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        read = Counter(query["sql"].partition(' FROM "evaluation_')[2].partition('"')[0] for query in asked)
        # Whether a member of the team has a tie is a question of its own.
        with_ties = {"teammember": 2} if state != Visit.State.CLOSED else {}
        assert {table: read[table] for table in own} == dict.fromkeys(own, 1) | with_ties
        assert len(asked) <= most


def test_fifty_steps_ask_no_more_than_none(sign_in: Callable[..., Client]):
    stage = Stage("published")
    things = (stage.evaluation, stage.round, stage.visit)
    for thing in things:
        write_step(
            thing, "open" if thing is stage.round else "begin" if thing is stage.visit else "submit", "", by=None
        )
    before = counts(stage, sign_in)
    for thing, move in zip(things, ("submit", "open", "begin"), strict=True):
        for _ in range(50):
            write_step(thing, move, "", by=stage.people.mce, note="Again.")
    assert new(Step).count() == 153
    assert counts(stage, sign_in) == before


def test_twenty_members_their_votes_and_their_comments_ask_no_more_than_three(sign_in: Callable[..., Client]):
    stage = Stage("decision")
    before = {name: count(name, stage, sign_in) for name in ("deliberation", "panel")}
    for number in range(20):
        member = person(Role.PANEL_MEMBER, name=f"Member {number}")
        agree(stage.scorecard, member)
        CommentFactory(scorecard=stage.scorecard, user=member)
    assert {name: count(name, stage, sign_in) for name in ("deliberation", "panel")} == before


def test_a_draft_in_which_much_is_contested_asks_no_more(sign_in: Callable[..., Client]):
    stage = Stage("response")
    before = count("response", stage, sign_in)
    for code in stage.framework.indicators:
        save_remark(stage.evaluation, code, "Not so.", version=0, by=stage.contributor)
        add_remark_proof(stage.evaluation, code, by=stage.contributor, thing="https://example.org/rota")
    assert count("response", stage, sign_in) == before
    for code in stage.framework.indicators:
        accept_findings(stage.evaluation, [code], by=stage.contributor)
    assert count("response", stage, sign_in) == before


def test_a_response_that_contests_much_asks_no_more_of_who_answers_it(sign_in: Callable[..., Client]):
    asked, people, shared = [], Participants(), None
    for country, codes in (("XA", ["1.1.2"]), ("XB", list(SMALL.indicators))):
        stage = Stage("response", people, country=country, round=shared)
        shared = stage.round
        for code in codes:
            save_remark(stage.evaluation, code, "Not so.", version=0, by=stage.coordinator)
            add_remark_proof(stage.evaluation, code, by=stage.coordinator, thing="https://example.org/rota")
        respond(stage.evaluation, by=stage.coordinator)
        for code in codes:
            save_reply(stage.evaluation, code, AnswerInput(words="We saw it."), version=0, by=stage.people.lead)
        asked.append(count("replies", stage, sign_in))
    assert asked[0] == asked[1] <= MOST["replies"]


# --- The budget ------------------------------------------------------------------------------------------------------

MOST = {
    "home": 34, "evaluation": 27, "answers": 17, "visit": 28, "agenda": 35, "findings": 24, "scorecard": 20, "recommendations": 9,
    "report": 10, "board": 30, "rounds": 7, "visits": 8, "panel": 13, "figures": 14, "hotlines": 7, "hotline": 8,
    "register": 11, "public": 18, "plan": 12, "recommendation": 16, "network": 11,
    "response": 22, "replies": 21, "deliberation": 44,
}  # fmt: skip
"""The maximal number of queries of each page; `home` and `figures` with the page that they redirect to.

Raise a number only with a reason. `public` reads what is public, and the names that it replaces, in five queries.

Every page of the workspace has one query for what the reader has to decide about; a page with a form also reads this of
its own evaluation. Home and the overview read which files of figures wait for the hotline.

Home and the overview read which good practice waits for consent, which questions about it wait for an answer, and which
visits of other hotlines wait. A page of answers reads the good practice in the library. The pages of a visit read its
sheets and their rows, and the page of the visit those that came too late.

Every page of a hotline's user reads which evaluation its menu leads into. Home and the overview read when the user last
opened them, and the other rounds of the hotline.

The response and the panel's screen read the evidence of the hotline's remarks. Of a decided evaluation, they and the
replies read the decided scorecard: it may have been scored again since.

The first page of each user reads the comments that mention them; a page of answers reads which of its indicators are
discussed, and where evidence was removed. It and the findings read which evaluation of the hotline came before. A page with evidence of answers reads its uses for other answers, and the visit if some of the evidence has
dates.

If figures decide, three queries read their origin: the files, their steps, and their content. A submission has pinned
figures: one query per page reads them instead of the live ones. The board reads the version of each hotline's answers
and findings, and scores only what has changed. It also reads what waits for the reader in the round, and the latest
answers and steps.

The findings read the marks and the questions of the desk review. The agenda reads the visit and its agenda, and the
templates with their editions. The list of files is counted for its pages, and reads which exports are understood.

The panel's screen reads whose votes count by their roles and declarations, who could still vote, and who may hear an
appeal; when the second vote began, and the votes before it. Home and the overview read the conditions of the hotline
and the withdrawals of its accreditations. The register reads whether an edition hides refusals.

The statuses of the hotlines are cached for the register: it reads the version (steps, publications, days), the cache
entry, and names, operators and texts, which are not cached. A decided evaluation also reads its decision, an appeal and
the accreditation; the panel's list reads the appeals to be heard.
"""


def test_no_page_asks_more_than_its_budget(sign_in: Callable[..., Client]):
    asked = counts_of_one(sign_in)
    assert {name: number for name, number in asked.items() if number > MOST[name]} == {}


SCRIPT = {"Accept": "application/json"}


@pytest.mark.parametrize("framework", [SMALL, BIGGER])
def test_a_save_asks_at_most_six_questions(sign_in: Callable[..., Client], framework: Framework):
    stage = Stage("self_assessment", framework=framework)
    client = sign_in(Client(), stage.coordinator)
    url = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    assert client.post(url, {"level": "2", "version": "1"}, headers=SCRIPT).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.post(url, {"level": "1", "version": "2"}, headers=SCRIPT).status_code == 200
    assert len(asked) <= 6, [query["sql"][:120] for query in asked]


def test_a_finding_is_saved_in_as_few(sign_in: Callable[..., Client]):
    stage = Stage("study_visit")
    client = sign_in(Client(), stage.people.lead)
    url = reverse("workspace:save_finding", args=[stage.evaluation.uid, "3.2", "3.2.1"])
    assert client.post(url, {"level": "2", "version": "0"}, headers=SCRIPT).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.post(url, {"level": "1", "version": "1"}, headers=SCRIPT).status_code == 200
    assert len(asked) <= 11, [query["sql"][:120] for query in asked]


def test_a_reply_is_saved_in_as_few(sign_in: Callable[..., Client]):
    stage = Stage("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    client = sign_in(Client(), stage.people.lead)
    url = reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])
    assert client.post(url, {"words": "It stands.", "version": "0"}, headers=SCRIPT).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.post(url, {"words": "It stands so.", "version": "1"}, headers=SCRIPT).status_code == 200
    assert len(asked) <= 11, [query["sql"][:120] for query in asked]
