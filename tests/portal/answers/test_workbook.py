"""The workbook on its pages: downloaded, uploaded, compared, confirmed; for whom, and when."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.answers.workbook.layout import Column
from evaluation.models import Answer, AnswerVersion, Evaluation, UnresolvedText, User
from standards.framework import Domain, Framework, Indicator, Measure, Standard
from tests.evaluation.answers.workbook.filled import fill_in
from tests.small_edition import RULE
from tests.stage import Stage

pytestmark = pytest.mark.django_db

FILLED = {("1.1.2", Column.ANSWER): "1", ("1.1.2", Column.WORDS): "We did this <b>once</b>."}


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.coordinator)


def address(stage: Stage, name: str = "workbook", **query: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid], query=query or None)


def downloaded(client: Client, stage: Stage, language: str = "en") -> bytes:
    answer = client.get(address(stage, "workbook_file", language=language))
    assert answer.status_code == 200
    return answer.content


def upload(client: Client, stage: Stage, content: bytes, name: str = "filled.xlsx") -> HttpResponse:
    return client.post(address(stage), {"file": SimpleUploadedFile(name, content)})


def upload_filled(client: Client, stage: Stage, cells: dict[Any, Any]) -> str:
    """Fill in these cells offline and upload the workbook. Return the address of its comparison."""
    answer = upload(client, stage, fill_in(downloaded(client, stage), cells))
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def stored(stage: Stage, code: str = "1.1.2") -> tuple[Any, ...]:
    answer = Answer.objects.get(evaluation=stage.evaluation, code=code)
    return answer.level, answer.words, answer.version


def save(stage: Stage, level: int, words: str, *, version: int) -> None:
    by = stage.contributor
    save_answer(stage.evaluation, "1.1.2", AnswerInput(level=level, words=words), version=version, by=by)


def test_nothing_is_written_before_it_is_confirmed_and_then_only_what_was_edited(coordinator, stage):
    before = stored(stage)
    url = upload_filled(coordinator, stage, FILLED)
    page = coordinator.get(url).content.decode()
    for words in ("1 indicator would change", "Sheet “D1 D1 title (en)”", "E6: Your answer", "F6: In your words"):
        assert words in page
    assert "<b>" not in page.partition("<dl")[2].partition("</dl>")[0]
    assert stored(stage) == before
    versions = AnswerVersion.objects.filter(evaluation_id=stage.evaluation.pk).count()
    assert coordinator.post(url).headers["Location"] == reverse("workspace:evaluation", args=[stage.evaluation.uid])
    assert stored(stage) == (1, "We did this <b>once</b>.", 2)
    for _ in range(2):  # confirming again writes nothing again
        assert coordinator.post(url).status_code == 302
    assert stored(stage) == (1, "We did this <b>once</b>.", 2)
    assert AnswerVersion.objects.filter(evaluation_id=stage.evaluation.pk).count() == versions + 1


def test_two_people_who_confirm_one_workbook_write_it_once(coordinator, stage, sign_in):
    url = upload_filled(coordinator, stage, FILLED)
    contributor = sign_in(Client(), stage.contributor)
    assert upload_filled(contributor, stage, FILLED) == url
    for client in (contributor, coordinator):
        assert client.post(url).status_code == 302
    answer = Answer.objects.get(evaluation=stage.evaluation, code="1.1.2")
    assert (answer.version, answer.by) == (2, stage.contributor)


def test_a_newer_answer_is_a_conflict_in_which_nothing_is_chosen(coordinator, stage):
    url = upload_filled(coordinator, stage, FILLED)
    save(stage, 2, "Saved meanwhile.", version=1)
    page = coordinator.get(url).content.decode()
    assert "would change</h2>" not in page
    for words in ("Changed in both places", "Saved meanwhile.", stage.contributor.name):
        assert words in page
    radios = re.findall(r'<input type="radio" name="choice-[^>]*>', page)
    assert (len(radios), [one for one in radios if "checked" in one]) == (3, [])
    undecided = coordinator.post(url, {"seen-1.1.2": "2"})
    assert (undecided.status_code, "Choose what becomes of it." in undecided.content.decode()) == (422, True)
    assert stored(stage) == (2, "Saved meanwhile.", 2)


@pytest.mark.parametrize(
    ("choice", "after", "waiting"),
    [
        ("mine", (1, "We did this <b>once</b>.", 3), [("replaced", "contributor", "Saved meanwhile.")]),
        ("theirs", (2, "Saved meanwhile.", 2), []),
        ("later", (2, "Saved meanwhile.", 2), [("conflict", "coordinator", "We did this <b>once</b>.")]),
    ],
)
def test_what_is_chosen_in_a_conflict_is_done_once(coordinator, stage, choice, after, waiting):
    url = upload_filled(coordinator, stage, FILLED)
    save(stage, 2, "Saved meanwhile.", version=1)
    for _ in range(2):
        assert coordinator.post(url, {"seen-1.1.2": "2", "choice-1.1.2": choice}).status_code == 302
        assert stored(stage) == after
        texts = UnresolvedText.objects.select_related("author")
        assert [(one.reason, one.author, one.words) for one in texts] == [
            (reason, getattr(stage, who), words) for reason, who, words in waiting
        ]


def test_what_is_saved_between_the_look_and_the_confirmation_is_not_overwritten(coordinator, stage):
    url = upload_filled(coordinator, stage, {**FILLED, ("1.2.1", Column.WORDS): "Other words."})
    assert "2 indicators would change" in coordinator.get(url).content.decode()
    save(stage, 2, "Saved meanwhile.", version=1)
    answer = coordinator.post(url)
    assert (answer.status_code, "Something else was saved here" in answer.content.decode()) == (409, True)
    save(stage, 0, "And again.", version=2)
    answer = coordinator.post(url, {"seen-1.1.2": "2", "choice-1.1.2": "mine"})
    assert answer.status_code == 409
    radios = re.findall(r'<input type="radio" name="choice-[^>]*>', answer.content.decode())
    assert (len(radios), [one for one in radios if "checked" in one]) == (3, [])
    assert (stored(stage), stored(stage, "1.2.1")[1]) == ((0, "And again.", 3), "We do this.")


def test_what_was_not_edited_offline_leaves_newer_answers_alone(coordinator, stage):
    url = upload_filled(coordinator, stage, {("1.2.1", Column.WORDS): "Other words."})
    save(stage, 2, "Saved meanwhile.", version=1)
    assert coordinator.post(url).status_code == 302
    assert (stored(stage), stored(stage, "1.2.1")[1]) == ((2, "Saved meanwhile.", 2), "Other words.")


def test_addresses_are_added_and_removed_and_files_stay(coordinator, stage):
    evidence = stage.evaluation.evidence.filter(code="1.1.1")
    former = evidence.get(document=None)
    url = upload_filled(
        coordinator, stage, {("1.1.1", Column.ADDRESSES): "www.example.org/rota\nhttps://example.org/new"}
    )
    page = coordinator.get(url).content.decode()
    assert f"<del>{former.address}</del>" in page
    for _ in range(2):
        assert coordinator.post(url).status_code == 302
        assert {str(link.document or link.address) for link in evidence} == {
            "call guide.txt",
            "https://www.example.org/rota",
            "https://example.org/new",
        }


def test_wrong_cells_are_all_named_with_what_mends_them(coordinator, stage):
    wrong = {
        ("1.1.2", Column.ANSWER): "5",
        ("1.2.1", Column.WORDS): "=1+1",
        ("3.2.2", Column.ANSWER): "1,234",
        ("3.1.1", Column.ANSWER): "90",
        ("1.1.1", Column.ADDRESSES): "the drawer",
    }
    answer = upload(coordinator, stage, fill_in(downloaded(coordinator, stage), wrong))
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "There are 5 things to put right in the workbook" in page
    for words in ("E6", "F8", "E9", "G5", "0, 1, 2, 3", "two ways", "from your figures", "That is not an address"):
        assert words in page
    assert "the drawer" not in page


def test_the_page_speaks_the_reader_s_language_and_the_workbook_the_chosen_one(coordinator, stage):
    User.objects.filter(pk=stage.coordinator.pk).update(language="fr")
    answer = upload(coordinator, stage, fill_in(downloaded(coordinator, stage, "hr"), {("1.1.2", Column.ANSWER): "5"}))
    page = answer.content.decode()
    assert 'lang="fr"' in page
    assert "There is one thing" not in page


def test_what_the_guide_says_is_marked_with_its_language(coordinator, stage):
    url = upload_filled(coordinator, stage, FILLED)
    save(stage, 2, "Saved meanwhile.", version=1)
    User.objects.filter(pk=stage.coordinator.pk).update(language="pl")
    page = coordinator.get(url).content.decode()
    for text in ("1.1.2 wording (en)", "1.1.2 level 1 (en)", "1.1.2 level 2 (en)"):
        assert page.count(text) == page.count(f'lang="en">{text}<') > 0


def test_a_submitted_self_assessment_is_neither_offered_nor_changed(coordinator, stage):
    url, content = upload_filled(coordinator, stage, FILLED), downloaded(coordinator, stage)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="desk_review")
    before = stored(stage)
    assert "submitted and cannot be changed" in coordinator.get(address(stage)).content.decode()
    assert coordinator.get(address(stage, "workbook_file")).headers["Location"] == address(stage)
    assert coordinator.get(url).headers["Location"] == address(stage)
    assert (upload(coordinator, stage, content).status_code, coordinator.post(url).status_code) == (423, 423)
    assert stored(stage) == before


def test_a_workbook_that_no_longer_waits_is_asked_for_again(coordinator, stage):
    for token in ("0" * 64, "x"):
        url = reverse("workspace:workbook_changes", args=[stage.evaluation.uid, token])
        for answer in (coordinator.get(url, follow=True), coordinator.post(url, follow=True)):
            assert "The workbook is no longer here. Choose it again." in answer.content.decode()


def test_another_hotline_s_waiting_workbook_is_not_found(coordinator, stage, sign_in):
    url = upload_filled(coordinator, stage, FILLED)
    other = Stage("self_assessment", people=stage.people, country="XB", round=stage.round)
    token = url.rstrip("/").rpartition("/")[2]
    stranger = sign_in(Client(), other.coordinator)
    assert stranger.get(url).status_code == 404
    own = reverse("workspace:workbook_changes", args=[other.evaluation.uid, token])
    assert stranger.get(own).headers["Location"] == reverse("workspace:workbook", args=[other.evaluation.uid])


def test_no_words_of_the_file_are_logged(coordinator, stage, caplog):
    wrong = {("1.1.2", Column.ANSWER): "a secret level", ("1.1.1", Column.ADDRESSES): "a secret drawer"}
    with caplog.at_level("DEBUG"):
        upload(coordinator, stage, fill_in(downloaded(coordinator, stage), wrong))
    assert "secret" not in caplog.text


def with_indicators(count: int) -> Framework:
    standard = Standard("1.1", tuple(Indicator(f"1.1.{n}", "core", Measure.SCALE) for n in range(1, count + 1)))
    return Framework(code=f"T{count}", rule=RULE, domains=(Domain("D1", (standard,)),))


def questions(sign_in: Callable[..., Client], count: int) -> dict[str, int]:
    """Return the number of queries of each page if all words are edited, with filled caches."""
    stage = Stage("self_assessment", framework=with_indicators(count), country="", name=f"Round of {count}")
    client = sign_in(Client(), stage.coordinator)
    cells = {(code, Column.WORDS): "Edited." for code in stage.framework.indicators}
    url = upload_filled(client, stage, cells)
    found = {}
    for name, act in {
        "page": lambda: client.get(address(stage)),
        "out": lambda: downloaded(client, stage),
        "in": lambda: upload(client, stage, fill_in(downloaded(client, stage), cells)),
        "changes": lambda: client.get(url),
    }.items():
        act()
        with CaptureQueriesContext(connection) as asked:
            act()
        found[name] = len(asked)
    return found


def test_forty_indicators_ask_no_more_than_ten(sign_in):
    assert questions(sign_in, 40) == questions(sign_in, 10)
