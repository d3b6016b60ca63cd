"""From the signed findings to the panel: letters, drafts, and replies to contested facts."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from evaluation.answers.judgements import AnswerInput
from evaluation.judging.evidence import judge
from evaluation.models import Evaluation, Finding, Recommendation, Reply, Step, UnresolvedText, User, Visit
from evaluation.models.evaluation import find_remarks
from evaluation.models.reasons import Reason
from evaluation.panel.decisions import vote
from evaluation.response.replies import save_reply
from evaluation.response.response import respond, save_remark
from evaluation.workflow import Refusal, perform
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import DeclarationFactory, StakeFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def recipients_of(letter_about: str) -> set[int]:
    return set(Letter.objects.filter(subject__contains=letter_about).values_list("to_user", flat=True))


def contested() -> Stage:
    """Return a stage whose hotline has contested 1.1.2, with the letters about it."""
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "The rota was changed a week before.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    return stage


def test_after_the_sign_off_mce_is_told_and_the_recommendations_are_drafted(sign_in):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    write_answer(stage.evaluation, "1.1.2", Finding, level=0, words="Nobody could say.")
    lead = sign_in(Client(), stage.people.lead)
    lead.post(reverse("workspace:move_visit", args=[stage.evaluation.uid, "sign_off"]), follow=True)
    evaluation = new(Evaluation).get()
    assert (evaluation.state, new(Visit).get().state) == ("report", "signed_off")
    assert recipients_of("are signed off") == {stage.people.mce.pk}
    assert reverse("workspace:scorecard", args=[evaluation.uid]) in Letter.objects.get(to_user=stage.people.mce).body
    drafted = new(Recommendation).get(code="1.1.2")
    page = (
        sign_in(Client(), stage.people.mce).get(reverse("workspace:evaluation", args=[evaluation.uid])).content.decode()
    )
    assert reverse("workspace:scorecard", args=[evaluation.uid]) in page
    assert "Score the findings and send the draft to the hotline" in page
    edit = reverse("workspace:edit_recommendation", args=[drafted.uid])
    member = sign_in(Client(), stage.people.assessor)
    assert edit in member.get(reverse("workspace:recommendations", args=[evaluation.uid])).content.decode()
    member.post(edit, {"title": "Put the rota on the wall", "priority": "1"})
    hotline = sign_in(Client(), stage.coordinator)
    for url in (reverse("workspace:recommendations", args=[evaluation.uid]), edit):
        assert "Put the rota on the wall" not in hotline.get(url).content.decode()
    sign_in(Client(), stage.people.mce).post(reverse("workspace:judge", args=[evaluation.uid]))
    assert new(Evaluation).get().state == "response"
    page = hotline.get(reverse("workspace:recommendations", args=[evaluation.uid])).content.decode()
    assert "Put the rota on the wall" in page


def test_what_is_missing_is_drafted_by_a_button_and_a_refused_sign_off_drafts_nothing(sign_in):
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "1.1.2", Finding, level=0, words="Nobody could say.")
    draft = reverse("workspace:draft_recommendations", args=[stage.evaluation.uid])
    member = sign_in(Client(), stage.people.assessor)
    assert draft in member.get(reverse("workspace:recommendations", args=[stage.evaluation.uid])).content.decode()
    assert "1 recommendation is drafted." in member.post(draft, follow=True).content.decode()
    assert "There is nothing to draft" in member.post(draft, follow=True).content.decode()
    other = Stage.minimal("study_visit", visit_state="findings_entered")
    Finding.objects.filter(evaluation=other.evaluation).update(version=0, level=None, value=None)
    client = sign_in(Client(), other.people.lead)
    client.post(reverse("workspace:move_visit", args=[other.evaluation.uid, "sign_off"]))
    assert not other.evaluation.recommendations.exists()


def test_contested_facts_reach_the_assessors_and_the_panel_hears_when_all_are_answered(sign_in):
    stage = contested()
    uid = stage.evaluation.uid
    assert recipients_of("contests findings") == {user.pk for user in (stage.people.mce, *stage.people.team)}
    assert recipients_of("ready for your decision") == set()
    DeclarationFactory(evaluation=stage.evaluation, user=stage.people.panel)
    with pytest.raises(Refusal) as refused:
        vote(stage.scorecard, "accredited", "Good.", by=stage.people.panel)
    assert refused.value.reasons == (Reason("remarks_unanswered", codes=("1.1.2",)),)
    member, lead = sign_in(Client(), stage.people.assessor), sign_in(Client(), stage.people.lead)
    page = reverse("workspace:replies", args=[uid])
    assert page in member.get(reverse("workspace:evaluation", args=[uid])).content.decode()
    assert "The rota was changed a week before." in member.get(page).content.decode()
    give = reverse("workspace:give_replies", args=[uid])
    assert "1 remark of the hotline has no answer" in lead.post(give, follow=True).content.decode()
    form_data = {"words-1.1.2": "On our day the old rota hung there.", "version-1.1.2": "0"}
    assert (
        "On our day the old rota hung there.</textarea>" in member.post(page, form_data, follow=True).content.decode()
    )
    assert lead.post(give, {"words-1.1.2": "Mine.", "version-1.1.2": "0"}).status_code == 409
    UnresolvedText.objects.all().delete()
    hotline = sign_in(Client(), stage.coordinator)
    response = reverse("workspace:response", args=[uid])
    assert "On our day" not in hotline.get(response).content.decode()
    assert member.post(give).status_code == 403
    assert "The panel has your answers" in lead.post(give, follow=True).content.decode()
    assert recipients_of("ready for your decision") == {member_.pk for member_ in stage.people.jury}
    assert "On our day the old rota hung there." in hotline.get(response).content.decode()
    panel = sign_in(Client(), stage.people.panel)
    assert "On our day" in panel.get(reverse("workspace:deliberation", args=[uid])).content.decode()
    vote(stage.scorecard, "accredited", "Good.", by=stage.people.panel)
    assert lead.post(page, {"words-1.1.2": "Once more.", "version-1.1.2": "1"}).status_code == 423
    assert Step.objects.filter(move="answer_remarks").count() == 1


def test_a_response_that_contests_nothing_goes_straight_to_the_panel():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "", "On the whole, fair.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    assert not stage.evaluation.awaits_replies
    assert recipients_of("ready for your decision") == {member.pk for member in stage.people.jury}


def test_the_sign_off_links_each_finding_that_lacks_words(sign_in):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    for code in ("1.1.2", "9.1.2"):
        write_answer(stage.evaluation, code, Finding, level=0, words="")
    page = (
        sign_in(Client(), stage.people.lead)
        .get(reverse("workspace:visit", args=[stage.evaluation.uid]))
        .content.decode()
    )
    for code in ("1.1.2", "9.1.2"):
        standard = stage.evaluation.framework.standard_of[code].code
        url = reverse("workspace:findings", args=[stage.evaluation.uid, standard])
        assert f'<a class="num" href="{url}#i{code}">{code}</a>' in page


# --- Nothing typed is lost -------------------------------------------------------------------------------------------


def text_of(client: Client, stage: Stage) -> str:
    return client.get(reverse("workspace:replies", args=[stage.evaluation.uid])).content.decode()


def type_in(client: Client, stage: Stage, words: str, version: int, **more: Any) -> HttpResponse:
    """Send what the script sends when somebody has typed an answer to 1.1.2."""
    address = reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])
    sent = {"words": words, "version": version, "save_uid": uuid4(), **more}
    return client.post(address, sent, headers={"Accept": "application/json"})


@pytest.fixture
def both(sign_in: Callable[..., Client]) -> tuple[Stage, Client, Client]:
    """Return the stage, and the browsers of the lead and a member of its team."""
    stage = contested()
    return stage, sign_in(Client(), stage.people.lead), sign_in(Client(), stage.people.assessor)


def test_an_answer_is_saved_as_it_is_typed_and_its_versions_are_read_by_who_answers(both, sign_in):
    stage, lead, member = both
    assert type_in(member, stage, "It was", 0).json()["version"] == 1
    assert type_in(member, stage, "It was so.", 1).json()["version"] == 2
    assert "It was so.</textarea>" in text_of(lead, stage)
    versions = reverse("workspace:versions", args=[stage.evaluation.uid, "reply", "1.1.2"])
    assert versions in text_of(lead, stage)
    text = lead.get(versions).content.decode()
    assert text.index("It was so.") < text.index("It was</p>")
    assert sign_in(Client(), stage.coordinator).get(versions).status_code == 403
    assert lead.get(versions.replace("1.1.2", "whole")).status_code == 404


def test_of_two_who_answer_at_once_both_texts_stand_until_somebody_decides(both, sign_in):
    stage, lead, member = both
    type_in(member, stage, "Theirs.", 0)
    conflict = type_in(lead, stage, "Mine.", 0)
    theirs = conflict.json()["theirs"]
    assert (conflict.status_code, conflict.json()["version"]) == (409, 1)
    assert (theirs["words"], theirs["level"]) == ("Theirs.", "")
    assert "Mine." in conflict.json()["panel"]
    elsewhere = sign_in(Client(), stage.people.lead)  # another device of the same person
    text = UnresolvedText.objects.get()
    leads_to = elsewhere.get(reverse("workspace:unresolved", args=[text.uid])).url
    assert leads_to == reverse("workspace:replies", args=[stage.evaluation.uid]) + "#r1.1.2"
    assert "1 text of yours waits for you to decide" in elsewhere.get("/work/account/").content.decode()
    shown = text_of(elsewhere, stage)
    assert "Mine.</p>" in shown
    assert "Theirs.</textarea>" in shown
    assert "Mine." not in text_of(member, stage)
    elsewhere.post(reverse("workspace:use_text", args=[text.uid]), {f"version-{text.uid}": 1})
    assert new(Reply).get().words == "Mine."
    assert "kept another text in place of yours" in text_of(member, stage)
    versions = reverse("workspace:versions", args=[stage.evaluation.uid, "reply", "1.1.2"])
    assert all(words in member.get(versions).content.decode() for words in ("Mine.", "Theirs."))
    back = UnresolvedText.objects.get()
    member.post(reverse("workspace:discard_text", args=[back.uid]))
    assert (new(Reply).get().words, UnresolvedText.objects.count()) == ("Mine.", 0)


def test_the_script_keeps_mine_over_the_version_that_was_seen(both):
    stage, lead, member = both
    type_in(member, stage, "Theirs.", 0)
    form = {"draft_uid": uuid4()}
    type_in(lead, stage, "Mine.", 0, **form)
    assert type_in(lead, stage, "Mine, and more.", 1, resolves="yes", **form).json()["version"] == 2
    assert UnresolvedText.objects.get().author == stage.people.assessor


def test_what_came_after_the_panel_had_the_answers_is_kept_until_its_author_discards_it(both):
    stage, lead, member = both
    type_in(member, stage, "It stands.", 0)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    late = type_in(member, stage, "It stands, and more.", 1)
    assert late.status_code == 423
    assert "the answers are handed to the panel" in late.json()["problem"]
    shown = text_of(member, stage)
    assert "Your text came too late." in shown
    assert "It stands, and more." in shown
    text = UnresolvedText.objects.get()
    assert member.post(reverse("workspace:use_text", args=[text.uid]), {f"version-{text.uid}": 1}).status_code == 302
    assert (new(Reply).get().words, UnresolvedText.objects.count()) == ("It stands.", 1)
    assert "Your text came too late." not in text_of(lead, stage)
    member.post(reverse("workspace:discard_text", args=[text.uid]))
    assert "Your text came too late." not in text_of(member, stage)


def test_a_plain_form_sends_all_and_gets_both_texts_of_a_conflict(both):
    stage, lead, member = both
    page = reverse("workspace:replies", args=[stage.evaluation.uid])
    sent = {"words-1.1.2": "One.", "version-1.1.2": "0", "words-9.1.2": "Two.", "version-9.1.2": "0"}
    save = reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])
    assert member.post(save, sent | {"was-9.1.2": "x"}).status_code == 423  # nobody contests 9.1.2
    assert (new(Reply).get().words, UnresolvedText.objects.get().code) == ("One.", "9.1.2")
    assert "Two." in text_of(member, stage)
    conflict = lead.post(page, {"words-1.1.2": "Mine.", "version-1.1.2": "0"})
    shown = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Mine.</textarea>" in shown
    assert "One.</p>" in shown
    assert 'name="version-1.1.2" value="1"' in shown
    assert 'name="resolves-1.1.2" value="yes"' in " ".join(shown.split())


def test_nothing_is_handed_over_while_who_hands_it_over_has_not_chosen(both):
    stage, lead, member = both
    type_in(member, stage, "Theirs.", 0)
    type_in(lead, stage, "Mine.", 0)
    give = reverse("workspace:give_replies", args=[stage.evaluation.uid])
    assert "Choose one of the texts, then hand them on." in lead.post(give, follow=True).content.decode()
    assert stage.evaluation.awaits_replies
    lead.post(reverse("workspace:discard_text", args=[UnresolvedText.objects.get().uid]))
    assert "The panel has your answers" in lead.post(give, follow=True).content.decode()


def test_somebody_elses_form_saves_nothing(both):
    stage, lead, _member = both
    assert type_in(lead, stage, "Of the member.", 0, rendered_for=stage.people.assessor.uid).status_code == 403
    give = reverse("workspace:give_replies", args=[stage.evaluation.uid])
    assert lead.post(give, {"rendered_for": stage.people.assessor.uid}).status_code == 403
    assert (new(Reply).get().version, UnresolvedText.objects.count()) == (0, 0)


def test_the_step_hands_the_answers_over_by_itself_and_once():
    """This also holds for direct moves, and for concurrent ones: a second one finds no open remarks."""
    stage = contested()
    for remark in find_remarks(stage.evaluation):
        save_reply(
            stage.evaluation, remark.code, AnswerInput(words="We saw it ourselves."), version=0, by=stage.people.lead
        )
    perform(stage.evaluation, "answer_remarks", by=stage.people.mce)
    assert not Evaluation.objects.get(pk=stage.evaluation.pk).awaits_replies
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "answer_remarks", by=stage.people.mce)
    assert refused.value.reasons == (Reason("no_answer_awaited"),)
    assert Step.objects.filter(move="answer_remarks").count() == 1


# --- A finding that a reply changes ----------------------------------------------------------------------------------


def test_a_reply_changes_a_finding_and_all_read_from_what_to_what(both, sign_in):
    stage, lead, member = both
    address = reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])
    assert "It stays as it is" in text_of(lead, stage)
    sent = {"words": "The rota shows it.", "version": 0, "level": "0"}
    assert member.post(address, sent, headers={"Accept": "application/json"}).status_code == 200
    coordinator = sign_in(Client(), stage.coordinator)
    response = reverse("workspace:response", args=[stage.evaluation.uid])
    assert "The rota shows it." not in coordinator.get(response).content.decode()
    lead.post(reverse("workspace:give_replies", args=[stage.evaluation.uid]))
    assert Finding.objects.get(evaluation=stage.evaluation, code="1.1.2").level == 0
    stage.declare()
    panel = reverse("workspace:deliberation", args=[stage.evaluation.uid])
    scorecard = reverse("workspace:scorecard", args=[stage.evaluation.uid])
    assert "scored anew" in coordinator.get(scorecard).content.decode()
    seen = ((coordinator, response), (sign_in(Client(), stage.people.panel), panel))
    pages = (text_of(lead, stage), *(client.get(page).content.decode() for client, page in seen))
    for text in pages:
        assert "It was" in text
        assert "The rota shows it." in text
    for text in pages[1:]:
        assert "scored anew" in text
        assert "changed after the response" in text


def test_who_hands_the_replies_over_hears_of_an_edited_draft_that_they_outdate(sign_in):
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "1.1.2", Finding, level=0, words="Nobody could say.")
    judge(stage.evaluation, by=stage.people.lead)
    Recommendation.objects.filter(code="1.1.2").update(title="Hang the rota up")
    save_remark(stage.evaluation, "1.1.2", "It hangs there.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    lead = sign_in(Client(), stage.people.lead)
    type_in(lead, stage, "So it does.", 0, level="3")
    given = lead.post(reverse("workspace:give_replies", args=[stage.evaluation.uid]), follow=True).content.decode()
    assert "1 draft does not go with the findings. Keep it or leave it out" in given
    assert "1 draft does not go with the findings: keep it" in lead.get("/work/").content.decode()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_has_a_stake_in_the_hotline_changes_no_finding_of_it(sign_in, is_superuser):
    stage = contested()
    User.objects.filter(pk=stage.people.mce.pk).update(is_superuser=is_superuser)
    StakeFactory(user=stage.people.mce, hotline=stage.evaluation.hotline)
    mce = sign_in(Client(), User.objects.get(pk=stage.people.mce.pk))
    assert type_in(mce, stage, "It was better.", 0, level="3").status_code == 403
    sent = {"words-1.1.2": "It was better.", "version-1.1.2": "0", "level-1.1.2": "3"}
    assert mce.post(reverse("workspace:give_replies", args=[stage.evaluation.uid]), sent).status_code == 403
    assert new(Reply).get().version == 0


def test_an_answer_of_somebody_with_a_stake_waits_until_another_saves_it_as_their_own(both):
    stage, lead, member = both
    assert type_in(member, stage, "It was worse.", 0, level="0").status_code == 200
    assert "Save it as my answer" not in text_of(lead, stage)
    StakeFactory(user=stage.people.assessor, hotline=stage.evaluation.hotline)
    shown = text_of(lead, stage)
    assert f"{stage.people.assessor.name}, who wrote this answer, has a stake in the hotline now" in shown
    assert "It was worse.</textarea>" in shown
    give = reverse("workspace:give_replies", args=[stage.evaluation.uid])
    text = " ".join(lead.post(give, follow=True).content.decode().split())
    assert "1 answer is by somebody who has a stake in the hotline now, or decides on it" in text
    assert new(Reply).get().given_at is None
    sent = values_in(shown, "1.1.2") | {"level-1.1.2": "0", "words-1.1.2": "It was worse."}
    save = reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])
    lead.post(save, sent)
    assert new(Reply).get().by == stage.people.assessor, "nothing is changed, and nobody has said that it is theirs"
    lead.post(save, sent | {"confirms": "yes"})
    assert (new(Reply).get().by, new(Reply).get().words) == (stage.people.lead, "It was worse.")
    assert "The panel has your answers" in lead.post(give, follow=True).content.decode()
    found = Finding.objects.get(evaluation=stage.evaluation, code="1.1.2")
    assert (found.level, found.by) == (0, stage.people.lead)


def values_in(page: str, code: str) -> dict[str, str]:
    """Return the hidden values of a form on a page."""
    tags = [" ".join(tag.split()) for tag in re.findall(r"<input[^>]*>", page)]
    found = (re.search(rf'name="(\w+-{code})" value="([^"]*)"', tag) for tag in tags if 'type="hidden"' in tag)
    return {one[1]: one[2] for one in found if one}


def test_a_wrong_level_is_said_at_the_reply_and_what_was_typed_stays(both):
    stage, lead, _member = both
    sent = {"words-1.1.2": "The rota shows it.", "version-1.1.2": "0", "level-1.1.2": "9"}
    answer = lead.post(reverse("workspace:replies", args=[stage.evaluation.uid]), sent)
    assert (answer.status_code, "Choose one of the levels shown." in answer.content.decode()) == (422, True)
    assert "The rota shows it.</textarea>" in answer.content.decode()


def test_the_hotline_is_told_that_it_was_answered(both):
    stage, lead, _member = both
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="We saw it."), version=0, by=stage.people.lead)
    lead.post(reverse("workspace:give_replies", args=[stage.evaluation.uid]))
    letter = Letter.objects.get(to_user=stage.coordinator, subject__contains="have answered you")
    assert reverse("workspace:response", args=[stage.evaluation.uid]) in letter.body


@pytest.mark.parametrize("state", ["self_assessment", "desk_review", "study_visit", "report"])
def test_before_there_is_a_scorecard_no_page_has_the_response_of_another_hotline(state, sign_in):
    other = contested()
    stage = Stage(state, people=other.people, round=other.round, country="")
    readers = [stage.coordinator, stage.contributor, *stage.people.team, stage.people.mce]
    pages = {
        (reader.name, name): sign_in(Client(), reader).get(reverse(f"workspace:{name}", args=[stage.evaluation.uid]))
        for reader in readers
        for name in ("response", "replies")
    }
    assert any(page.status_code == 200 for page in pages.values())
    assert [key for key, page in pages.items() if "The rota was changed" in page.content.decode()] == []
