"""Good practice in the workspace: the list, the text, the consent, thanks, questions, and what waits for whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Finding, GoodPractice, Role, User
from evaluation.workflow import perform
from portal.letters.models import Letter
from tests.factories import HotlineFactory, person, practice_of, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = GoodPractice.State
NEW = {"title": "Two deputies", "summary": "Never alone.", "text": "The rota names two."}


@pytest.fixture
def stage() -> Stage:
    return Stage("published")


@pytest.fixture
def other() -> User:
    return person(Role.COORDINATOR, hotline=HotlineFactory(country="XB", name="Brevia"))


@pytest.fixture
def as_(sign_in: Callable[..., Client]) -> Callable[[User], Client]:
    return lambda user: sign_in(Client(), user)


def url(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def letters_to(user: User) -> list[str]:
    return list(Letter.objects.filter(to_user=user).order_by("pk").values_list("subject", flat=True))


def test_a_note_becomes_a_text_the_hotline_agrees_to_and_everybody_reads(stage: Stage, as_: Any, client: Client):
    write_answer(stage.evaluation, "1.1.2", Finding, level=3, words="A deputy each month.", good_practice=True)
    mce, coordinator = as_(stage.people.mce), as_(stage.coordinator)
    assert "A deputy each month." in text_of(mce, url("practices"))
    begun = mce.post(url("propose_practice", stage.evaluation.uid, "1.1.2"))
    practice = GoodPractice.objects.get()
    assert begun.url == url("edit_practice", practice.uid)
    assert "A deputy each month." in text_of(mce, begun.url)
    assert mce.post(begun.url, {**NEW, "read": practice.digest}).url == url("practice", practice.uid)
    mce.post(url("move_practice", practice.uid, "ask"))
    page = text_of(coordinator, url("practice", practice.uid))
    practice.refresh_from_db()
    assert all(text in page for text in (*NEW.values(), practice.digest))
    home = text_of(coordinator, url("evaluation", stage.evaluation.uid))
    assert "May “Two deputies” be published as your good practice?" in home
    coordinator.post(url("consent_practice", practice.uid), {"agreed": "on", "read": practice.digest})
    assert "Good practice to publish" in text_of(mce, url("home"))
    assert client.get("/en/handbook/good-practice/").content.decode().count("Two deputies") == 0
    mce.post(url("move_practice", practice.uid, "publish"))
    assert "Two deputies" in client.get("/en/handbook/good-practice/").content.decode()
    assert "The public page" in text_of(coordinator, url("practice", practice.uid))
    assert letters_to(stage.coordinator) == [
        "Land XA: may we publish this good practice?",
        "Land XA: your good practice is published",
    ]
    assert letters_to(stage.people.mce) == ["Land XA agrees to publish a good practice"]


def test_a_consent_needs_its_tick_and_the_text_that_was_read(stage: Stage, as_: Any):
    practice = practice_of(stage, State.ASKED)
    coordinator = as_(stage.coordinator)
    address = url("consent_practice", practice.uid)
    unticked = coordinator.post(address, {"read": practice.digest})
    assert (unticked.status_code, "Tick this if the hotline agrees." in unticked.content.decode()) == (422, True)
    page = coordinator.post(address, {"agreed": "on", "read": "0" * 64}, follow=True).content.decode()
    assert "The text was changed meanwhile" in page
    practice.refresh_from_db()
    assert practice.state == State.ASKED


def test_a_hotline_says_what_would_have_to_change(stage: Stage, as_: Any):
    practice = practice_of(stage, State.ASKED)
    coordinator = as_(stage.coordinator)
    coordinator.post(url("move_practice", practice.uid, "refuse"), {"note": "Leave the rota out."})
    assert letters_to(stage.people.mce) == ["Land XA does not agree to publish a good practice"]
    mce = as_(stage.people.mce)
    assert "Leave the rota out." in text_of(mce, url("practice", practice.uid))
    mce.post(url("edit_practice", practice.uid), {**NEW, "read": practice.digest})
    practice.refresh_from_db()
    assert (practice.state, practice.title) == (State.PROPOSED, "Two deputies")


def test_what_two_people_write_at_once_is_shown_to_the_second_and_kept(stage: Stage, as_: Any):
    practice = practice_of(stage)
    address, read = url("edit_practice", practice.uid), practice.digest
    as_(stage.people.mce).post(address, {**NEW, "read": read})
    lead = as_(stage.people.lead)
    answer = lead.post(address, {**NEW, "title": "Three deputies", "read": read})
    page = answer.content.decode()
    assert (answer.status_code, "Two deputies" in page, 'value="Three deputies"' in page) == (422, True, True)
    practice.refresh_from_db()
    assert practice.title == "Two deputies"
    assert practice.digest in page  # so that saving again replaces theirs
    lead.post(address, {**NEW, "title": "Three deputies", "read": practice.digest})
    practice.refresh_from_db()
    assert practice.title == "Three deputies"


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "x" * 121}, {"text": "x" * 6001}, {"summary": "\x00"}])
def test_a_text_that_cannot_be_is_refused_at_its_field(stage: Stage, as_: Any, wrong: dict[str, str]):
    practice = practice_of(stage)
    answer = as_(stage.people.mce).post(url("edit_practice", practice.uid), {**NEW, **wrong, "read": practice.digest})
    (name,) = wrong
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    practice.refresh_from_db()
    assert practice.title == "A deputy for every shift"


def test_a_published_text_is_taken_out_before_it_is_changed(stage: Stage, as_: Any):
    practice = practice_of(stage, State.PUBLISHED)
    mce = as_(stage.people.mce)
    assert mce.get(url("edit_practice", practice.uid)).status_code == 403
    mce.post(url("move_practice", practice.uid, "take_down"), {"note": "A number is wrong."})
    assert "Its consent is to the text as it is now." in text_of(mce, url("edit_practice", practice.uid))


def test_another_hotline_reads_only_what_is_published(stage: Stage, as_: Any, other: User):
    practice = practice_of(stage, State.CONSENTED)
    client = as_(other)
    assert client.get(url("practice", practice.uid)).status_code == 404
    perform(practice, "publish", by=stage.people.mce)
    page = text_of(client, url("practice", practice.uid))
    assert ("The rota names a deputy." in page, "Consent asked" in page, "Steps" in page) == (True, False, False)
    assert practice.title in text_of(client, url("practices"))
    perform(practice, "withdraw", by=stage.coordinator)
    assert client.get(url("practice", practice.uid)).status_code == 404
    assert practice.title not in text_of(client, url("practices"))


def test_thanks_are_said_and_taken_back(stage: Stage, as_: Any, other: User):
    practice = practice_of(stage, State.PUBLISHED)
    client = as_(other)
    for data, words in (
        ({}, "1 person of another hotline said thanks."),
        ({"back": "1"}, "Nobody has said thanks yet."),
    ):
        client.post(url("thank_practice", practice.uid), data)
        assert words in text_of(client, url("practice", practice.uid))


def test_a_question_is_asked_answered_and_hidden(stage: Stage, as_: Any, other: User):
    practice = practice_of(stage, State.PUBLISHED)
    Letter.objects.all().delete()
    asker, coordinator = as_(other), as_(stage.coordinator)
    empty = asker.post(url("ask_practice", practice.uid), {"words": " "})
    assert (empty.status_code, "Fill this in." in empty.content.decode()) == (422, True)
    for _twice in range(2):
        asker.post(url("ask_practice", practice.uid), {"words": "How many people?"})
    question = practice.questions.get()
    assert letters_to(stage.coordinator) == letters_to(stage.contributor) == ["A question about your good practice"]
    home = text_of(coordinator, url("evaluation", stage.evaluation.uid))
    assert "1 question about your good practice “A deputy for every shift”" in home
    address = url("answer_practice", practice.uid, question.uid)
    assert coordinator.post(address, {f"q{question.pk}-answer": ""}).status_code == 422
    coordinator.post(address, {f"q{question.pk}-answer": "Two."})
    assert letters_to(other) == ["Land XA answers your question"]
    late = as_(stage.contributor).post(address, {f"q{question.pk}-answer": "Three."})
    page = late.content.decode()
    assert (late.status_code, "Three." in page, "A colleague has answered meanwhile." in page) == (422, True, True)
    neighbour = as_(person(Role.CONTRIBUTOR, hotline=HotlineFactory(country="XC")))
    assert "Two." in text_of(neighbour, url("practice", practice.uid))
    coordinator.post(url("hide_practice_question", practice.uid, question.uid))
    assert "How many people?" not in text_of(neighbour, url("practice", practice.uid))
    as_(stage.people.mce).post(url("hide_practice_question", practice.uid, question.uid), {"show": "1"})
    assert "How many people?" in text_of(neighbour, url("practice", practice.uid))


def test_the_questions_of_a_person_in_a_day_have_a_limit_and_the_last_one_stays_in_its_form(
    stage: Stage, as_: Any, other: User
):
    practice, asker = practice_of(stage, State.PUBLISHED), as_(other)
    for number in range(10):
        assert asker.post(url("ask_practice", practice.uid), {"words": f"Question {number}?"}).status_code == 302
    again = asker.post(url("ask_practice", practice.uid), {"words": "Question 3?"})
    refused = asker.post(url("ask_practice", practice.uid), {"words": "One more?"})
    page = refused.content.decode()
    assert (again.status_code, refused.status_code, practice.questions.count()) == (302, 422, 10)
    assert ("You have asked 10 questions in 24 hours" in page, "One more?" in page) == (True, True)
    practice.questions.filter(words="Question 0?").update(at=timezone.now() - timedelta(days=1, seconds=1))
    assert asker.post(url("ask_practice", practice.uid), {"words": "One more?"}).status_code == 302


def test_more_practices_and_questions_ask_no_more(
    stage: Stage, as_: Any, other: User, django_assert_max_num_queries: Any
):
    practice = practice_of(stage, State.PUBLISHED)
    client = as_(other)

    def count(address: str) -> int:
        client.get(address)
        with django_assert_max_num_queries(80) as found:
            client.get(address)
        return len(found)

    addresses = [url("practices"), url("practice", practice.uid), "/en/handbook/good-practice/"]
    before = [count(address) for address in addresses]
    for code in ("1.1.1", "1.2.1", "3.2.1"):
        more = practice_of(stage, State.PUBLISHED, code)
        client.post(url("ask_practice", more.uid), {"words": "How?"})
        client.post(url("ask_practice", practice.uid), {"words": f"And {code}?"})
        client.post(url("thank_practice", more.uid))
    assert [count(address) for address in addresses] == before
