"""The progress by domain: its assignees, its last change and author, without a query for each domain."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import prefetch_related_objects

from evaluation.discussions.assignments import assign
from evaluation.models import Evaluation, Role
from portal.answers.sharing import sharing_for
from portal.home.domain_progress import DomainRow, domain_rows
from tests.bystander import new
from tests.factories import HotlineFactory, evaluation_of, person, write_answer

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 7, 16, 40, tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(HotlineFactory())


def rows(evaluation: Evaluation, names: dict[int, str], *given: str) -> dict[str, DomainRow]:
    user = person(Role.COORDINATOR, hotline=evaluation.hotline)
    evaluation = new(Evaluation).get()
    texts = evaluation.round.edition.texts("en")
    sharing = sharing_for(evaluation, user)
    found = domain_rows(evaluation, set(given), texts, sent_back={"1.1.1", "3.2.1"}, sharing=sharing, names=names)
    return {row.code: row for row in found}


def test_a_domain_says_when_it_last_moved_and_by_whom(evaluation: Evaluation):
    ilze = person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name="Ilze Kalniņa")
    write_answer(evaluation, "1.1.1", level=1, at=AT, by=ilze)
    write_answer(evaluation, "1.2.1", level=1, at=AT - timedelta(hours=1))
    write_answer(evaluation, "3.2.1", level=1, at=AT - timedelta(hours=2), by=person(name="Somebody who left"))
    found = rows(evaluation, {ilze.pk: ilze.name})
    assert found["D1"].moved == "Last changed 7 Mar 2027 by Ilze Kalniņa"
    assert found["D3"].moved == "Last changed 7 Mar 2027"
    assert {row.moved for code, row in found.items() if code not in ("D1", "D3")} == {""}
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    assert {row.moved for row in rows(evaluation, {}).values()} == {""}


def test_those_who_have_any_of_it_stand_there_once_by_name(evaluation: Evaluation):
    people = [person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name=name) for name in ("Sofía", "Marek")]
    by = person(Role.COORDINATOR, hotline=evaluation.hotline)
    assign(evaluation, ["1.1.1", "1.2.1"], to=people[0], by=by)
    assign(evaluation, ["1.1.2"], to=people[1], by=by)
    found = rows(evaluation, {})
    assert [one.name for one in found["D1"].people] == ["Marek", "Sofía"]
    assert found["D3"].people == ()


def test_a_domain_leads_to_its_first_standard_with_something_to_do(evaluation: Evaluation):
    assert rows(evaluation, {})["D1"].first == "1.1"
    assert rows(evaluation, {}, "1.1.1", "1.1.2", "1.1.3")["D1"].first == "1.2"
    every = evaluation.framework.indicators
    assert rows(evaluation, {}, *every)["D1"].first == "1.1"


def test_no_query_is_asked_for_an_open_self_assessment(evaluation: Evaluation, django_assert_num_queries):
    texts = evaluation.round.edition.texts("en")
    prefetch_related_objects([evaluation], "answers")
    assert evaluation.asked
    with django_assert_num_queries(0):
        domain_rows(evaluation, set(), texts)


def test_what_came_back_is_a_part_of_what_is_answered(evaluation: Evaluation):
    assert [row.back for row in rows(evaluation, {}).values()] == [0] * len(evaluation.framework.domains)
    one = rows(evaluation, {}, "1.1.1", "1.1.2")["D1"]
    assert (one.back, one.progress.answered) == (1, 2)
    assert one.back_percent == 100 // one.progress.of
    assert one.settled_percent + one.back_percent == one.progress.percent
