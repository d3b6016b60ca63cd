"""A letter of MCE to chosen hotlines: previewed, sent once, in the language of each recipient."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Step, User
from portal.letters.models import Letter
from portal.rounds.letters import readers_at
from tests.bulk_network import create_network
from tests.bystander import new
from tests.letters_first import post_as_shown
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db

WORDS = "The conference is on 3 May.\n\nBring your agenda."


@pytest.fixture
def stages() -> list[Stage]:
    first = Stage("self_assessment", country="XA")
    second = Stage("desk_review", first.people, country="XB", round=first.round)
    User.objects.filter(pk=second.coordinator.pk).update(language="fr")
    return [first, second]


@pytest.fixture
def mce(stages: list[Stage], sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stages[0].people.mce)


def post(mce: Client, stages: list[Stage], *codes: str, note: str = WORDS, **more: str) -> Any:
    address = reverse("workspace:write_to", args=[stages[0].round.uid])
    send = post_as_shown if more else Client.post
    return send(mce, address, {"note": note, "hotlines": codes}, follow=True)


def test_the_hotlines_that_the_board_showed_are_chosen(mce: Client, stages: list[Stage]):
    address = reverse("workspace:write_to", args=[stages[0].round.uid])
    assert mce.get(address, {"stage": "desk_review"}).context["form"].initial["hotlines"] == ["XB"]
    assert sorted(mce.get(address).context["form"].initial["hotlines"]) == ["XA", "XB"]


def test_the_letter_is_shown_as_its_reader_gets_it_and_not_sent(mce: Client, stages: list[Stage]):
    page = post(mce, stages, "XB")
    text = page.content.decode()
    assert "Send the letter and write to 2 people" in text
    assert text.count("The conference is on 3 May.") >= 2  # in both languages
    assert stages[1].coordinator.name in text
    assert stages[0].coordinator.name not in text
    assert not new(Letter).exists()
    assert not Step.objects.filter(move="write_to").exists()


def test_it_is_sent_once_to_those_chosen_in_the_language_of_each(mce: Client, stages: list[Stage]):
    post(mce, stages, "XB", send="1")
    letters = {letter.to_user: letter for letter in new(Letter)}
    assert set(letters) == {stages[1].coordinator, stages[1].contributor}
    french, english = letters[stages[1].coordinator], letters[stages[1].contributor]
    assert (french.language, english.language) == ("fr", "en")
    assert french.subject != english.subject
    for letter in letters.values():
        assert "Bring your agenda." in letter.body
    assert Step.objects.get(move="write_to").words.note.startswith("Land XB: The conference is on 3 May.")
    again = post(mce, stages, "XB", send="1")
    assert again.status_code == 422
    assert "Nothing is sent a second time." in again.content.decode()
    assert new(Letter).count() == 2
    post(mce, stages, "XA", send="1")
    assert new(Letter).count() == 4


def test_nothing_is_sent_without_words_or_hotlines_or_to_a_hotline_of_another_round(mce: Client, stages: list[Stage]):
    Stage("desk_review", stages[0].people, country="XC", name="Another round")
    for answer in (
        post(mce, stages, "XA", note=" ", send="1"),
        post(mce, stages, send="1"),
        post(mce, stages, "XC", send="1"),
    ):
        assert answer.status_code == 422
    assert not new(Letter).exists()


def test_who_reads_it_is_one_question_for_300_hotlines(django_assert_num_queries: Any):
    network = create_network(300, Participants().lead)
    with django_assert_num_queries(1):
        assert len(readers_at(network.evaluations)) == 300
