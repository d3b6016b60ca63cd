"""The page of a discussion: written, edited, deleted, resolved; no typed text is lost; nobody else reads it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.discussions.discussions import (
    add_comment,
    delete_comment,
    edit_comment,
    find_discussion,
    find_open_mentions,
)
from evaluation.models import Audience, DiscussionComment, Evaluation, Mention, Role
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import StakeFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def address(stage: Stage, name: str = "discussion", *more: Any, audience: str = "hotline") -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, audience, "1.1.2", *more])


def say(stage: Stage, words: str = "So?", **how: Any) -> DiscussionComment:
    details = {"by": stage.contributor} | how
    return add_comment(stage.evaluation, "1.1.2", Audience.HOTLINE, words=words, **details).comment


def test_a_comment_asks_a_colleague_on_home_and_by_one_letter(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    assert "Nobody has written here yet." in text_of(page.get(address(stage)))
    sent = {
        "words": "Is <b>this</b> so? https://example.org",
        "mention": [str(stage.coordinator.uid)],
        "save_uid": str(uuid4()),
    }
    answer = page.post(address(stage), sent)
    page.post(address(stage), sent)
    comment = new(DiscussionComment).get()
    assert answer["Location"] == f"{address(stage)}#c{comment.pk}"
    letter = new(Letter).get()
    assert letter.to_user == stage.coordinator
    assert letter.subject == f"{stage.contributor.name} asks you about 1.1.2, {stage.hotline.name}"
    assert (address(stage) in letter.body, "this" in letter.body.replace("this ", "this")) == (True, False)
    other = sign_in(Client(), stage.coordinator)
    home = other.get(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    assert "1 comment asks you" in text_of(home)
    shown = other.get(address(stage)).content.decode()
    assert "Is &lt;b&gt;this&lt;/b&gt; so? https://example.org" in shown
    assert 'href="https://example.org"' not in shown
    assert stage.contributor.email not in shown
    assert "1 asks you" in text_of(other.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])))


@pytest.mark.parametrize("way", ["discussion", "read_discussion", "resolve_discussion"])
def test_what_asks_is_done_with_by_an_answer_by_reading_and_by_resolving(client, sign_in, stage: Stage, way: str):
    say(stage, mentioned=[stage.coordinator.uid])
    page = sign_in(client, stage.coordinator)
    assert page.post(address(stage, way), {"words": "Yes."}).status_code == 302
    assert Mention.objects.filter(answered_at=None).count() == 0
    home = text_of(page.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])))
    assert "asks you" not in home


def test_what_asks_is_done_with_by_reading_also_when_no_comments_are_taken(client, sign_in, stage: Stage):
    say(stage, mentioned=[stage.coordinator.uid])
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    page = sign_in(client, stage.coordinator)
    content = page.get(address(stage)).content.decode()
    assert ("This is resolved" in content, "Reopen" in content) == (False, False)
    place = re.search(r'action="([^"]+/read/)"', content)[1]
    assert page.post(place).status_code == 302
    assert find_open_mentions(stage.coordinator) == []
    assert "add nothing" not in page.get(address(stage)).content.decode()


def test_resolved_is_said_and_reopened(client, sign_in, stage: Stage):
    say(stage)
    page = sign_in(client, stage.coordinator)
    page.post(address(stage, "resolve_discussion"))
    assert f"{stage.coordinator.name} said on" in text_of(page.get(address(stage)))
    page.post(address(stage, "reopen_discussion"))
    assert not find_discussion(stage.evaluation, "1.1.2", Audience.HOTLINE).is_resolved


def test_the_author_edits_and_deletes_and_both_are_visible(client, sign_in, stage: Stage):
    comment = say(stage)
    page = sign_in(client, stage.contributor)
    page.post(address(stage, "edit_discussion_comment", comment.pk), {"words": "Better.", "version": "1"})
    assert "edited" in text_of(page.get(address(stage)))
    page.post(address(stage, "delete_discussion_comment", comment.pk))
    words = text_of(page.get(address(stage)))
    assert "This comment was deleted by its author." in words
    assert "Better." not in words


def test_a_question_that_is_taken_back_is_not_shown_and_asked_again_without_a_letter(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    asks = {"mention": [str(stage.coordinator.uid)]}
    page.post(address(stage), {"words": "So?", **asks})
    comment = new(DiscussionComment).get()
    url = address(stage, "edit_discussion_comment", comment.pk)
    page.post(url, {"words": "So?", "version": "1"})
    content = page.get(address(stage)).content.decode()
    assert "Asks:" not in content
    assert not re.search(rf'value="{stage.coordinator.uid}"\s+checked', content)
    page.post(url, {"words": "So?", "version": "1", **asks})
    assert ("Asks:" in page.get(address(stage)).content.decode(), new(Letter).count()) == (True, 1)


def test_nobody_else_edits_or_deletes_it(client, sign_in, stage: Stage):
    comment = say(stage)
    page = sign_in(client, stage.coordinator)
    for name in ("edit_discussion_comment", "delete_discussion_comment"):
        assert page.post(address(stage, name, comment.pk), {"words": "Mine.", "version": "1"}).status_code == 404
    assert "Edit or delete" not in text_of(page.get(address(stage)))


# --- Nothing typed is lost -------------------------------------------------------------------------------------------


def test_what_is_not_valid_stands_there_again(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    empty = page.post(address(stage), {"words": " ", "mention": [str(stage.coordinator.uid)]})
    assert (empty.status_code, "Write something first." in text_of(empty)) == (422, True)
    assert re.search(rf'value="{stage.coordinator.uid}"\s+checked', empty.content.decode())
    for stranger in (stage.people.mce.uid, "x"):
        answer = page.post(address(stage), {"words": "Kept words.", "mention": [str(stranger)]})
        assert (answer.status_code, ">Kept words.</textarea>" in answer.content.decode()) == (422, True)
    assert new(DiscussionComment).count() == 0


def test_two_edits_meet_and_both_are_shown(client, sign_in, stage: Stage):
    comment = say(stage)
    edit_comment(comment, words="From the phone.", version=1, by=stage.contributor)
    page = sign_in(client, stage.contributor)
    url = address(stage, "edit_discussion_comment", comment.pk)
    answer = page.post(url, {"words": "From the desk.", "version": "1"})
    content = answer.content.decode()
    assert (answer.status_code, ">From the desk.</textarea>" in content) == (409, True)
    assert "From the phone." in content
    version = re.search(r'name="version" value="(\d+)"', content)[1]
    assert page.post(url, {"words": "From the desk.", "version": version}).status_code == 302
    comment.refresh_from_db()
    assert comment.words == "From the desk."


@pytest.mark.parametrize("is_begun", [True, False])
def test_what_comes_after_the_submission_stays_to_be_copied(client, sign_in, stage: Stage, is_begun: bool):
    if is_begun:
        say(stage)
    page = sign_in(client, stage.contributor)
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    answer = page.post(address(stage), {"words": "Too late."})
    assert (answer.status_code, ">Too late.</textarea>" in answer.content.decode()) == (423, True)
    assert DiscussionComment.objects.filter(words="Too late.").count() == 0
    later = page.get(address(stage))
    if is_begun:
        assert "No comments are taken at this stage." in text_of(later)
    else:
        assert later.status_code == 404


@pytest.mark.parametrize("words", ["Typed on the desk.", " "])
def test_an_edit_of_a_comment_that_was_deleted_meanwhile_stays_to_be_copied(client, sign_in, stage: Stage, words: str):
    comment = say(stage)
    delete_comment(comment, by=stage.contributor)
    page = sign_in(client, stage.contributor)
    url = address(stage, "edit_discussion_comment", comment.pk)
    answer = page.post(url, {"words": words, "version": "1"})
    content = answer.content.decode()
    assert (answer.status_code, content.count(f">{words}</textarea>")) == ((423, 1) if words.strip() else (422, 1))
    assert ("you deleted this comment elsewhere" in content) is bool(words.strip())
    assert "no comments are taken here any more" not in content


def test_an_expired_session_gives_the_words_back(client, stage: Stage):
    client.handler.enforce_csrf_checks = True
    sent = {"words": "Typed at night.", "version": "0", "rendered_for": str(stage.contributor.uid)}
    answer = client.post(address(stage), sent, headers={"Origin": "http://testserver"})
    assert (answer.status_code, "Typed at night." in answer.content.decode()) == (403, True)


def test_a_form_of_another_person_is_refused(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    answer = page.post(address(stage), {"words": "So?", "rendered_for": str(stage.coordinator.uid)})
    assert (answer.status_code, new(DiscussionComment).count()) == (403, 0)


# --- Permissions -----------------------------------------------------------------------------------------------------


def test_each_discussion_has_its_readers(sign_in):
    stage = Stage("study_visit")
    tied = person(Role.MCE_COORDINATOR)
    StakeFactory(user=tied, hotline=stage.hotline)
    people = {
        "contributor": stage.contributor,
        "mce": stage.people.mce,
        "lead": stage.people.lead,
        "tied": tied,
        "elsewhere": stage.people.elsewhere,
    }
    found = {
        name: [
            sign_in(Client(), user).get(address(stage, audience=audience)).status_code for audience in Audience.values
        ]
        for name, user in people.items()
    }
    assert found == {
        "contributor": [404, 200],  # the hotline's own discussion was never begun, and can no longer be
        "mce": [403, 200],
        "lead": [403, 200],
        "tied": [403, 403],
        "elsewhere": [404, 404],
    }


def test_assessors_find_the_discussion_at_their_finding_and_what_asks_them(sign_in):
    stage = Stage("study_visit")
    asks = [stage.people.lead.uid]
    add_comment(stage.evaluation, "3.2.1", Audience.REVIEW, words="See?", mentioned=asks, by=stage.contributor)
    page = sign_in(Client(), stage.people.lead)
    url = reverse("workspace:discussion", args=[stage.evaluation.uid, "review", "3.2.1"])
    findings = page.get(reverse("workspace:findings", args=[stage.evaluation.uid, "3.2"]))
    assert f'href="{url}"' in findings.content.decode()
    assert "1 comment asks you" in text_of(page.get(reverse("workspace:evaluation", args=[stage.evaluation.uid])))


def test_mce_and_the_assessors_find_what_asks_them_on_today(sign_in):
    stage = Stage("study_visit")
    asks = [stage.people.lead.uid, stage.people.mce.uid]
    add_comment(stage.evaluation, "3.2.1", Audience.REVIEW, words="See?", mentioned=asks, by=stage.contributor)
    url = reverse("workspace:discussion", args=[stage.evaluation.uid, "review", "3.2.1"])
    people = (stage.people.lead, stage.people.mce, stage.people.panel)
    today = [sign_in(Client(), user).get(reverse("workspace:home")).content.decode() for user in people]
    assert [url in page for page in today] == [True, True, False]


def test_what_is_no_discussion_is_not_found(client, sign_in, stage: Stage):
    page = sign_in(client, stage.contributor)
    for audience, code in (("panel", "1.1.2"), ("hotline", "9.9.9"), ("review", "1.1.2")):
        url = reverse("workspace:discussion", args=[stage.evaluation.uid, audience, code])
        assert page.get(url).status_code == 404


def test_the_queries_do_not_grow_with_comments_and_people(sign_in, stage: Stage):
    def asked() -> int:
        client = sign_in(Client(), stage.coordinator)
        client.get(address(stage))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(stage))
        return len(queries)

    say(stage, mentioned=[stage.coordinator.uid])
    before = asked()
    for number in range(6):
        other = person(Role.CONTRIBUTOR, hotline=stage.hotline, name=f"P{number}")
        say(stage, by=other, mentioned=[stage.coordinator.uid, stage.contributor.uid])
    assert asked() == before
