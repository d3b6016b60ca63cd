"""The pages of a follow-up visit that is limited to some indicators."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation, Visit
from evaluation.visits.dates import suggest_dates
from evaluation.workflow import perform
from tests.bystander import new
from tests.evaluation.visits.test_limits import arranged, deferred, under_way
from tests.factories import RecommendationFactory, begin_visit
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def read(client: Client, name: str, *args: object) -> str:
    return " ".join(client.get(reverse(f"workspace:{name}", args=args)).content.decode().split())


def test_the_form_proposes_what_the_recommendations_name_and_says_what_is_wrong(sign_in: Callable[..., Client]):
    stage = deferred()
    RecommendationFactory(evaluation=stage.evaluation, code="9.1.2", state="accepted")
    mce, uid = sign_in(Client(), stage.people.mce), stage.evaluation.uid
    assert "9.1.2</textarea>" in read(mce, "arrange_visit", uid)
    team = {"lead": stage.people.lead.pk, "members": [stage.people.assessor.pk], "mode": "on_site"}
    address = reverse("workspace:arrange_visit", args=[uid])
    wrong = mce.post(address, {**team, "only_codes": "9.1.2; 8.8.8"})
    assert (wrong.status_code, "8.8.8 is not asked of this hotline" in wrong.content.decode()) == (422, True)
    assert "9.1.2; 8.8.8</textarea>" in wrong.content.decode()
    assert mce.post(address, {**team, "only_codes": "9.1.2, 1.1.2 9.1.2"}).status_code == 302
    assert new(Visit).get().only_codes == ["9.1.2", "1.1.2"]
    assert "9.1.2, 1.1.2</textarea>" in read(mce, "arrange_visit", uid)
    for reader in (mce, sign_in(Client(), stage.coordinator)):
        assert "This visit is limited to 1.1.2, 9.1.2. The other indicators" in read(reader, "visit", uid)
    assert mce.post(address, {**team, "only_codes": ""}).status_code == 302
    assert new(Visit).get().only_codes == []


@pytest.mark.parametrize("move", ["suggest", "cancel"])
def test_the_limit_is_proposed_until_somebody_proposed_the_visit_again(sign_in: Callable[..., Client], move: str):
    stage = deferred()
    RecommendationFactory(evaluation=stage.evaluation, code="9.1.2", state="accepted")
    visit, day = stage.evaluation.visit, stage.round.today
    if move == "suggest":
        suggest_dates(visit, [(day, day)], by=stage.coordinator)
    else:
        perform(visit, "cancel", by=stage.people.mce, note="Not now.")
    assert "9.1.2</textarea>" in read(sign_in(Client(), stage.people.mce), "arrange_visit", stage.evaluation.uid)


def test_the_first_visit_is_not_asked_about_a_limit(sign_in: Callable[..., Client]):
    stage = Stage.minimal("desk_review", visit_state="cancelled")
    mce = sign_in(Client(), stage.people.mce)
    assert "only_codes" not in read(mce, "arrange_visit", stage.evaluation.uid)


def test_the_limit_is_changed_with_the_team(sign_in: Callable[..., Client]):
    stage = deferred()
    arranged(stage, "9.1.2")
    mce = sign_in(Client(), stage.people.mce)
    team = {"lead": stage.people.lead.pk, "members": [stage.people.assessor.pk], "mode": "on_site"}
    address = reverse("workspace:change_team", args=[stage.evaluation.uid])
    assert "9.1.2</textarea>" in read(mce, "change_team", stage.evaluation.uid)
    mce.post(address, {**team, "only_codes": "1.1.2"})
    assert new(Visit).get().only_codes == ["1.1.2"]


def test_a_limit_of_which_nothing_is_asked_any_more_is_said_and_proposed_anew(sign_in: Callable[..., Client]):
    stage = deferred()
    RecommendationFactory(evaluation=stage.evaluation, code="9.1.2", state="accepted")
    arranged(stage, "1.1.2")
    new(Visit).update(only_codes=["8.8.8"])
    shown = read(sign_in(Client(), stage.people.lead), "visit", stage.evaluation.uid)
    assert "The visit is limited to 8.8.8, which is not asked of this hotline any more" in shown
    form = read(sign_in(Client(), stage.people.mce), "change_team", stage.evaluation.uid)
    assert "9.1.2</textarea>" in form


def test_only_those_are_recorded_and_the_others_are_shown_with_the_earlier_finding(sign_in: Callable[..., Client]):
    stage = under_way("9.1.2")
    stage.evaluation.findings.filter(code="1.1.2").update(words="The rota hung on the wall.")
    lead, uid = sign_in(Client(), stage.people.lead), stage.evaluation.uid
    own = read(lead, "observations", uid, "1.1")
    assert "This visit is not about it: the finding of the earlier visit stays." in own
    assert "The rota hung on the wall." in own
    assert ("Next: 9.1" in own, "Next: 3.2" in own) == (True, False)
    assert 'name="level-1.1.2"' not in own
    assert 'name="level-9.1.2"' in read(lead, "observations", uid, "9.1")
    for name in ("lead", "assessor"):
        perform(stage.evaluation.visit, "finish_recording", by=stage.user(name))
    agreed = read(lead, "findings", uid, "1.1")
    assert "finding of the earlier visit" in agreed
    assert 'name="level-1.1.2"' not in agreed
    assert 'name="level-9.1.2"' in read(lead, "findings", uid, "9.1")


def test_the_desk_review_and_the_device_have_only_those(sign_in: Callable[..., Client]):
    stage = deferred()
    arranged(stage, "9.1.2")
    lead = sign_in(Client(), stage.people.lead)
    desk = read(lead, "desk_review", stage.evaluation.uid)
    assert ("9.1.2" in desk, "1.1.2" in desk) == (True, False)
    begin_visit(new(Visit).get(), by=stage.people.lead)
    material = lead.get(reverse("workspace:recording_material", args=[stage.evaluation.uid])).json()
    assert list(material["indicators"]) == ["9.1.2"]
    assert [code for group in material["groups"] for code in group["codes"]] == ["9.1.2"]
    assert new(Evaluation).get().state == "study_visit"
