"""The pages of the desk review: the team marks and asks, the hotline answers with evidence, both read it."""

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import DeskMark, DeskQuestion, Role, Visit
from evaluation.visits.desk_review import MarkInput, save_desk_answer, save_marks, send_questions
from portal.letters.models import Letter
from portal.tasks import find_tasks
from portal.visits.tasks import TASKS
from tests.bystander import new
from tests.factories import person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state=Visit.State.DATES_AGREED)


def page_of(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"workspace:{name}", args=args), query)
    assert answer.status_code == 200
    return html.unescape(" ".join(answer.content.decode().split()))


def ask(stage: Stage, code: str = "1.1.2", words: str = "Who answers at night?") -> DeskQuestion:
    save_marks(stage.evaluation, {code: MarkInput("ask", words)}, by=stage.people.lead)
    send_questions(stage.evaluation)
    return DeskQuestion.objects.get(evaluation=stage.evaluation, code=code)


def test_the_marks_of_a_standard_are_saved_together_and_shown(stage, sign_in):
    client, uid = sign_in(Client(), stage.people.lead), stage.evaluation.uid
    url = reverse("workspace:desk_standard", args=[uid, "1.1"])
    page = page_of(client, "desk_standard", uid, "1.1")
    assert "We do this." in page
    sent = {"mark-1.1.1": "1", "mark-1.1.2": "2", "words-1.1.2": "Who answers at night?"}
    assert client.post(url, sent).url == url
    assert dict(new(DeskMark).values_list("code", "kind")) == {"1.1.1": "agree", "1.1.2": "ask"}
    colleague = sign_in(Client(), stage.people.assessor)
    assert "Who answers at night?" in page_of(colleague, "desk_standard", uid, "1.1")
    overview = page_of(colleague, "desk_review", uid)
    assert "1 question of the team is not sent yet." in overview
    assert DeskMark.objects.filter(by=stage.people.assessor).count() == 0


def test_what_cannot_be_saved_is_said_at_its_field_and_what_was_typed_is_there(stage, sign_in):
    client = sign_in(Client(), stage.people.lead)
    url = reverse("workspace:desk_standard", args=[stage.evaluation.uid, "1.1"])
    answer = client.post(url, {"mark-1.1.1": "3", "words-1.1.1": "The rota on the wall.", "mark-1.1.2": "2"})
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, new(DeskMark).count()) == (422, 0)
    assert "The rota on the wall." in page
    assert page.count("Write the question for the hotline, or mark it otherwise.") == 2  # above, and at its field
    assert client.post(url, {"mark-1.1.1": "7"}).status_code == 422
    new(Visit).update(state="under_way")
    late = client.post(url, {"mark-1.1.1": "3", "words-1.1.1": "The rota on the wall."})
    assert late.status_code == 423
    assert "The rota on the wall." in late.content.decode()
    assert "The visit has begun meanwhile" in late.content.decode()


def test_what_a_form_does_not_have_stays_and_words_without_a_mark_are_not_dropped(stage, sign_in):
    client = sign_in(Client(), stage.people.lead)
    url = reverse("workspace:desk_standard", args=[stage.evaluation.uid, "1.1"])
    client.post(url, {"mark-1.1.1": "1", "words-1.1.1": "The rota is clear.", "mark-1.1.2": "3", "words-1.1.2": ""})
    client.post(url, {"mark-1.1.2": "1", "words-1.1.2": ""})
    assert dict(new(DeskMark).values_list("code", "kind")) == {"1.1.1": "agree", "1.1.2": "agree"}
    answer = client.post(url, {"mark-1.1.1": "", "words-1.1.1": "Ask the deputy."})
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, "Ask the deputy." in page) == (422, True)
    assert "Choose a mark for what you wrote, or take the words out." in page
    assert DeskMark.objects.get(code="1.1.1").words == "The rota is clear."


@pytest.mark.everywhere
def test_questions_are_sent_with_one_letter_and_answered_with_evidence(stage, sign_in):
    lead, uid = sign_in(Client(), stage.people.lead), stage.evaluation.uid
    for code in ("1.1.1", "1.1.2"):
        save_marks(stage.evaluation, {code: MarkInput("ask", f"Who answers for {code}?")}, by=stage.people.lead)
    hotline = sign_in(Client(), stage.contributor)
    assert "No question yet" in page_of(hotline, "questions", uid)
    for _twice in range(2):
        lead.post(reverse("workspace:send_questions", args=[uid]))
    letters = Letter.objects.filter(subject__contains="questions before the study visit")
    assert {letter.to_address for letter in letters} == {stage.coordinator.email, stage.contributor.email}
    assert "How many: 2." in letters[0].body
    assert "The team of the visit asks 2 questions" in page_of(hotline, "evaluation", uid)
    assert "Who answers for 1.1.1?" in page_of(hotline, "questions", uid)
    first, second = new(DeskQuestion).order_by("code")
    files = [SimpleUploadedFile("rota.pdf", PDF)]
    sent = {"words": "Two of us.", "version": "0", "document": files, "address": "example.org/rota"}
    answer = hotline.post(reverse("workspace:question", args=[first.uid]), sent)
    assert answer.url == reverse("workspace:questions", args=[uid])
    assert not Letter.objects.filter(subject__contains="your questions are answered").exists()
    hotline.post(reverse("workspace:question", args=[second.uid]), {"words": "I do.", "version": "0"})
    recipients = Letter.objects.filter(subject__contains="your questions are answered").values_list(
        "to_address", flat=True
    )
    assert set(recipients) == {user.email for user in stage.people.team}
    page = page_of(lead, "desk_standard", uid, "1.1")
    assert "Two of us." in page
    document = first.proofs.get(address="").document
    shown = reverse("workspace:desk_document", args=[first.uid, document.uid])
    assert shown in page
    assert b"".join(lead.get(shown)) == PDF
    assert "https://example.org/rota" in page
    hotline.post(reverse("workspace:question", args=[second.uid]), {"words": "She does.", "version": "1"})
    assert len(recipients.all()) == 3, "a change is no second letter"


def test_an_answer_that_cannot_be_saved_keeps_what_was_typed(stage, sign_in):
    question, client = ask(stage), sign_in(Client(), stage.coordinator)
    url = reverse("workspace:question", args=[question.uid])
    bad = SimpleUploadedFile("tool.exe", b"MZ\0\0")
    answer = client.post(url, {"words": "Two of us.", "version": "0", "document": [bad]})
    assert (answer.status_code, new(DeskQuestion).get().version) == (422, 0)
    assert "Two of us." in answer.content.decode()
    assert client.post(url, {"words": " ", "version": "0"}).status_code == 422
    assert client.post(url, {"words": "x", "version": "soon"}).status_code == 422
    save_desk_answer(question, "Their answer.", version=0, by=stage.contributor)
    late = client.post(url, {"words": "My answer.", "version": "0"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Their answer." in page
    assert "My answer." in page
    assert client.post(url, {"words": "Both.", "version": "1"}).status_code == 302
    new(Visit).update(state="under_way")
    closed = client.post(url, {"words": "Too late.", "version": "2"})
    assert closed.status_code == 423
    assert "Too late." in closed.content.decode()
    assert new(DeskQuestion).get().answer == "Both."


def test_a_proof_is_removed_by_the_hotline_alone(stage, sign_in):
    question = ask(stage)
    proof = question.proofs.create(address="https://example.org/rota", by=stage.coordinator)
    url = reverse("workspace:remove_desk_proof", args=[question.uid, proof.uid])
    assert sign_in(Client(), stage.people.lead).post(url).status_code == 403
    client = sign_in(Client(), stage.coordinator)
    assert url in page_of(client, "question", question.uid)
    new(Visit).update(state="under_way")
    assert "It stays: the visit has begun" in html.unescape(client.post(url, follow=True).content.decode())
    new(Visit).update(state="dates_agreed")
    client.post(url)
    assert not question.proofs.exists()


def test_what_is_not_sent_and_what_the_team_marked_is_not_the_hotlines_to_read(stage, sign_in):
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Secret draft?")}, by=stage.people.lead)
    save_marks(stage.evaluation, {"1.1.1": MarkInput("see", "Look behind the door.")}, by=stage.people.lead)
    client, uid = sign_in(Client(), stage.coordinator), stage.evaluation.uid
    draft = new(DeskQuestion).get()
    assert client.get(reverse("workspace:question", args=[draft.uid])).status_code == 404
    for name in ("questions", "visit", "evaluation"):
        page = page_of(client, name, uid)
        assert "Secret draft?" not in page
        assert "Look behind the door." not in page
    assert client.get(reverse("workspace:desk_review", args=[uid])).status_code == 403
    stranger = sign_in(Client(), person(Role.ASSESSOR))
    assert stranger.get(reverse("workspace:questions", args=[uid])).status_code == 404


def test_the_panel_is_led_to_no_questions_that_it_may_not_read(sign_in):
    stage = Stage("decision")
    stage.evaluation.desk_questions.create(
        code="1.1.2", by=stage.people.lead, words="Who?", sent_at=stage.evaluation.opened_at
    )
    address = reverse("workspace:questions", args=[stage.evaluation.uid])
    member, coordinator = (sign_in(Client(), user) for user in (stage.people.panel, stage.coordinator))
    assert address in page_of(coordinator, "visit", stage.evaluation.uid)
    assert address not in page_of(member, "visit", stage.evaluation.uid)
    assert member.get(address).status_code == 403


def test_the_marks_are_the_checklist_of_the_visit(stage, sign_in):
    ask(stage, "3.1.1", "Which months?")
    save_marks(stage.evaluation, {"1.1.2": MarkInput("see", "The rota of March.")}, by=stage.people.assessor)
    new(Visit).update(state="under_way")
    client, uid = sign_in(Client(), stage.people.lead), stage.evaluation.uid
    visit = page_of(client, "visit", uid)
    assert "1.1.2</a>" in visit.partition("Marked to be seen on site")[2].partition("</ul>")[0]
    assert "The rota of March." in page_of(client, "observations", uid, "1.1")
    assert "Which months?" in page_of(client, "observations", uid, "3.1")


@pytest.mark.parametrize(
    ("show", "codes"),
    [("unmarked", {"1.1.1"}), ("see", {"1.1.3"}), ("ask", {"1.1.2"}), ("unanswered", {"1.1.2"})],
)
def test_the_list_is_narrowed(stage, sign_in, show, codes):
    ask(stage)
    rest = {code: MarkInput("see" if code == "1.1.3" else "agree") for code in stage.evaluation.asked}
    save_marks(stage.evaluation, {**rest, "1.1.1": MarkInput("")} | {"1.1.2": MarkInput("agree")}, by=stage.people.lead)
    answer = sign_in(Client(), stage.people.lead).get(
        reverse("workspace:desk_review", args=[stage.evaluation.uid]), {"show": show}
    )
    shown = {row.code for row in answer.context["rows"]}
    assert shown & {"1.1.1", "1.1.2", "1.1.3"} == codes & set(stage.evaluation.asked)


def test_today_says_what_waits_for_the_team(stage):
    def waits() -> list[str]:
        return [row.waiting.why for row in find_tasks(stage.people.lead, TASKS) if row.kind.code == "desk"]

    assert waits() == ["You have marked nothing yet."]
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who?")}, by=stage.people.lead)
    assert waits() == ["Questions of the team are not sent yet."]
    send_questions(stage.evaluation)
    assert waits() == []


def test_queries_do_not_grow_with_marks_and_questions(stage, sign_in):
    client = sign_in(Client(), stage.people.lead)
    urls = [
        reverse("workspace:desk_review", args=[stage.evaluation.uid]),
        reverse("workspace:desk_standard", args=[stage.evaluation.uid, "1.1"]),
        reverse("workspace:questions", args=[stage.evaluation.uid]),
    ]

    def count() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            found.append(len(asked))
        return found

    question = ask(stage, "1.1.1")
    question.proofs.create(document=stage.document, by=stage.coordinator)
    before = count()
    for code in ("1.1.2", "3.1.1"):
        save_marks(stage.evaluation, {code: MarkInput("see", "So.")}, by=stage.people.assessor)
        more = ask(stage, code)
        save_desk_answer(more, "Yes.", version=0, by=stage.coordinator)
        more.proofs.create(document=stage.document, by=stage.coordinator)
    assert count() == before
