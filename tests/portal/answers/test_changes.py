"""What changed since a user of the hotline last opened Home, in words, with the place of each indicator."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from evaluation import queries
from evaluation.models import Evaluation, LastLook, Role
from evaluation.workflow import write_step
from portal.answers.changes import changes_for, describe_changes
from portal.templatetags.marks import ICONS
from tests.factories import HotlineFactory, evaluation_of, person, write_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(HotlineFactory())


def test_only_people_of_the_hotline_are_noted(evaluation: Evaluation):
    for role in (Role.MCE_COORDINATOR, Role.ASSESSOR, Role.CONTRIBUTOR):
        assert changes_for(evaluation, person(role, hotline=evaluation.hotline), []) is None
    assert LastLook.objects.count() == 1


def test_each_line_says_who_did_what_when_and_leads_there(evaluation: Evaluation):
    now = timezone.now()
    me = person(Role.CONTRIBUTOR, hotline=evaluation.hotline)
    ilze = person(Role.COORDINATOR, hotline=evaluation.hotline, name="Ilze Kalniņa")
    LastLook.objects.create(evaluation=evaluation, user=me, at=now - timedelta(days=1))
    at = datetime(now.year + 1, 3, 7, 16, 40, tzinfo=ZoneInfo("Europe/Brussels"))
    write_answer(evaluation, "1.1.1", level=1, by=ilze, at=at)
    write_answer(evaluation, "1.2.1", level=1, by=ilze, at=at)
    write_answer(evaluation, "3.2.1", level=1, by=None, at=at - timedelta(hours=1))
    write_step(evaluation.round, "move_deadline", "open", by=person(Role.MCE_COORDINATOR, name="Anouk"), note="More.")
    changes = changes_for(evaluation, me, queries.steps_of(evaluation))
    assert changes is not None
    lines = describe_changes(changes, evaluation, evaluation.round.edition.texts("en"))
    assert {line["icon"] for line in lines} <= ICONS.keys()
    step, two, one = lines
    assert step["what"] == "Anouk: Last day of the self-assessment moved"
    assert (two["what"], two["why"]) == ("Ilze Kalniņa: 2 answers changed", f"7 Mar {now.year + 1}, 16:40 CET")
    assert [standard.code for standard in two["standards"]] == ["1.1", "1.2"]
    assert two["url"].endswith("/answers/1.1/#i1.1.1")
    assert one["what"] == "Somebody: 1 answer changed"
    assert changes_for(evaluation, me, []) is not None, "they stay while the reader stays"


def test_nothing_is_said_where_nothing_changed(evaluation: Evaluation):
    me = person(Role.CONTRIBUTOR, hotline=evaluation.hotline)
    LastLook.objects.create(evaluation=evaluation, user=me, at=timezone.now() - timedelta(days=1))
    write_answer(evaluation, "1.1.1", level=1, by=me)
    assert changes_for(evaluation, me, []) is None
