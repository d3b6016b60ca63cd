"""The history of a text: the changes from one version to the next, and restoring a former one."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.judgements import AnswerInput, save_answer, save_finding
from evaluation.models import Answer, AnswerVersion, Evaluation, Finding
from standards.editions.comparison import compare_words
from tests.stage import Stage

pytestmark = pytest.mark.django_db


class History:
    """An answer in three versions: two words changed, then the level and a word."""

    def __init__(self, sign_in: Any) -> None:
        self.stage = Stage("self_assessment")
        self.evaluation = self.stage.evaluation
        row = self.row
        for level, words in ((1, "Two people answer."), (1, "Three people answer."), (2, "Three people answer calls.")):
            answer = AnswerInput(level=level, words=words)
            save_answer(self.evaluation, "1.1.2", answer, version=row.version, by=self.stage.contributor)
            row = self.row
        self.newest = row.version
        self.page = sign_in(Client(), self.stage.coordinator)

    @property
    def row(self) -> Answer:
        return Answer.objects.get(evaluation=self.evaluation, code="1.1.2")

    @property
    def address(self) -> str:
        return reverse("workspace:versions", args=[self.evaluation.uid, "answer", "1.1.2"])

    def restore(self, version: int, seen: int | None = None) -> Any:
        sent = {"version": str(self.newest if seen is None else seen)}
        return self.page.post(f"{self.address}{version}/restore/", sent)


@pytest.fixture
def history(sign_in: Any) -> History:
    return History(sign_in)


def test_each_version_marks_the_words_that_it_changed(history: History):
    content = history.page.get(history.address).content.decode()
    marked = re.findall(r"<(ins|del)><span[^>]*>[^<]*</span>([^<]*)<", content)
    assert marked[:3] == [("ins", " calls"), ("del", "Two"), ("ins", "Three")]


def test_only_the_versions_of_a_page_are_compared(history: History, monkeypatch: pytest.MonkeyPatch):
    for number in range(12):
        answer = AnswerInput(level=2, words=f"Call number {number}.")
        save_answer(history.evaluation, "1.1.2", answer, version=history.row.version, by=history.stage.contributor)
    compared: list[tuple[str, str]] = []

    def compare(before: str, after: str) -> Any:
        compared.append((before, after))
        return compare_words(before, after)

    monkeypatch.setattr("portal.unresolved.versions.compare_words", compare)
    first = history.page.get(history.address).content.decode()
    assert compared == [(f"Call number {n - 1}.", f"Call number {n}.") for n in range(11, 1, -1)]
    assert ("This stands now." in first, "page=2" in first) == (True, True)
    compared.clear()
    second = history.page.get(history.address, {"page": "2"}).content.decode()
    assert compared[:2] == [
        ("Call number 0.", "Call number 1."),
        ("Three people answer calls.", "Call number 0."),
    ]
    assert ("This stands now." in second, f'value="{history.row.version}"' in second) == (False, True)


def test_a_former_version_is_saved_again_as_the_newest(history: History):
    answer = history.restore(history.newest - 2)
    place = reverse("workspace:answers", args=[history.evaluation.uid, "1.1"])
    assert (answer.status_code, answer["Location"]) == (302, f"{place}#i1.1.2")
    row = history.row
    assert (row.version, row.words, row.level) == (history.newest + 1, "Two people answer.", 1)
    assert row.by == history.stage.coordinator
    assert AnswerVersion.objects.filter(evaluation_id=history.evaluation.pk, code="1.1.2", version=row.version).exists()


def test_nothing_is_restored_over_what_was_saved_meanwhile(history: History, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.unresolved.versions.ON_A_PAGE", 1)
    answer = history.restore(history.newest - 2, seen=history.newest - 1)
    assert (answer.status_code, history.row.version) == (409, history.newest)
    content = answer.content.decode()
    assert "Somebody saved meanwhile: nothing was restored." in content
    assert re.findall(r'rel="next"\s+href="([^"]*)"', content) == [f"{history.address}?page=2"]


def test_a_version_is_restored_once_when_the_button_is_pressed_twice(history: History):
    content = history.page.get(history.address).content.decode()
    former = history.newest - 2
    form = re.search(rf'action="[^"]*/{former}/restore/".*?</form>', content, re.DOTALL)[0]
    sent = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', form))
    answers = [history.page.post(f"{history.address}{former}/restore/", sent).status_code for _ in range(2)]
    assert (answers, history.row.version) == ([302, 302], history.newest + 1)


def test_nothing_is_restored_after_the_submission(history: History):
    Evaluation.objects.update(state=Evaluation.State.DESK_REVIEW)
    assert "Restore this version" not in history.page.get(history.address).content.decode()
    assert (history.restore(history.newest - 2).status_code, history.row.version) == (423, history.newest)


def test_a_version_that_is_not_there_and_a_stranger_restore_nothing(history: History, sign_in: Any):
    assert history.restore(99).status_code == 404
    history.page = sign_in(Client(), history.stage.people.mce)
    assert history.restore(history.newest - 1).status_code == 403
    assert "Restore this version" not in history.page.get(history.address).content.decode()


def test_the_present_version_is_named_and_not_offered(history: History):
    content = history.page.get(history.address).content.decode()
    offered = re.findall(r"/(\d+)/restore/", content)
    assert str(history.newest) not in offered
    assert offered[:2] == [str(history.newest - 1), str(history.newest - 2)]
    assert "This stands now." in content


def test_a_finding_is_restored_by_the_team_while_the_visit_is_under_way(sign_in: Any):
    stage = Stage("study_visit")
    lead = stage.people.lead
    row = Finding.objects.get(evaluation=stage.evaluation, code="3.2.1")
    for words in ("Seen on site.", "Seen on site twice."):
        answer = AnswerInput(level=2, words=words, good_practice=True)
        save_finding(stage.evaluation, "3.2.1", answer, version=row.version, by=lead)
        row.refresh_from_db()
    page = reverse("workspace:versions", args=[stage.evaluation.uid, "finding", "3.2.1"])
    url = f"{page}{row.version - 1}/restore/"
    assert sign_in(Client(), stage.contributor).post(url, {"version": row.version}).status_code == 403
    assert sign_in(Client(), lead).post(url, {"version": row.version}).status_code == 302
    before = row.version
    row.refresh_from_db()
    assert (row.version, row.words, row.good_practice, row.by) == (before + 1, "Seen on site.", True, lead)
