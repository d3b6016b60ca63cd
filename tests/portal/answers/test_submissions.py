"""The page of the submissions: each copy with its digest, what does not apply, and changes since the one before."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Evaluation, StepWords, Submission
from evaluation.workflow import perform
from portal.answers import submissions
from reports import printed_files
from reports.models import AnswersPrinting
from reports.submitted_answers import print_answers
from standards.framework import digest
from tests.bystander import new
from tests.factories import SIGNED, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def submit(stage: Stage) -> None:
    perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)


def submit_again(stage: Stage) -> None:
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(evaluation, "send_back", by=stage.people.mce, note="Say more.")
    submit(stage)


def words_of(client: Client, stage: Stage) -> str:
    answer = client.get(reverse("workspace:submissions", args=[stage.evaluation.uid]))
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


def test_before_the_first_submission_it_says_so(stage: Stage, coordinator: Client) -> None:
    assert "Nothing is submitted yet" in words_of(coordinator, stage)


def test_a_submission_is_shown_with_its_digest_and_what_does_not_apply(stage: Stage, coordinator: Client) -> None:
    write_answer(stage.evaluation, "9.1.1", level=None, not_applicable=True, words="The police do it.")
    submit(stage)
    kept, words = new(Submission).get(), words_of(coordinator, stage)
    assert f"Submitted by {stage.coordinator.name}." in words
    assert kept.sha256 in words
    assert "1 indicator does not apply" in words
    assert "The police do it." in words
    assert "since the submission before" not in words
    assert "is not what its digest says" not in words


def test_the_file_is_the_text_that_the_digest_is_of(stage: Stage, coordinator: Client) -> None:
    submit(stage)
    answer = coordinator.get(reverse("workspace:submission_file", args=[stage.evaluation.uid, 1]))
    assert digest(answer.content.decode()) == new(Submission).get().sha256
    assert answer["Content-Disposition"].startswith("attachment")
    assert coordinator.get(reverse("workspace:submission_file", args=[stage.evaluation.uid, 2])).status_code == 404


def test_a_second_submission_shows_what_changed(stage: Stage, coordinator: Client) -> None:
    write_answer(stage.evaluation, "1.1.2", level=3, words="Day and night.")
    submit(stage)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(evaluation, "send_back", by=stage.people.mce, note="Say more.")
    write_answer(stage.evaluation, "1.1.2", level=1, words="By day.")
    submit(stage)
    newest = words_of(coordinator, stage).partition("Submission 1,")[0]
    assert "What changed since the submission before" in newest
    changed = newest.partition("1.1.2 1.1.2 wording (en)")[2]
    assert (
        changed.index("3 (en)") < changed.index("Day and night.") < changed.index("1 (en)") < changed.index("By day.")
    )


def test_the_words_that_one_submission_has_and_the_other_has_not_are_marked_in_both(
    stage: Stage, coordinator: Client
) -> None:
    write_answer(stage.evaluation, "1.1.2", level=3, words="Two people answer by day & night.")
    submit(stage)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(evaluation, "send_back", by=stage.people.mce, note="Say more.")
    write_answer(stage.evaluation, "1.1.2", level=3, words="Three people answer by day & night.")
    submit(stage)
    page = coordinator.get(reverse("workspace:submissions", args=[stage.evaluation.uid])).content.decode()
    assert "<mark>Two</mark> people answer by day &amp; night." in page
    assert "<mark>Three</mark> people answer by day &amp; night." in page


def test_the_same_answers_again_have_no_changes(stage: Stage, coordinator: Client) -> None:
    submit(stage)
    submit_again(stage)
    assert "Nothing changed since the submission before." in words_of(coordinator, stage)


def test_who_is_forgotten_is_not_named(stage: Stage, coordinator: Client) -> None:
    submit(stage)
    new(StepWords).delete()
    assert "Submitted by" not in words_of(coordinator, stage)


def test_a_copy_that_is_not_what_its_digest_says_is_told(
    stage: Stage, coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(stage)
    monkeypatch.setattr(submissions, "is_intact", lambda _row: False)
    assert "The copy is not what its digest says." in words_of(coordinator, stage)
    assert coordinator.get(reverse("workspace:answers_pdf", args=[stage.evaluation.uid, 1])).status_code == 404


def test_the_page_asks_no_more_for_more_submissions(stage: Stage, coordinator: Client) -> None:
    counts = []
    submit(stage)
    for _time in range(2):
        submit_again(stage)
        words_of(coordinator, stage)
        with CaptureQueriesContext(connection) as asked:
            words_of(coordinator, stage)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_answers_are_printed_when_somebody_first_asks_and_then_downloaded(
    stage: Stage, coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed_files, "print_page", lambda _html: b"%PDF a stand-in")
    monkeypatch.setattr(printed_files, "count_pages", lambda _pdf: 7)
    submit(stage)
    file = reverse("workspace:answers_file", args=[stage.evaluation.uid, 1])
    waiting = coordinator.get(file, follow=True)
    assert waiting.redirect_chain == [(reverse("workspace:answers_pdf", args=[stage.evaluation.uid, 1]), 302)]
    assert "It is being printed" in waiting.content.decode()
    print_answers.func(AnswersPrinting.objects.get().pk)
    printed = coordinator.get(file)
    assert b"".join(printed.streaming_content) == b"%PDF a stand-in"
    assert printed["Content-Disposition"] == (
        f'attachment; filename="{stage.evaluation.hotline.code}-submission-1-en.pdf"'
    )
    assert coordinator.get(reverse("workspace:answers_pdf", args=[stage.evaluation.uid, 2])).status_code == 404
