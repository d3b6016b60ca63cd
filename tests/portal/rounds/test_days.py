"""Days that a person sets have bounds, named at their field, and an extension can be shortened or taken back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from evaluation.models import Evaluation, Role, Round, Step
from evaluation.models.day_bounds import BOUNDS, find_day_reasons
from evaluation.models.reasons import Reason
from evaluation.rounds.planning import plan_round
from evaluation.workflow import Refusal, perform
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import EvaluationFactory, HotlineFactory, RecommendationFactory, RoundFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def shorten(client: Client, evaluation: Evaluation, until: date):
    address = reverse("workspace:shorten", args=[evaluation.uid])
    return client.post(address, {"deadline-until": until.isoformat(), "deadline-note": "Typed wrongly."}, follow=True)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def extended(stage: Stage, days: int = 30) -> Evaluation:
    until = stage.round.answers_until + timedelta(days=days)
    perform(stage.evaluation, "extend", by=stage.people.mce, note="Why.", until=until)
    return Evaluation.objects.get(pk=stage.evaluation.pk)


def test_both_bounds_of_a_day_are_possible_and_the_days_around_them_are_not():
    today = date(2026, 12, 1)
    for name, bounds in BOUNDS.items():
        first, last = bounds.around(today)
        assert not [*find_day_reasons(name, None, today), *find_day_reasons(name, first, today)], name
        assert not [*find_day_reasons(name, last, today)], name
        outside = Reason("day_outside", day=first, last=last)
        assert [*find_day_reasons(name, first - timedelta(days=1), today)] == [outside], name
        assert [*find_day_reasons(name, last + timedelta(days=1), today)] == [outside], name


@pytest.mark.parametrize("view", ["extend", "extend_several"])
def test_no_hotline_gets_time_until_2099(stage: Stage, sign_in: SignIn, view: str):
    client = sign_in(Client(), stage.people.mce)
    of = stage.evaluation if view == "extend" else stage.round
    given = {"deadline-until": "2099-12-31", "deadline-note": "Why.", "deadline-hotlines": [stage.hotline.country]}
    page = client.post(reverse(f"workspace:{view}", args=[of.uid]), given | {"give": "1"})
    latest = stage.round.today + timedelta(days=365)
    assert "2099-12-31" in page.content.decode()
    assert not Step.objects.filter(move="extend").exists()
    if view == "extend":
        assert date_format(latest) in page.context["form"].errors["until"][0]


def test_the_last_day_of_a_round_is_not_moved_to_2099(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.mce)
    address = reverse("workspace:save_deadline", args=[stage.round.uid])
    page = client.post(address, {"deadline-until": "2099-12-31", "deadline-note": "Why.", "deadline-shown": "1"})
    assert page.status_code == 422
    assert date_format(stage.round.today + timedelta(days=365)) in page.content.decode()
    assert new(Round).get().answers_until == stage.round.answers_until


@pytest.mark.parametrize("field", ["opens_on", "answers_until", "figures_from", "figures_until"])
def test_a_plan_names_the_bounds_at_the_field_and_the_act_refuses_the_same_day(sign_in: SignIn, field: str):
    mce, hotline, round_ = person(Role.MCE_COORDINATOR), HotlineFactory(), RoundFactory.build()
    edition = RoundFactory().edition
    days = {name: getattr(round_, name) for name in ("opens_on", "answers_until", "figures_from", "figures_until")}
    days[field] = date(1902, 1, 1) if field == "figures_from" else date(2099, 1, 1)
    given = {name: day.isoformat() for name, day in days.items()}
    given |= {"name": "Another", "edition": edition.pk, "time_zone": "Europe/Brussels", "hotlines": [hotline.pk]}
    page = sign_in(Client(), mce).post(reverse("workspace:new_round"), given)
    assert page.status_code == 422
    assert any(words.startswith("Give a day from ") for words in page.context["form"].errors[field])
    assert page.context["form"]["name"].value() == "Another"
    wanted = Round(name="Another", edition=edition, **days)
    with pytest.raises(Refusal) as refused:
        plan_round(wanted, [hotline], by=mce)
    assert "day_outside" in [reason.code for reason in refused.value.reasons]


def test_an_extension_is_shortened_with_a_reason_and_a_letter_to_its_hotline_alone(stage: Stage, sign_in: SignIn):
    EvaluationFactory(round=stage.round)
    evaluation, client = extended(stage), sign_in(Client(), stage.people.mce)
    former, until = evaluation.answers_until, stage.round.answers_until + timedelta(days=3)
    assert (
        reverse("workspace:shorten", args=[evaluation.uid])
        in client.get(reverse("workspace:extend", args=[evaluation.uid])).content.decode()
    )
    new(Letter).delete()
    page = shorten(client, evaluation, until)
    assert "The last day is moved, and the hotline gets a letter." in page.content.decode()
    assert Evaluation.objects.get(pk=evaluation.pk).answers_until == until
    assert Step.objects.get(move="shorten").words.note == f"{former} > {until}: Typed wrongly."
    letters = new(Letter)
    assert {letter.to_user for letter in letters} == {stage.coordinator, stage.contributor}
    assert all("Typed wrongly." in letter.body and date_format(until) in letter.body for letter in letters)


def test_an_extension_is_taken_back_to_the_last_day_of_the_round_and_no_further(stage: Stage, sign_in: SignIn):
    evaluation, client = extended(stage), sign_in(Client(), stage.people.mce)
    own = stage.round.answers_until
    page = shorten(client, evaluation, own - timedelta(days=1))
    assert page.status_code == 422
    assert date_format(own) in page.context["form"].errors["until"][0]
    assert "Typed wrongly." in page.content.decode()
    shorten(client, evaluation, own)
    evaluation.refresh_from_db()
    assert (evaluation.extended_until, evaluation.answers_until) == (None, own)
    page = shorten(client, evaluation, own)
    assert "No extension of this hotline is running" in page.content.decode()


def test_after_the_last_day_of_the_round_an_extension_ends_today_at_the_earliest(stage: Stage, sign_in: SignIn):
    evaluation, today = extended(stage), stage.round.today
    new(Round).update(answers_until=today - timedelta(days=5))
    client = sign_in(Client(), stage.people.mce)
    assert shorten(client, evaluation, today - timedelta(days=1)).status_code == 422
    shorten(client, evaluation, today)
    assert new(Evaluation).get().answers_until == today


def test_no_hotline_is_added_to_a_round_whose_last_day_is_over(stage: Stage, sign_in: SignIn):
    another = HotlineFactory()
    new(Round).update(answers_until=stage.round.today - timedelta(days=1))
    client = sign_in(Client(), stage.people.mce)
    address = reverse("workspace:add_to_round", args=[stage.round.uid])
    page = client.post(address, {"add-hotline": another.pk, "add-note": "Late."})
    assert page.status_code == 422
    assert "Move its last day first, or plan a new round." in page.content.decode()
    assert not another.evaluations.exists()


def test_the_days_of_a_consultation_evidence_absence_and_recommendation_have_bounds(sign_in: SignIn):
    """Each field names the bounds, and what was typed stays."""
    stage = Stage("report")
    mce = sign_in(Client(), stage.people.mce)
    far = {"name": "Reading", "opens_on": "2099-01-01", "closes_on": "2099-02-01", "time_zone": "Europe/Brussels"}
    form = mce.post(reverse("workspace:new_consultation"), far | {"everyone": "on"}).context["form"]
    assert form.errors["opens_on"][0].startswith("Give a day from ")
    assert form["name"].value() == "Reading"
    assessor = sign_in(Client(), stage.people.lead)
    given = {"act": "add", "starts_on": "2099-01-01", "ends_on": "2099-01-02"}
    page = assessor.post(reverse("workspace:own_assessor_profile"), given)
    assert page.context["absence"].errors["starts_on"][0].startswith("Give a day from ")
    recommendation = stage.evaluation.recommendations.first() or RecommendationFactory(evaluation=stage.evaluation)
    given = {"title": "T", "text": "Words.", "priority": recommendation.priority, "due_on": "2099-01-01"}
    page = assessor.post(reverse("workspace:edit_recommendation", args=[recommendation.uid]), given)
    assert page.status_code == 422
    assert "Give a day from " in page.content.decode()
    assert not stage.people.lead.absences.exists()
