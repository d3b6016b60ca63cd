"""Chosen indicators are sent back on a form: Home shows it first, and all others cannot be changed anywhere."""

from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.discussions.discussions import add_comment
from evaluation.models import Answer, Audience, Evaluation, ReturnedAnswer, UnresolvedText
from evaluation.workflow import perform
from portal.answers.tasks import MOST_PLACES
from portal.home.today import TASKS
from portal.home.what_next import lines_of_hotlines
from portal.letters.models import Letter
from portal.rounds.board import visible_evaluations
from portal.rounds.board_rows import read_progress, read_rows
from portal.tasks import find_tasks
from tests.bystander import new
from tests.factories import SIGNED
from tests.stage import Stage

pytestmark = pytest.mark.django_db

REASONS = {"reason-1.1.2": "Who answers at night?", "reason-1.2.1": "Since when?", "reason-1.1.1": " "}


@pytest.fixture
def stage() -> Stage:
    return Stage("desk_review")


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


def text_of(response: Any) -> str:
    return unescape(" ".join(strip_tags(response.content.decode()).split()))


def address(stage: Stage, name: str = "send_back", *args: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])


def send(mce: Client, stage: Stage, sent: dict[str, str] | None = None, **more: str) -> Any:
    return mce.post(address(stage), (REASONS if sent is None else sent) | more)


def shown_on(client: Client, stage: Stage) -> dict[str, Any]:
    page = client.get(address(stage, "answers", "1.1"))
    return {one.code: one for one in page.context["indicators"]} | {"text": text_of(page)}


def test_what_has_a_reason_is_sent_back_and_the_letter_has_every_reason(mce: Client, stage: Stage):
    assert send(mce, stage, note="Nearly there.").status_code == 302
    assert set(new(Evaluation).get().returned) == {"1.1.2", "1.2.1"}
    to, bodies = zip(*new(Letter).values_list("to_user", "body"), strict=True)
    assert set(to) == {stage.coordinator.pk, stage.contributor.pk}
    assert "Nearly there.\n1.1.2: Who answers at night?\n1.2.1: Since when?\n" in bodies[0]
    assert "all others stay as submitted" in bodies[0]


def test_the_same_form_sent_twice_sends_back_once_and_a_further_one_widens(mce: Client, stage: Stage):
    for _twice in range(2):
        assert send(mce, stage).status_code == 302
    assert (ReturnedAnswer.objects.count(), new(Letter).count()) == (2, 2)
    assert send(mce, stage, {"reason-1.1.1": "You asked by telephone."}).status_code == 302
    assert set(new(Evaluation).get().returned) == {"1.1.1", "1.1.2", "1.2.1"}
    text = text_of(mce.get(address(stage)))
    assert "You asked by telephone." in text
    assert "Since when?" in text


def test_a_refused_form_keeps_the_reasons(mce: Client, stage: Stage):
    assert "No indicator is chosen" in text_of(send(mce, stage, {}))
    new(Evaluation).update(state=Evaluation.State.STUDY_VISIT)
    refused = send(mce, stage, note="Nearly there.")
    rows = [row for group in refused.context["groups"] for row in group.rows]
    assert refused.status_code == 422
    assert {row.code: row.submitted for row in rows if row.submitted} == {
        "1.1.2": "Who answers at night?",
        "1.2.1": "Since when?",
    }
    assert "Nearly there." in text_of(refused)
    assert mce.get(address(stage)).status_code == 302


def test_no_reason_is_cut(mce: Client, stage: Stage):
    """A line end counts as one character, as in the browser's own limit."""
    long = "\n".join(["x" * 499] * 4) + "y"
    refused = send(mce, stage, {"reason-1.1.2": f"{long}z", "reason-1.2.1": "Since when?"}, note="n" * 2001)
    rows = {row.code: row for group in refused.context["groups"] for row in group.rows}
    assert (refused.status_code, rows["1.1.2"].submitted, rows["1.2.1"].submitted) == (422, f"{long}z", "Since when?")
    assert (bool(rows["1.1.2"].problem), rows["1.2.1"].problem, "2001" in text_of(refused)) == (True, "", True)
    assert [problem["target"] for problem in refused.context["problems"]] == ["note", "reason-1.1.2"]
    send(mce, stage, {"reason-1.1.2": long.replace("\n", "\r\n")})
    assert ReturnedAnswer.objects.get().reason == long


def test_home_says_it_first_and_leads_to_each(mce: Client, coordinator: Client, stage: Stage):
    send(mce, stage)
    page = coordinator.get(reverse("workspace:home"), follow=True)
    first = page.context["acts"][0]
    assert first.what == f"{stage.hotline.name}: 2 indicators were sent back to you"
    place = f"{address(stage, 'answers', '1.1')}#i1.1.2"
    assert first.places == [("1.1.2", place), ("1.2.1", f"{address(stage, 'answers', '1.2')}#i1.2.1")]
    assert page.context["questionnaire"] == place
    assert page.context["deadline"].sentences.startswith("2 indicators are sent back.")
    assert [one.what for one in page.context["acts"] if "came back" in one.what] == []
    assert {row.code: (row.back, row.first) for row in page.context["domains"]}["D1"] == (2, "1.1")
    assert [reason.count for reason in page.context["standing"].reasons] == [2]
    listed = coordinator.get(address(stage, "indicators"), {"show": "sent_back"})
    assert [row.code for group in listed.context["groups"] for row in group.rows] == ["1.1.2", "1.2.1"]


def test_many_stand_by_their_standards(mce: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch):
    send(mce, stage)
    monkeypatch.setattr("portal.answers.tasks.MOST_PLACES", 1)
    (first, *_others) = lines_of_hotlines(new(Evaluation), stage.coordinator)
    assert MOST_PLACES > 1
    assert ([one.code for one in first.standards], first.count) == (["1.1", "1.2"], 2)


def test_what_was_not_sent_back_is_shown_and_not_asked(mce: Client, coordinator: Client, stage: Stage):
    send(mce, stage)
    shown = shown_on(coordinator, stage)
    assert {code: (shown[code].may_answer, shown[code].is_fixed) for code in ("1.1.1", "1.1.2")} == {
        "1.1.1": (False, True),
        "1.1.2": (True, False),
    }
    assert (shown["1.1.1"].is_shut, shown["1.1.2"].is_shut) == (True, False)
    assert (shown["1.1.1"].standing, shown["1.1.2"].standing) == ("settled", "lacking")
    assert "not sent back: stays as submitted" in shown["text"]
    assert f"{stage.people.mce.name} sent this back" in shown["text"]
    assert "Who answers at night?" in shown["text"]


def writings(stage: Stage) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Yield the address, the values and the headers of each way to write the answer to 1.1.1."""
    plain = {"version-1.1.1": "1", "level-1.1.1": "0", "words-1.1.1": "Late words."}
    alone = {"version": "1", "level": "0", "words": "Late words."}
    yield address(stage, "answers", "1.1"), plain, {}
    yield address(stage, "save_answer", "1.1", "1.1.1"), alone, {}
    yield address(stage, "save_answer", "1.1", "1.1.1"), alone, {"Accept": "application/json"}


def test_wherever_it_is_written_it_stays_and_the_words_are_kept(mce: Client, coordinator: Client, stage: Stage):
    send(mce, stage)
    before = new(Answer).get(code="1.1.1")
    for number, (url, sent, headers) in enumerate(writings(stage), 1):
        refused = coordinator.post(url, sent, headers=headers)
        assert refused.status_code == 423, url
        assert "it stays as submitted. Your text is kept" in refused.content.decode()
        assert UnresolvedText.objects.filter(code="1.1.1", words="Late words.").count() == number
    text = UnresolvedText.objects.first()
    url = reverse("workspace:use_text", args=[text.uid])
    coordinator.post(url, {f"version-{text.uid}": before.version})
    versions = reverse("workspace:restore_version", args=[stage.evaluation.uid, "answer", "1.1.1", 1])
    coordinator.post(versions, {"version": before.version})
    assert new(Answer).get(code="1.1.1").version == before.version
    assert "Late words." in shown_on(coordinator, stage)["text"]


def test_its_evidence_stays_with_a_reason(mce: Client, coordinator: Client, stage: Stage):
    send(mce, stage)
    before = set(stage.evaluation.evidence.values_list("pk", flat=True))
    page = coordinator.post(address(stage, "add_evidence", "1.1.1"), {"address": "https://example.org/a"}, follow=True)
    assert "this indicator was not sent back" in text_of(page)
    assert set(stage.evaluation.evidence.values_list("pk", flat=True)) == before
    listed = coordinator.get(address(stage, "evidence")).context["items"]
    assert [one for one in listed if "dates_url" in one] == []
    link = stage.evaluation.evidence.first()
    assert coordinator.get(address(stage, "evidence_item", str(link.uid))).context["form"] is None


def test_the_board_and_today_and_the_submissions_name_it(mce: Client, stage: Stage):
    new(Evaluation).update(state=Evaluation.State.SELF_ASSESSMENT)
    perform(new(Evaluation).get(), "submit", signed=SIGNED, by=stage.coordinator)
    send(mce, stage)
    evaluation = new(Evaluation).get()
    rows = read_rows(stage.round, visible_evaluations(stage.people.mce, stage.round))
    read_progress(rows)
    assert [row.returned for row in rows] == [2]
    version = evaluation.answers.get(code="1.1.2").version
    save_answer(evaluation, "1.1.2", AnswerInput(level=1), version=version, by=stage.coordinator)
    add_comment(evaluation, "1.2.1", Audience.REVIEW, words="Since 2010.", by=stage.coordinator)
    perform(evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    whys = {row.waiting.why for row in find_tasks(stage.people.mce, TASKS) if row.kind.code == "review"}
    assert whys == {"It is submitted again. Sent back were: 1.1.2, 1.2.1."}
    page = mce.get(address(stage, "submissions"))
    assert [(one.returned, one.unchanged) for one in page.context["submissions"]] == [
        (("1.1.2", "1.2.1"), ["1.2.1"]),
        ((), []),
    ]
    assert address(stage, "discussion", "review", "1.2.1") in page.content.decode()
