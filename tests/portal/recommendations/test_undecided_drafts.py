"""Drafts that no longer agree with the findings: reported before the proposal, kept or left out by one button."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.pinned_figures import pin_live_figures
from evaluation.judging.evidence import update_draft_recommendations
from evaluation.models import Evaluation, Finding, Recommendation
from evaluation.workflow import perform, write_step
from tests.bystander import new
from tests.evaluation.answers.test_pinned_figures import correct
from tests.factories import write_answer
from tests.portal.figures.test_corrections import read_on
from tests.stage import Stage

pytestmark = pytest.mark.django_db

MET = "3.2.1 is met now: keep the edited draft or leave it out."


def report(**levels: int) -> Stage:
    """Return a stage at the report, with findings such as `i3_2_1=0` and drafts."""
    stage = Stage.minimal("report")
    for name, level in levels.items():
        write_answer(stage.evaluation, name[1:].replace("_", "."), Finding, level=level)
    update_draft_recommendations(Evaluation.objects.get(pk=stage.evaluation.pk))
    return stage


def page(client: Client, stage: Stage, name: str) -> str:
    return client.get(reverse(f"workspace:{name}", args=[stage.evaluation.uid])).content.decode()


def press(client: Client, stage: Stage, choice: str, **more: str) -> Any:
    draft = stage.evaluation.recommendations.get(code="3.2.1")
    return client.post(reverse("workspace:settle_draft", args=[draft.uid]), {"choice": choice} | more, follow=True)


def edit(client: Client, stage: Stage, **typed: str) -> Any:
    draft = stage.evaluation.recommendations.get(code="3.2.1")
    form = client.get(reverse("workspace:edit_recommendation", args=[draft.uid])).context["draft"].form
    values = {name: "" if value is None else value for name, value in form.initial.items() if value is not False}
    return client.post(reverse("workspace:edit_recommendation", args=[draft.uid]), values | typed, follow=True)


def reopen_with(client: Client, stage: Stage, level: int) -> Any:
    """Reopen the findings, change one, and let the lead sign off on the page."""
    perform(new(Evaluation).get(), "reopen_findings", by=stage.people.mce, note="3.2.1 once more.")
    write_answer(stage.evaluation, "3.2.1", Finding, level=level, words="Seen on the second day.")
    return client.post(reverse("workspace:move_visit", args=[stage.evaluation.uid, "sign_off"]), follow=True)


def test_findings_reopened_twice_take_an_unedited_draft_away_and_bring_it_back(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    lead = sign_in(Client(), stage.people.lead)
    title = stage.evaluation.recommendations.get().title
    assert title in page(lead, stage, "recommendations")
    text = reopen_with(lead, stage, 3).content.decode()
    assert "1 draft is removed: the findings no longer call for it, and nobody had edited it." in text
    assert title not in page(lead, stage, "recommendations")
    assert "1 recommendation is drafted." in reopen_with(lead, stage, 0).content.decode()
    assert title in page(lead, stage, "recommendations")


def test_both_pages_before_the_proposal_name_an_edited_draft_that_is_met_now(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    lead, mce = sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.mce)
    edit(lead, stage, title="Name two")
    assert MET not in page(mce, stage, "scorecard")
    assert "1 draft does not go with the findings." in reopen_with(lead, stage, 3).content.decode()
    link = reverse("workspace:edit_recommendation", args=[stage.evaluation.recommendations.get().uid])
    for client in (lead, mce):
        for name in ("scorecard", "recommendations"):
            assert (MET in (text := page(client, stage, name)), link in text) == (True, True)
        assert "1 draft does not go with the findings: keep it or leave it out." in page(client, stage, "evaluation")
    assert "no longer called for" in page(lead, stage, "recommendations")
    assert MET in lead.get(link).content.decode()


@pytest.mark.parametrize("back_to", ["scorecard", "recommendations"])
@pytest.mark.parametrize(("choice", "is_dropped"), [("keep", False), ("leave_out", True)])
def test_one_press_keeps_it_or_leaves_it_out(
    sign_in: Callable[..., Client], choice: str, is_dropped: bool, back_to: str
):
    stage = report(i3_2_1=0)
    lead, mce = sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.mce)
    edit(lead, stage, title="Name two")
    reopen_with(lead, stage, 3)
    answer = press(mce, stage, choice, **{"from": back_to})
    assert answer.redirect_chain == [(f"{reverse(f'workspace:{back_to}', args=[stage.evaluation.uid])}#undecided", 302)]
    words = "left out" if is_dropped else "kept"
    assert (f"The draft on 3.2.1 is {words}." in answer.content.decode(), MET in answer.content.decode()) == (
        True,
        False,
    )
    assert stage.evaluation.recommendations.get().is_dropped == is_dropped
    other = "keep" if is_dropped else "leave_out"
    assert "Nothing is to be decided about the draft on 3.2.1 now." in press(lead, stage, other).content.decode()
    assert stage.evaluation.recommendations.get().is_dropped == is_dropped
    mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]))
    hotline = page(sign_in(Client(), stage.coordinator), stage, "recommendations")
    assert ("Name two" in hotline, MET in hotline) == (not is_dropped, False)


def test_a_draft_that_was_left_out_says_that_it_is_called_for_again(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=1)
    lead = sign_in(Client(), stage.people.lead)
    edit(lead, stage, is_dropped="on")
    reopen_with(lead, stage, 0)
    again = "3.2.1 was left out, and the findings call for it again: keep it or leave it out."
    assert again in page(lead, stage, "recommendations")
    assert again not in press(lead, stage, "leave_out").content.decode()
    assert again not in reopen_with(lead, stage, 0).content.decode()
    assert stage.evaluation.recommendations.get().is_dropped


def test_a_second_proposal_after_the_panel_sent_it_back_asks_again(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    lead, mce = sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.mce)
    edit(lead, stage, text="Name two people.")
    mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]))
    new(Evaluation).update(state="decision")
    stage.declare()
    perform(new(Evaluation).get(), "send_back_to_assessors", by=stage.people.panel, note="We cannot follow 3.2.1.")
    reopen_with(lead, stage, 3)
    assert MET in page(mce, stage, "scorecard")
    answer = mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]), follow=True).content.decode()
    assert "1 draft does not go with the findings." in answer
    assert MET in page(lead, stage, "recommendations")
    assert "The draft on 3.2.1 is left out." in press(lead, stage, "leave_out").content.decode()


def test_who_is_typing_while_the_draft_is_removed_loses_nothing(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    lead, member = sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.assessor)
    draft = stage.evaluation.recommendations.get()
    url = reverse("workspace:edit_recommendation", args=[draft.uid])
    mark = member.get(url).context["draft"].mark
    reopen_with(lead, stage, 3)
    answer = edit_as_typed(member, url, mark)
    text = answer.content.decode()
    assert (answer.status_code, "Nothing is lost." in text, "An hour of work" in text) == (409, True, True)
    assert "The findings no longer call for 3.2.1, so the draft was removed. Saved, it comes back." in text
    edit_as_typed(member, url, answer.context["draft"].mark)
    assert "An hour of work" in page(member, stage, "recommendations")
    assert MET in page(member, stage, "recommendations")


def edit_as_typed(client: Client, url: str, mark: str) -> Any:
    return client.post(url, {"title": "An hour of work", "text": "", "priority": "2", "mark": mark}, follow=True)


def test_saving_a_form_keeps_what_drafting_found_meanwhile(sign_in: Callable[..., Client]):
    stage = report(i1_1_1=0, i3_2_1=0)
    member = sign_in(Client(), stage.people.assessor)
    url = reverse("workspace:edit_recommendation", args=[stage.evaluation.recommendations.get(code="3.2.1").uid])
    mark = member.get(url).context["draft"].mark
    write_answer(stage.evaluation, "3.2.1", Finding, level=1)
    update_draft_recommendations(new(Evaluation).get())
    gain = stage.evaluation.recommendations.get(code="3.2.1").gain
    edit_as_typed(member, url, mark)
    saved = stage.evaluation.recommendations.get(code="3.2.1")
    assert (saved.title, saved.gain, saved.level) == ("An hour of work", gain, 1)


def test_corrected_figures_that_count_bring_the_drafts_up_to_date(sign_in: Callable[..., Client]):
    stage, uid = Stage.minimal("report"), new(Evaluation).get().uid
    pin_live_figures(stage.evaluation, write_step(stage.evaluation, "submit", "self_assessment", by=stage.coordinator))
    update_draft_recommendations(new(Evaluation).get())
    assert not stage.evaluation.recommendations.exists()
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    mce = sign_in(Client(), stage.people.mce)
    typed = {"note": "Calls were counted twice.", "read": read_on(mce, uid)}
    answer = mce.post(reverse("workspace:count_corrections", args=[uid]), typed, follow=True)
    assert "1 recommendation is drafted." in answer.content.decode()
    assert stage.evaluation.recommendations.get().code == "3.1.1"


def test_the_page_of_a_draft_shows_the_level_of_today_and_not_of_an_earlier_proposal(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    lead, mce = sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.mce)
    mce.post(reverse("workspace:judge", args=[stage.evaluation.uid]))
    perform(new(Evaluation).get(), "take_back", by=stage.people.mce, note="Too early.")
    reopen_with(lead, stage, 1)
    draft = stage.evaluation.recommendations.get(code="3.2.1")
    shown = lead.get(reverse("workspace:recommendation", args=[draft.uid])).context["finding"]
    assert (shown["level"], shown["words"]) == (1, "Seen on the second day.")


def test_a_button_without_a_choice_changes_nothing(sign_in: Callable[..., Client]):
    stage = report(i3_2_1=0)
    assert "Press “Keep” or “Leave out”." in press(sign_in(Client(), stage.people.lead), stage, "").content.decode()
    assert not new(Recommendation).get().is_dropped
