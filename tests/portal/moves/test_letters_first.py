"""An act that writes to many shows whom and what first, and is refused if that changed since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.cached import get_or_compute, get_or_compute_parts, nothing_cached
from evaluation.models import Evaluation, Role, Round, Step, User
from portal.letters.models import Letter
from portal.moves.letters_first import _group
from tests.factories import ConsultationFactory, EvaluationFactory, HotlineFactory, person
from tests.letters_first import post_as_shown
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    """Return two hotlines of one round that are late; the contributor of the second reads Polish."""
    first = Stage("self_assessment", country="XA")
    second = Stage("self_assessment", first.people, country="XB", round=first.round)
    User.objects.filter(pk=second.contributor.pk).update(language="pl")
    Letter.objects.all().delete()
    return [first, second]


@pytest.fixture
def mce(stages: list[Stage], sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stages[0].people.mce)


def written() -> tuple[int, int, int]:
    return Letter.objects.count(), Step.objects.count(), Evaluation.objects.count()


Act = tuple[str, dict[str, Any], int]


def removal(stages: list[Stage]) -> Act:
    evaluation = EvaluationFactory(round=stages[0].round)
    person(Role.COORDINATOR, hotline=evaluation.hotline)
    person(Role.CONTRIBUTOR, hotline=evaluation.hotline)
    address = reverse("workspace:remove_from_round", args=[stages[0].round.uid])
    return address, {"remove-evaluation": evaluation.pk, "remove-note": "Moved."}, 2


def acts(stages: list[Stage]) -> dict[str, Act]:
    """Return the address, the form and the number of recipients of each act that writes to many."""
    round_, today = stages[0].round, timezone.localdate()
    later = (round_.answers_until + timedelta(days=5)).isoformat()
    fresh = HotlineFactory()
    person(Role.COORDINATOR, hotline=fresh)
    person(Role.CONTRIBUTOR, hotline=fresh)
    planned = Round.objects.create(
        **{name: getattr(round_, name) for name in ("edition", "figures_from", "figures_until")},
        name="Planned",
        opens_on=today,
        answers_until=today + timedelta(days=30),
    )
    planned.chosen.set([fresh])
    running = ConsultationFactory(name="Running", state="open")
    running.hotlines.set([fresh])
    typed = {
        **{name: getattr(planned, name).isoformat() for name in ("opens_on", "figures_from", "figures_until")},
        "name": "Another",
        "edition": round_.edition_id,
        "answers_until": planned.answers_until.isoformat(),
        "time_zone": "Europe/Brussels",
        "hotlines": [fresh.pk],
    }
    both = [stage.hotline.country for stage in stages]
    of = round_.uid
    return {
        "new round": (reverse("workspace:new_round"), typed, 2),
        "open": (reverse("workspace:move_round", args=[planned.uid, "open"]), {}, 2),
        "deadline": (
            reverse("workspace:save_deadline", args=[of]),
            {"deadline-until": later, "deadline-note": "Storm."},
            4,
        ),
        "add": (reverse("workspace:add_to_round", args=[of]), {"add-hotline": fresh.pk, "add-note": "New."}, 2),
        "write": (reverse("workspace:write_to", args=[of]), {"note": "Hello all.", "hotlines": both}, 4),
        "several": (
            reverse("workspace:extend_several", args=[of]),
            {
                "deadline-until": later,
                "deadline-note": "Flu.",
                "deadline-hotlines": both,
                "hotlines": both,
                "give": "1",
            },
            4,
        ),
        "close consultation": (reverse("workspace:move_consultation", args=[running.uid, "close"]), {}, 2),
        "extend consultation": (
            reverse("workspace:extend_consultation", args=[running.uid]),
            {"until": (running.closes_on + timedelta(days=3)).isoformat()},
            2,
        ),
    }


ACTS = (
    *("new round", "open", "deadline", "add", "remove", "write", "several"),
    *("close consultation", "extend consultation"),
)


@pytest.mark.parametrize("act", ACTS)
def test_the_act_writes_nothing_before_its_letters_were_shown(mce: Client, stages: list[Stage], act: str):
    address, typed, people = removal(stages) if act == "remove" else acts(stages)[act]
    before = written()
    page = mce.post(address, typed)
    assert page.status_code == 200, page.context and [form.errors for form in [page.context.get("form")] if form]
    assert page.context["button"].endswith(f" and write to {people} people")
    assert page.context["button"] in page.content.decode()
    assert written() == before
    shown = {name for _place, names in page.context["groups"] for name in names}
    assert len(shown) == people
    assert all(name in page.content.decode() for name in shown)
    assert page.context["letters"][0]["letter"].subject in page.content.decode()
    post_as_shown(mce, address, typed)
    assert Letter.objects.count() - before[0] == people
    assert {letter.to_user.name for letter in Letter.objects.all()} == shown


@pytest.mark.parametrize("act", ACTS)
def test_a_person_who_came_since_is_named_and_nothing_is_sent(mce: Client, stages: list[Stage], act: str):
    address, typed, people = removal(stages) if act == "remove" else acts(stages)[act]
    shown = mce.post(address, typed).context["shown"]
    before = written()
    for hotline in {stages[0].hotline, *HotlineFactory._meta.model.objects.exclude(country__in=["XA", "XB"])}:
        person(Role.CONTRIBUTOR, hotline=hotline, name=f"Newcomer of {hotline.country}")
    page = mce.post(address, typed | {"letters_shown": shown})
    assert page.status_code == 409
    assert "New: Newcomer of " in page.content.decode()
    assert page.context["button"].endswith(f" and write to {people + 1} people")
    assert written() == before


def test_a_letter_whose_text_changed_is_shown_again(mce: Client, stages: list[Stage]):
    address, typed, _people = acts(stages)["write"]
    shown = mce.post(address, typed).context["shown"]
    page = mce.post(address, typed | {"note": "Other words.", "letters_shown": shown})
    assert (page.status_code, Letter.objects.count()) == (409, 0)
    assert "The text of the letters is another one." in page.content.decode()


@pytest.mark.parametrize("forged", ["", "[]", "{}", '{"to":3}', '{"sha256":"x","to":["not a uid"]}', "[" * 5000])
def test_a_forged_confirmation_sends_nothing(mce: Client, stages: list[Stage], forged: str):
    address, typed, _people = acts(stages)["write"]
    assert mce.post(address, typed | {"letters_shown": forged}).status_code in (200, 409)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("act", "words"), [("new round", "Another"), ("deadline", "Storm."), ("write", "Hello all.")])
def test_what_was_typed_is_in_the_form_when_it_is_to_be_changed(mce: Client, stages: list[Stage], act: str, words: str):
    address, typed, _people = removal(stages) if act == "remove" else acts(stages)[act]
    before = written()
    page = mce.post(address, typed | {"change": "1"})
    assert (page.status_code, written()) == (200, before)
    assert words in page.content.decode()
    assert "letters_shown" not in page.content.decode()


def test_the_letter_is_shown_in_each_language(mce: Client, stages: list[Stage]):
    address, typed, _people = acts(stages)["write"]
    page = mce.post(address, typed)
    assert {one["language"]: one["count"] for one in page.context["letters"]} == {"en": 3, "pl": 1}


def test_late_hotlines_are_reminded_after_their_letters_were_shown(mce: Client, stages: list[Stage]):
    Round.objects.update(answers_until=timezone.localdate() - timedelta(days=2))
    address = reverse("workspace:write_to_the_late", args=[stages[0].round.uid])
    page = mce.post(address, {"note": "Please."})
    assert page.context["button"] == "Remind those who are late and write to 4 people"
    assert not Letter.objects.exists()
    post_as_shown(mce, address, {"note": "Please."})
    assert Letter.objects.count() == 4
    assert mce.post(address, {"note": "Please."}).status_code == 422


def test_the_number_of_queries_for_groups_does_not_grow(mce: Client, django_assert_max_num_queries: Any):
    people = [person(Role.COORDINATOR, hotline=HotlineFactory()) for _number in range(12)]
    with django_assert_max_num_queries(1):
        assert len(_group(people)) == 12


def test_nothing_is_cached_while_an_act_is_tried():
    """Its version would be that of another change, after the act is undone."""
    with nothing_cached():
        assert get_or_compute("tried", 1, lambda: "tried") == "tried"
        assert get_or_compute_parts("tried-parts", {"a": 1}, lambda _keys: {"a": "tried"}) == {"a": "tried"}
    assert get_or_compute("tried", 1, lambda: "real") == "real"
    assert get_or_compute_parts("tried-parts", {"a": 1}, lambda _keys: {"a": "real"}) == {"a": "real"}
