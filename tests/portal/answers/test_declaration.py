"""The page of the declaration: what is read before signing, who may sign, and errors at the box."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.answers.judgements import AnswerInput, Conflict
from evaluation.answers.submission import read_submission
from evaluation.answers.unresolved_texts import Kind, save_text
from evaluation.models import Evaluation, Evidence, Submission
from reports.texts.signed_declaration import DECLARATION, read_declaration
from reports.texts.writing import save_text as save_published_text
from tests.bystander import new
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


def address(stage: Stage) -> str:
    return reverse("workspace:declaration", args=[stage.evaluation.uid])


def words_of(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def hidden(answer: HttpResponse) -> dict[str, str]:
    """Return the hidden fields about the text that was read."""
    return dict(re.findall(r'name="(text|read)" value="(\w+)"', answer.content.decode()))


def test_it_is_read_signed_and_kept_with_who_when_and_in_which_words(stage: Stage, coordinator: Client) -> None:
    write_answer(stage.evaluation, "9.1.1", level=None, not_applicable=True, words="The police do it.")
    page = coordinator.get(address(stage))
    words = words_of(page)
    assert "1 indicator does not apply" in words
    assert "The police do it." in words
    assert f"I, {stage.coordinator.name}, have read this declaration" in words
    signed = coordinator.post(address(stage), {**hidden(page), "signed": "on", "note": "The rota is new."}, follow=True)
    kept = new(Submission).get()
    text = read_declaration(stage.evaluation).text
    assert read_submission(kept)["declaration"]["text"] == text
    assert stage.evaluation.hotline.name in text
    assert kept.step.words.note == "The rota is new."
    assert f"Signed by {stage.coordinator.name}" in words_of(signed)
    assert text.partition("\n")[0] in words_of(signed)


def test_files_of_figures_that_wait_are_named(stage: Stage, coordinator: Client) -> None:
    words = words_of(coordinator.get(address(stage)))
    assert "Figures in these files are not declared" in words
    assert "The figures in figures-2026.csv are checked and wait to be confirmed" in words
    stage.statistics.delete()
    assert "Figures in these files" not in words_of(coordinator.get(address(stage)))


def test_unsigned_it_is_refused_at_the_box_and_what_was_typed_stays(stage: Stage, coordinator: Client) -> None:
    page = coordinator.get(address(stage))
    refused = coordinator.post(address(stage), {**hidden(page), "note": "The rota is new."})
    assert refused.status_code == 422
    assert "Nothing is submitted yet: read the declaration, tick this box" in words_of(refused)
    assert "The rota is new.</textarea>" in refused.content.decode()
    assert 'id="id_signed_error"' in refused.content.decode()
    assert not new(Submission).exists()


def test_what_a_colleague_changes_meanwhile_is_to_be_read_first(stage: Stage, coordinator: Client) -> None:
    read = hidden(coordinator.get(address(stage)))
    write_answer(stage.evaluation, "1.1.2", level=1, words="By day.")
    refused = coordinator.post(address(stage), {**read, "signed": "on"})
    assert refused.status_code == 422
    assert "Answers were changed while you read." in words_of(refused)
    assert not re.search(r'name="signed"[^>]* checked', refused.content.decode())
    assert coordinator.post(address(stage), {**hidden(refused), "signed": "on"}).status_code == 302


def test_a_declaration_that_mce_changed_meanwhile_is_to_be_read_first(stage: Stage, coordinator: Client) -> None:
    read = hidden(coordinator.get(address(stage)))
    save_published_text(DECLARATION, "en", ["{hotline} swears it, {round}."], seen=0, by=stage.people.mce)
    refused = coordinator.post(address(stage), {**read, "signed": "on"})
    assert "The declaration has another text now." in words_of(refused)
    assert f"{stage.evaluation.hotline.name} swears it" in words_of(refused)
    coordinator.post(address(stage), {**hidden(refused), "signed": "on"})
    save_published_text(DECLARATION, "en", ["{hotline} says so, {round}."], seen=1, by=stage.people.mce)
    assert "swears it" in read_submission(new(Submission).get())["declaration"]["text"]


def test_a_contributor_reads_it_and_is_told_who_signs(stage: Stage, sign_in: Callable[..., Client]) -> None:
    page = sign_in(Client(), stage.contributor).get(address(stage))
    assert f"Signed and submitted by a coordinator of your hotline: {stage.coordinator.name}" in words_of(page)
    assert 'name="signed"' not in page.content.decode()


def test_while_something_is_missing_there_is_nothing_to_sign(stage: Stage, coordinator: Client) -> None:
    Evidence.objects.filter(evaluation=stage.evaluation).delete()
    page = coordinator.get(address(stage))
    assert "1 yes has no evidence" in words_of(page)
    assert 'name="signed"' not in page.content.decode()
    refused = coordinator.post(address(stage), {**hidden(page), "signed": "on"})
    assert refused.status_code == 422
    assert Evaluation.objects.get(pk=stage.evaluation.pk).is_open


def test_it_names_the_texts_that_are_not_decided_and_shows_none(stage: Stage, coordinator: Client) -> None:
    save = partial(save_text, Kind.ANSWER, stage.evaluation, "1.1.2", version=0)
    assert "is not decided" not in words_of(coordinator.get(address(stage)))
    assert isinstance(save(AnswerInput(level=1, words="Only by day."), by=stage.contributor), Conflict)
    words = words_of(coordinator.get(address(stage)))
    assert f"1.1.2: a text of {stage.contributor.name} is not decided" in words
    assert "Only by day." not in words


def test_signing_twice_submits_once(stage: Stage, coordinator: Client) -> None:
    sent = {**hidden(coordinator.get(address(stage))), "signed": "on"}
    coordinator.post(address(stage), sent)
    again = coordinator.post(address(stage), sent, follow=True)
    assert "It now stands at “Desk review”." in words_of(again)
    assert new(Submission).count() == 1


def test_nobody_signs_what_another_person_ticked(stage: Stage, coordinator: Client) -> None:
    """On a shared computer, and on a page after the session expired, the box must be ticked again."""
    sent = {**hidden(coordinator.get(address(stage))), "signed": "on", "note": "The rota is new."}
    assert coordinator.post(address(stage), {**sent, "rendered_for": str(stage.people.mce.uid)}).status_code == 403
    sent["rendered_for"] = str(stage.coordinator.uid)
    lost = Client().post(address(stage), sent, headers={"Origin": "http://testserver"}).content.decode()
    assert "The rota is new." in lost
    assert 'name="signed"' not in lost
    assert not new(Submission).exists()


def test_what_is_signed_in_a_language_of_mce_alone_is_marked(stage: Stage, coordinator: Client) -> None:
    save_published_text(DECLARATION, "en", ["{hotline} swears it, {round}."], seen=0, by=stage.people.mce)
    stage.coordinator.language = "fr"
    stage.coordinator.save()
    page = coordinator.get(address(stage))
    assert re.search(r'<div\s+lang="en"\s+class="prose">', page.content.decode())
    coordinator.post(address(stage), {**hidden(page), "signed": "on"})
    assert read_submission(new(Submission).get())["declaration"]["language"] == "en"


def test_the_page_asks_no_more_for_more_exceptions(stage: Stage, coordinator: Client) -> None:
    counts = []
    for code in ("9.1.1", "1.2.1"):
        write_answer(stage.evaluation, code, level=None, not_applicable=True, words="The police do it.")
        coordinator.get(address(stage))
        with CaptureQueriesContext(connection) as asked:
            coordinator.get(address(stage))
        counts.append(len(asked))
    assert counts[0] == counts[1]
