"""From the signed findings to the panel: who is told, what is drafted, and how contested facts are answered."""

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.conditions import Reason, find_remarks
from evaluation.deciding import vote
from evaluation.judgements import Clash, Kept, Shut
from evaluation.models import Evaluation, Finding, Recommendation, Reply, Step, Visit
from evaluation.replying import are_due, hand_over, keep_reply
from evaluation.responding import keep_remark, respond
from evaluation.workflow import Refusal, move
from portal.models import Letter
from portal.post import tell_of_step
from tests.evaluation.stages import Stage, stage
from tests.factories import DeclarationFactory, say

pytestmark = pytest.mark.django_db


def told(letter_about: str) -> set[int]:
    return set(Letter.objects.filter(subject__contains=letter_about).values_list("to_user", flat=True))


def contested() -> Stage:
    """The hotline has contested 1.1.2; the letters about it are written."""
    here = stage("response")
    keep_remark(here.evaluation, "1.1.2", "The rota was changed a week before.", version=0, by=here.coordinator)
    respond(
        here.evaluation,
        by=here.coordinator,
        tell=lambda step: tell_of_step(step.move, here.evaluation, by=here.coordinator),
    )
    return here


def test_after_the_sign_off_mce_is_told_and_the_recommendations_are_drafted(sign_in):
    here = stage("study_visit", visit_state="under_way")
    say(here.evaluation, "1.1.2", Finding, level=0, words="Nobody could say.")
    lead = sign_in(Client(), here.lead)
    lead.post(reverse("workspace:move_visit", args=[here.evaluation.uid, "sign_off"]), follow=True)
    evaluation = Evaluation.objects.get()
    assert (evaluation.state, Visit.objects.get().state) == ("report", "signed_off")
    assert told("are signed off") == {here.mce.pk}
    assert reverse("workspace:scorecard", args=[evaluation.uid]) in Letter.objects.get(to_user=here.mce).body
    drafted = Recommendation.objects.get(code="1.1.2")
    page = sign_in(Client(), here.mce).get(reverse("workspace:evaluation", args=[evaluation.uid])).content.decode()
    assert reverse("workspace:scorecard", args=[evaluation.uid]) in page
    assert "Score the findings and send the draft to the hotline" in page
    edit = reverse("workspace:edit_recommendation", args=[drafted.uid])
    member = sign_in(Client(), here.member)
    assert edit in member.get(reverse("workspace:recommendations", args=[evaluation.uid])).content.decode()
    member.post(edit, {"title": "Put the rota on the wall", "priority": "1"})
    hotline = sign_in(Client(), here.coordinator)
    for url in (reverse("workspace:recommendations", args=[evaluation.uid]), edit):
        assert "Put the rota on the wall" not in hotline.get(url).content.decode()
    sign_in(Client(), here.mce).post(reverse("workspace:judge", args=[evaluation.uid]))
    assert Evaluation.objects.get().state == "response"
    page = hotline.get(reverse("workspace:recommendations", args=[evaluation.uid])).content.decode()
    assert "Put the rota on the wall" in page


def test_what_is_missing_is_drafted_by_a_button_and_a_refused_sign_off_drafts_nothing(sign_in):
    here = stage("report")
    say(here.evaluation, "1.1.2", Finding, level=0, words="Nobody could say.")
    draft = reverse("workspace:draft_recommendations", args=[here.evaluation.uid])
    member = sign_in(Client(), here.member)
    assert draft in member.get(reverse("workspace:recommendations", args=[here.evaluation.uid])).content.decode()
    assert "1 recommendation is drafted." in member.post(draft, follow=True).content.decode()
    assert "There is nothing to draft" in member.post(draft, follow=True).content.decode()
    other = stage("study_visit", visit_state="under_way")
    Finding.objects.filter(evaluation=other.evaluation).update(version=0, level=None, value=None)
    client = sign_in(Client(), other.lead)
    client.post(reverse("workspace:move_visit", args=[other.evaluation.uid, "sign_off"]))
    assert not other.evaluation.recommendations.exists()


def test_contested_facts_reach_the_assessors_and_the_panel_hears_when_all_are_answered(sign_in):
    here = contested()
    uid = here.evaluation.uid
    assert told("contests facts") == {here.mce.pk, here.lead.pk, here.member.pk}
    assert told("ready for your decision") == set()
    DeclarationFactory(evaluation=here.evaluation, user=here.panel)
    with pytest.raises(Refusal) as refused:
        vote(here.scorecard, "accredited", "Good.", by=here.panel)
    assert refused.value.reasons == (Reason("remarks_unanswered", codes=("1.1.2",)),)
    member, lead = sign_in(Client(), here.member), sign_in(Client(), here.lead)
    page = reverse("workspace:replies", args=[uid])
    assert page in member.get(reverse("workspace:evaluation", args=[uid])).content.decode()
    assert "The rota was changed a week before." in member.get(page).content.decode()
    give = reverse("workspace:give_replies", args=[uid])
    assert "1 remark of the hotline has no answer" in lead.post(give, follow=True).content.decode()
    said = {"words-1.1.2": "On our day the old rota hung there.", "version-1.1.2": "0"}
    assert "Your answers are saved." in member.post(page, said, follow=True).content.decode()
    answer = lead.post(page, {"words-1.1.2": "Mine.", "version-1.1.2": "0"})
    assert answer.status_code == 409
    assert "On our day the old rota hung there." in answer.content.decode()
    assert 'rows="4" aria-describedby="hint-1.1.2">Mine.</textarea>' in answer.content.decode()
    assert 'name="version-1.1.2" value="1"' in answer.content.decode()
    assert lead.post(give, {"words-1.1.2": "Mine.", "version-1.1.2": "0"}).status_code == 409
    hotline = sign_in(Client(), here.coordinator)
    response = reverse("workspace:response", args=[uid])
    assert "On our day" not in hotline.get(response).content.decode()
    assert member.post(give).status_code == 403
    assert "The panel has your answers" in lead.post(give, follow=True).content.decode()
    assert told("ready for your decision") == {member_.pk for member_ in here.jury}
    assert "On our day the old rota hung there." in hotline.get(response).content.decode()
    panel = sign_in(Client(), here.panel)
    assert "On our day" in panel.get(reverse("workspace:deliberation", args=[uid])).content.decode()
    vote(here.scorecard, "accredited", "Good.", by=here.panel)
    assert lead.post(page, {"words-1.1.2": "Once more.", "version-1.1.2": "1"}).status_code == 423
    assert Step.objects.filter(move="answer_remarks").count() == 1


def test_replies_are_kept_once_and_never_over_each_other_nor_after_they_are_given():
    here = contested()
    keep = {"by": here.member}
    assert keep_reply(here.evaluation, "1.1.2", "It stands.", version=0, **keep) == Kept(1)
    assert keep_reply(here.evaluation, "1.1.2", "It stands.", version=0, **keep) == Kept(1)
    assert isinstance(keep_reply(here.evaluation, "1.1.2", "Not so.", version=0, **keep), Clash)
    assert keep_reply(here.evaluation, "9.1.2", "Nobody asked.", version=0, **keep) == Shut()
    assert are_due(here.evaluation)
    hand_over(here.evaluation, by=here.mce)
    assert not are_due(here.evaluation)
    assert keep_reply(here.evaluation, "1.1.2", "Too late.", version=1, **keep) == Shut()
    with pytest.raises(Refusal):
        hand_over(here.evaluation, by=here.mce)
    assert Reply.objects.get().words == "It stands."


def test_a_response_that_contests_nothing_goes_straight_to_the_panel():
    here = stage("response")
    keep_remark(here.evaluation, "", "On the whole, fair.", version=0, by=here.coordinator)
    respond(
        here.evaluation,
        by=here.coordinator,
        tell=lambda step: tell_of_step(step.move, here.evaluation, by=here.coordinator),
    )
    assert not are_due(here.evaluation)
    assert told("ready for your decision") == {member.pk for member in here.jury}


def test_the_sign_off_links_each_finding_that_lacks_words(sign_in):
    here = stage("study_visit", visit_state="under_way")
    for code in ("1.1.2", "9.1.2"):
        say(here.evaluation, code, Finding, level=0, words="")
    page = sign_in(Client(), here.lead).get(reverse("workspace:visit", args=[here.evaluation.uid])).content.decode()
    for code in ("1.1.2", "9.1.2"):
        standard = here.evaluation.framework.standard_of[code].code
        url = reverse("workspace:findings", args=[here.evaluation.uid, standard])
        assert f'<a href="{url}#i{code}">{code}</a>' in page


def test_the_step_hands_the_answers_over_by_itself_and_once():
    """Whoever asks the machine, and however many ask it at once: the second finds nothing that is awaited."""
    here = contested()
    for remark in find_remarks(here.evaluation):
        keep_reply(here.evaluation, remark.code, "We saw it ourselves.", version=0, by=here.lead)
    move(here.evaluation, "answer_remarks", by=here.mce)
    assert not are_due(Evaluation.objects.get(pk=here.evaluation.pk))
    with pytest.raises(Refusal):
        move(here.evaluation, "answer_remarks", by=here.mce)
    assert Step.objects.filter(move="answer_remarks").count() == 1
