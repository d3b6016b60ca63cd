"""Assignments of indicators: on the page of a standard, in the list of all indicators, on Home, and in letters."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.discussions.assignments import assign
from evaluation.discussions.discussions import add_comment
from evaluation.models import Answer, Assignment, Audience, Evaluation, Membership, Role
from portal.discussions.letters import write_assignment_letters
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import person, write_answer
from tests.portal.test_queries import BIGGER
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def address(stage: Stage, name: str, *more: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *more])


def assignee_of(code: str) -> str:
    row = Assignment.objects.filter(code=code).first()
    return row.to.name if row else ""


def test_what_is_given_twice_is_counted_as_what_the_person_has(client, sign_in, stage: Stage):
    page = sign_in(client, stage.coordinator)
    sent = {"to-1.1.1": str(stage.contributor.uid)}
    words = [
        text_of(page.post(address(stage, "assign_indicator", "1.1", "1.1.1"), sent, follow=True)) for _ in range(2)
    ]
    message = f"1 indicator is with {stage.contributor.name} now."
    assert [message in text for text in words] == [True, True]


# --- On the page of a standard ---------------------------------------------------------------------------------------


def test_a_coordinator_gives_an_indicator_and_the_typed_answer_beside_it_is_saved(client, sign_in, stage: Stage):
    page = sign_in(client, stage.coordinator)
    version = Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").version
    day = stage.round.today + timedelta(days=1)
    sent = {
        "to-1.1.1": str(stage.contributor.uid),
        "until-1.1.1": day.isoformat(),
        "version-1.1.2": str(version),
        "words-1.1.2": "Typed meanwhile.",
        "level-1.1.2": "2",
    }
    answer = page.post(address(stage, "assign_indicator", "1.1", "1.1.1"), sent, follow=True)
    assert Assignment.objects.get().until == day
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").words == "Typed meanwhile."
    words = text_of(answer)
    assert f"1 indicator is with {stage.contributor.name} now." in words
    assert f"With {stage.contributor.name}, until" in words


def test_a_whole_standard_is_given_and_taken_from_everybody(client, sign_in, stage: Stage):
    page = sign_in(client, stage.coordinator)
    url = address(stage, "assign_standard", "1.1")
    page.post(url, {"to-1.1": str(stage.contributor.uid)})
    assert {row.to for row in Assignment.objects.all()} == {stage.contributor}
    assert f"With {stage.contributor.name}" in text_of(page.get(address(stage, "answers", "1.2")))
    page.post(url, {"to-1.1": "nobody"})
    assert Assignment.objects.count() == 0


def test_a_choice_that_is_wrong_stands_at_its_field_with_what_was_typed(client, sign_in, stage: Stage):
    page = sign_in(client, stage.coordinator)
    url = address(stage, "assign_indicator", "1.1", "1.1.1")
    uid = str(stage.contributor.uid)
    over = (stage.round.today - timedelta(days=1)).isoformat()
    sentences = {}
    for sent in (
        {},
        {"to-1.1.1": "x"},
        {"to-1.1.1": uid, "until-1.1.1": "soon"},
        {"to-1.1.1": uid, "until-1.1.1": over},
    ):
        answer = page.post(url, sent)
        assert (answer.status_code, 'aria-describedby="to-problem-1.1.1"' in answer.content.decode()) == (422, True)
        sentences[text_of(answer).partition("1.1.1: ")[2].partition(". ")[0]] = answer
    assert list(sentences) == [
        "Choose who is to answer",
        "This person is not of your hotline any more",
        "This is not a day of the calendar",
        "This day is over",
    ]
    assert f'<option value="{uid}" selected>' in answer.content.decode()
    assert f'value="{over}"' in answer.content.decode()


def test_a_contributor_takes_over_and_gives_back(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    assert "Give to someone" not in text_of(page.get(address(stage, "answers", "1.1")))
    page.post(address(stage, "take_over", "1.1", "1.1.1"))
    assert assignee_of("1.1.1") == stage.contributor.name
    page.post(address(stage, "give_back", "1.1", "1.1.1"))
    assert assignee_of("1.1.1") == ""
    assert page.post(address(stage, "assign_indicator", "1.1", "1.1.1")).status_code == 403


def test_what_a_colleague_took_over_meanwhile_is_not_given_back(client, sign_in, stage: Stage):
    assign(stage.evaluation, ["1.1.1"], to=stage.coordinator, by=stage.coordinator)
    answer = sign_in(client, stage.contributor).post(address(stage, "give_back", "1.1", "1.1.1"), follow=True)
    assert "Only a coordinator of your hotline gives away what somebody else has." in text_of(answer)
    assert assignee_of("1.1.1") == stage.coordinator.name


def test_nobody_outside_the_hotline_sees_who_has_what(client, sign_in, stage: Stage):
    assign(stage.evaluation, ["1.1.1"], to=stage.contributor, by=stage.coordinator)
    page = text_of(sign_in(client, stage.people.mce).get(address(stage, "answers", "1.1")))
    assert f"With {stage.contributor.name}" not in page
    assert "With nobody" not in page


# --- The list of all indicators --------------------------------------------------------------------------------------


def codes_of(response: Any) -> list[str]:
    return re.findall(r'class="what" href="[^"]+#i([\d.]+)"', response.content.decode())


def test_the_filters_leave_what_fulfils_all_of_them(client, sign_in, stage: Stage):
    framework = stage.evaluation.framework
    write_answer(stage.evaluation, "1.1.2", level=None)
    assign(stage.evaluation, ["1.1.1", "1.1.2"], to=stage.contributor, by=stage.coordinator)
    add_comment(stage.evaluation, "1.2.1", Audience.HOTLINE, words="So?", by=stage.coordinator)
    page = sign_in(client, stage.contributor)
    url = address(stage, "indicators")
    assert codes_of(page.get(url)) == list(stage.evaluation.asked)
    found = {
        show: codes_of(page.get(url, {"show": show.split()}))
        for show in ("mine", "mine unanswered", "commented", "sent_back")
    }
    assert found == {
        "mine": ["1.1.1", "1.1.2"],
        "mine unanswered": ["1.1.2"],
        "commented": ["1.2.1"],
        "sent_back": [],
    }
    essential = [code for code, one in stage.evaluation.asked.items() if framework.has_highest_obligation(one)]
    assert codes_of(page.get(url, {"show": "essential"})) == essential
    place = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    assert f'href="{place}#i1.1.2"' in page.get(url).content.decode()


def test_what_was_sent_back_with_a_question_is_a_filter(client, sign_in, stage: Stage):
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    add_comment(evaluation, "1.2.1", Audience.REVIEW, words="Which document?", by=stage.people.mce)
    new(Evaluation).update(state=Evaluation.State.SELF_ASSESSMENT)
    page = sign_in(client, stage.contributor).get(address(stage, "indicators"), {"show": "sent_back"})
    assert codes_of(page) == ["1.2.1"]
    add_comment(evaluation, "1.2.1", Audience.REVIEW, words="This one.", by=stage.contributor)
    shown = client.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.2"]))
    assert [(one.code, one.sent_back.words, one.is_shut) for one in shown.context["indicators"] if one.sent_back] == [
        ("1.2.1", "Which document?", False)
    ]
    assert f"{stage.people.mce.name} sent this back" in text_of(shown)


def test_several_standards_are_given_at_once(client, sign_in, stage: Stage):
    page = sign_in(client, stage.coordinator)
    sent = {"standard": ["1.1", "1.2"], "to-chosen": str(stage.contributor.uid), "show": ["unanswered", "mine"]}
    answer = page.post(address(stage, "assign_standards"), sent)
    assert answer["Location"] == f"{address(stage, 'indicators')}?show=unanswered&show=mine"
    standards = stage.evaluation.framework.standards
    given = {indicator.code for code in ("1.1", "1.2") for indicator in standards[code].indicators}
    assert set(Assignment.objects.values_list("code", flat=True)) == given
    wrong = page.post(address(stage, "assign_standards"), {"standard": ["1.1"], "until-chosen": "2000-01-01"})
    assert wrong.status_code == 422
    assert re.search(r'value="1\.1"\s+form="give-form"\s+checked', wrong.content.decode())


# --- Home ------------------------------------------------------------------------------------------------------------


def test_home_says_what_is_yours_and_goes_on_there(client, sign_in, stage: Stage):
    write_answer(stage.evaluation, "1.1.2", level=None)
    write_answer(stage.evaluation, "1.2.1", level=None)
    assign(stage.evaluation, ["1.2.1"], to=stage.contributor, by=stage.coordinator)
    words = text_of(sign_in(client, stage.contributor).get(address(stage, "evaluation")))
    assert "Yours: 1 indicator left" in words
    assert "Go on with 1.2.1" in words
    page = sign_in(Client(), stage.coordinator).get(address(stage, "evaluation"))
    other = text_of(page)
    assert "Yours" not in other
    assert "Go on with 1.1.2" in other
    assert [domain.code for domain in page.context["domains"] if stage.contributor in domain.people] == ["D1"]
    assert f'title="{stage.contributor.name}"' in page.content.decode()


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["answers", "indicators", "evaluation"])
def test_the_queries_do_not_grow(sign_in, name: str):
    def asked(stage: Stage, people: int) -> int:
        codes = list(stage.evaluation.framework.indicators)
        for number in range(people):
            other = person(Role.CONTRIBUTOR, hotline=stage.hotline, name=f"P{number}")
            assign(stage.evaluation, codes[number::people], to=other, by=stage.coordinator)
            for code in codes[: people * 2]:
                asks = [stage.coordinator.uid]
                add_comment(stage.evaluation, code, Audience.HOTLINE, words="So?", mentioned=asks, by=other)
        url = address(stage, name, *(["1.1"] if name == "answers" else []))
        client = sign_in(Client(), stage.coordinator)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    found = []
    for framework, people in ((SMALL, 1), (BIGGER, 6)):
        with transaction.atomic():
            found.append(asked(Stage("self_assessment", framework=framework), people))
            transaction.set_rollback(True)
    assert found[0] == found[1]


# --- Letters ---------------------------------------------------------------------------------------------------------


def test_one_letter_a_day_says_what_is_new(stage: Stage):
    today = timezone.localdate()
    assign(stage.evaluation, ["1.1.2"], to=stage.contributor, by=stage.coordinator)
    assign(stage.evaluation, ["1.1.1"], to=stage.contributor, by=stage.coordinator)
    assign(stage.evaluation, ["1.2.1"], to=stage.coordinator, by=stage.coordinator)
    letter = write_assignment_letters(today)[0]
    assert (letter.to_user, letter.subject) == (stage.contributor, "2 indicators are with you now")
    assert f"{stage.hotline.name}: 1.1.1, 1.1.2" in letter.body
    assert f"{address(stage, 'indicators')}?show=mine" in letter.body
    assign(stage.evaluation, ["1.2.1"], to=stage.contributor, by=stage.coordinator)
    assert write_assignment_letters(today) == []
    tomorrow = write_assignment_letters(today + timedelta(days=1))
    assert [one.subject for one in tomorrow] == ["1 indicator is with you now"]
    assert write_assignment_letters(today + timedelta(days=2)) == []


def test_who_left_and_who_took_it_over_gets_no_letter(stage: Stage):
    assign(stage.evaluation, ["1.1.1"], to=stage.contributor, by=stage.contributor)
    leaver = person(Role.CONTRIBUTOR, hotline=stage.hotline)
    assign(stage.evaluation, ["1.1.2"], to=leaver, by=stage.coordinator)
    Membership.objects.filter(user=leaver).update(until=timezone.localdate() - timedelta(days=1))
    assert write_assignment_letters() == []


def test_the_daily_command_writes_them(stage: Stage):
    assign(stage.evaluation, ["1.1.1"], to=stage.contributor, by=stage.coordinator)
    call_command("keep_dates", verbosity=0)
    call_command("keep_dates", verbosity=0)
    assert list(new(Letter).values_list("to_user", flat=True)) == [stage.contributor.pk]
