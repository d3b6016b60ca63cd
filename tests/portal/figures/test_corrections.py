"""A figure corrected after the submission, on every page that shows it, and the form that includes it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.pinned_figures import pin_live_figures
from evaluation.models import Evaluation, StatisticsImport, Step
from evaluation.workflow import perform, write_step
from portal.letters.models import Letter
from portal.rounds.heat_map import heat_rows
from tests.bystander import new
from tests.evaluation.answers.test_pinned_figures import correct
from tests.factories import SIGNED, DeclarationFactory, score_now, visit_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db

DOES_NOT_COUNT = "does not count"


def pages(uid) -> dict[str, str]:
    return {
        "overview": reverse("workspace:evaluation", args=[uid]),
        "answers": reverse("workspace:answers", args=[uid, "3.1"]),
        "why": reverse("workspace:why", args=[uid, "3.1.1"]),
        "scorecard": reverse("workspace:scorecard", args=[uid]),
    }


def test_every_page_shows_what_was_submitted_with_the_correction_beside_it(sign_in):
    stage = Stage.minimal("self_assessment")
    uid = stage.evaluation.uid
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator)
    client = sign_in(Client(), stage.coordinator)
    for name, url in pages(uid).items():
        page = client.get(url).content.decode()
        assert DOES_NOT_COUNT not in page, name
        assert "72.9" not in page, name
    perform(new(StatisticsImport).get(state="confirmed"), "accept", by=stage.people.mce)
    for name, url in pages(uid).items():
        page = client.get(url).content.decode()
        assert DOES_NOT_COUNT in page, name
        assert "72.9" in page, name
        assert "91.6" in page, name
    assert reverse("workspace:count_corrections", args=[uid]) not in client.get(pages(uid)["overview"]).content.decode()


def read_on(client: Client, uid) -> str:
    """Return the form's hidden value about the corrections that are shown above it."""
    return re.search(r'name="read" value="(\w+)"', client.get(pages(uid)["overview"]).content.decode())[1]


def test_the_draft_and_the_panel_see_it_beside_what_was_scored(sign_in):
    stage = Stage.minimal("response")
    evaluation = stage.evaluation
    pin_live_figures(evaluation, write_step(evaluation, "submit", "self_assessment", by=stage.coordinator))
    correct(evaluation, stage.coordinator, stage.people.mce)
    page = (
        sign_in(Client(), stage.coordinator).get(reverse("workspace:response", args=[evaluation.uid])).content.decode()
    )
    assert (page.count(DOES_NOT_COUNT), "72.9" in page, "91.6" in page) == (1, True, True)
    Evaluation.objects.filter(pk=evaluation.pk).update(state="decision")
    member = stage.people.jury[0]
    DeclarationFactory(evaluation=evaluation, user=member)
    page = sign_in(Client(), member).get(reverse("workspace:deliberation", args=[evaluation.uid])).content.decode()
    assert (page.count(DOES_NOT_COUNT), "72.9" in page, "91.6" in page) == (1, True, True)


def test_mce_lets_it_count_with_a_reason_that_stands_in_the_log(sign_in):
    stage = Stage.minimal("self_assessment")
    uid = stage.evaluation.uid
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    client, count = sign_in(Client(), stage.people.mce), reverse("workspace:count_corrections", args=[uid])
    assert count in client.get(pages(uid)["overview"]).content.decode()
    read = read_on(client, uid)
    page = client.post(count, {"note": "  ", "read": read}, follow=True).content.decode()
    assert "Say why" in page
    assert not Step.objects.filter(move="count_corrections").exists()
    page = client.post(count, {"note": "Calls were counted twice.", "read": read}, follow=True).content.decode()
    assert "Corrected figures count from here on" in page
    assert "Calls were counted twice." in page
    assert count not in page
    for name, url in pages(uid).items():
        assert DOES_NOT_COUNT not in client.get(url).content.decode(), name
    assert "72.9" in client.get(pages(uid)["why"]).content.decode()
    page = client.post(count, {"note": "Once more."}, follow=True).content.decode()
    assert "No figure was corrected since the submission" in page


def test_hotline_and_team_get_a_letter_with_the_reason(sign_in):
    stage = Stage.minimal("self_assessment")
    uid = stage.evaluation.uid
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    visit_of(stage.evaluation, lead=stage.people.lead)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    client = sign_in(Client(), stage.people.mce)
    client.post(
        reverse("workspace:count_corrections", args=[uid]),
        {"note": "Calls were counted twice.", "read": read_on(client, uid)},
    )
    letters = Letter.objects.filter(subject__contains="corrected figures count from now on")
    assert {letter.to_user_id for letter in letters} >= {stage.coordinator.pk, stage.people.lead.pk}
    assert stage.people.mce.pk not in {letter.to_user_id for letter in letters}
    assert all(
        "Calls were counted twice." in letter.body and pages(uid)["overview"] in letter.body for letter in letters
    )


def test_what_was_corrected_once_more_since_the_page_was_opened_is_read_first(sign_in):
    stage = Stage.minimal("self_assessment")
    uid = stage.evaluation.uid
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    first = correct(stage.evaluation, stage.coordinator, stage.people.mce)
    client, count = sign_in(Client(), stage.people.mce), reverse("workspace:count_corrections", args=[uid])
    read = read_on(client, uid)
    perform(first, "send_back", by=stage.people.mce, note="Counted wrongly again.")
    correct(stage.evaluation, stage.coordinator, stage.people.mce, answered=600)
    page = client.post(count, {"note": "Calls were counted twice.", "read": read}, follow=True).content.decode()
    assert "The corrections changed since you opened the page." in page
    assert "Calls were counted twice.</textarea>" in page
    assert not Step.objects.filter(move="count_corrections").exists()


def test_a_reason_that_was_refused_stands_on_its_own_page_and_is_shown_though_a_colleague_was_quicker(sign_in):
    stage, other = Stage.minimal("self_assessment"), Stage.minimal("self_assessment")
    for one in (stage, other):
        perform(one.evaluation, "submit", signed=SIGNED, by=one.coordinator)
        correct(one.evaluation, one.coordinator, one.people.mce)
    mce = sign_in(Client(), stage.people.mce)
    count = reverse("workspace:count_corrections", args=[stage.evaluation.uid])
    mce.post(count, {"note": "Counted twice by mistake.", "read": "of an earlier page"})
    assert "Counted twice" not in mce.get(pages(other.evaluation.uid)["overview"]).content.decode()
    perform(stage.evaluation, "count_corrections", by=stage.people.mce, note="A colleague was quicker.")
    page = mce.get(pages(stage.evaluation.uid)["overview"]).content.decode()
    assert ("What you typed was not used:" in page, "Counted twice by mistake." in page) == (True, True)
    assert "Counted twice" not in mce.get(pages(stage.evaluation.uid)["overview"]).content.decode()


def test_the_board_shows_what_counts_before_and_after(sign_in):
    """The cached colours belong to the figures that count."""
    stage = Stage.minimal("self_assessment")
    uid, number = stage.evaluation.uid, stage.evaluation.round

    def overall():
        evaluations = list(number.evaluations.select_related("hotline", "round__edition"))
        (row,) = heat_rows(evaluations, number.edition)
        assert row.overall == score_now(evaluations[0]).overall
        return row.overall

    submitted = overall()
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    assert overall() == submitted
    client = sign_in(Client(), stage.people.mce)
    client.post(
        reverse("workspace:count_corrections", args=[uid]),
        {"note": "Calls were counted twice.", "read": read_on(client, uid)},
    )
    assert overall() < submitted
