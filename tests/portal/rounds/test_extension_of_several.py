"""More time for several hotlines: a preview shows who gets it and who does not, then all get it or none."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.deadline.extension import find_extensions
from evaluation.models import Evaluation, Step
from portal.letters.models import Letter
from tests.bulk_network import create_network
from tests.bystander import new
from tests.letters_first import post_as_shown
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    """Return two hotlines in self-assessment, one that has submitted, and one that already has a later day."""
    first = Stage("self_assessment", country="XA")
    more = {"XB": "self_assessment", "XC": "desk_review", "XD": "self_assessment"}
    found = [first, *(Stage(state, first.people, country=code, round=first.round) for code, state in more.items())]
    later = first.round.answers_until + timedelta(days=90)
    Evaluation.objects.filter(pk=found[3].evaluation.pk).update(extended_until=later)
    return found


@pytest.fixture
def mce(stages: list[Stage], sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stages[0].people.mce)


def post(mce: Client, stages: list[Stage], *codes: str, note: str = "The network was down.", **more: str) -> Any:
    until = stages[0].round.answers_until + timedelta(days=10)
    given = {"deadline-until": until.isoformat(), "deadline-note": note, "deadline-hotlines": codes}
    return post_as_shown(
        mce, reverse("workspace:extend_several", args=[stages[0].round.uid]), given | more, follow=True
    )


def test_the_preview_names_who_gets_it_and_who_does_not_and_why(mce: Client, stages: list[Stage]):
    page = post(mce, stages, "XA", "XC", "XD")
    preview = page.context["preview"]
    assert [one.evaluation.hotline.country for one in preview["given"]] == ["XA"]
    assert {why.split(" ")[0]: hotlines for why, hotlines in preview["left_out"].items()} == {
        "This": ["Land XC"],
        "The": ["Land XD"],
    }
    assert page.content.decode().count('name="deadline-until"') == 2  # the preview, and the form
    assert 'name="deadline-hotlines" value="XA"' in " ".join(page.content.decode().split())
    assert "The hotline has until" in page.content.decode()
    assert "It now stands at “Desk review”" in page.content.decode()
    assert not Step.objects.filter(move="extend").exists()


def test_only_who_still_answers_is_offered(mce: Client, stages: list[Stage]):
    form = mce.get(reverse("workspace:extend_several", args=[stages[0].round.uid])).context["form"]
    offered = [code for code, _name in form.fields["hotlines"].choices]
    assert (offered, sorted(form.initial["hotlines"])) == (["XA", "XB", "XD"], ["XA", "XB", "XD"])
    assert list(form.fields) == ["until", "note", "hotlines"]


def test_all_of_them_get_the_day_and_a_letter_once(mce: Client, stages: list[Stage]):
    page = post(mce, stages, "XA", "XB", give="1")
    assert "2 hotlines have more time, and each gets a letter." in page.content.decode()
    until = stages[0].round.answers_until + timedelta(days=10)
    assert set(Evaluation.objects.filter(extended_until=until).values_list("hotline__country", flat=True)) == {
        "XA",
        "XB",
    }
    steps = Step.objects.filter(move="extend").select_related("words")
    assert {step.uid for step in steps} == {stage.evaluation.uid for stage in stages[:2]}
    assert all(step.words.note.endswith("The network was down.") for step in steps)
    readers = [person for stage in stages[:2] for person in (stage.coordinator, stage.contributor)]
    assert sorted(letter.to_user.pk for letter in new(Letter)) == sorted(person.pk for person in readers)
    again = post(mce, stages, "XA", "XB", give="1")
    assert again.status_code == 422
    assert "None of these hotlines can get more time" in again.content.decode()
    assert (steps.count(), new(Letter).count()) == (2, 4)


def test_one_that_is_refused_refuses_all_and_the_others_are_offered_again(mce: Client, stages: list[Stage]):
    page = post(mce, stages, "XA", "XB", "XC", give="1")
    assert page.status_code == 422
    assert "Nothing is written, because not all of these hotlines can get it." in page.content.decode()
    assert [one.evaluation.hotline.country for one in page.context["preview"]["given"]] == ["XA", "XB"]
    assert not Step.objects.filter(move="extend").exists()
    assert not new(Letter).exists()


def test_nothing_is_given_without_a_reason_or_to_a_hotline_of_another_round(mce: Client, stages: list[Stage]):
    Stage("self_assessment", stages[0].people, country="XE", name="Another round")
    for page in (post(mce, stages, "XA", note=" ", give="1"), post(mce, stages, "XE", give="1")):
        assert page.status_code == 422
    assert not Step.objects.filter(move="extend").exists()


def test_what_a_day_would_do_is_asked_in_as_many_queries_for_300_hotlines_as_for_30(django_assert_num_queries: Any):
    people = Participants()
    evaluations, mce = create_network(300, people.lead).evaluations, people.mce
    until = evaluations[0].round.today + timedelta(days=3)
    find_extensions(evaluations[:1], until, by=mce)  # the user's roles are read once
    for count in (30, 300):
        with django_assert_num_queries(2):  # of the last days, and of the user's ties
            assert len(find_extensions(evaluations[:count], until, by=mce)) == count
