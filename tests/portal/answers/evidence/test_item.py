"""Evidence on the page of its answer: several at once, in one line, in force, removed and restored."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.answers.evidence.validity import set_force
from evaluation.models import Evaluation, Evidence, EvidenceChange
from evaluation.rounds.planning import has_begun
from evaluation.workflow import perform
from portal.presentation.indicators.evidence import (
    EvidenceContext,
    describe,
    describe_force,
    evidence_context,
    show_evidence,
)
from portal.presentation.indicators.missing import find_missing
from portal.presentation.uploaded_files import accepted_types
from tests.factories import SIGNED, EvidenceFactory, evaluation_of, write_answer
from tests.frozen_rows import assert_frozen
from tests.stage import Stage
from tests.uploads import PDF, picture

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def add(client: Client, stage: Stage, **sent: Any) -> Any:
    return client.post(reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"]), sent, follow=True)


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


# --- Several at once ---------------------------------------------------------------------------------------------


def test_several_files_are_added_at_once_and_each_refusal_is_named(coordinator: Client, stage: Stage):
    files = [
        SimpleUploadedFile("rota.pdf", PDF),
        SimpleUploadedFile("program.exe", b"MZ" + bytes(60)),
        SimpleUploadedFile("photo.png", picture()),
        SimpleUploadedFile("nothing.pdf", b""),
    ]
    page = text_of(add(coordinator, stage, **{"document-1.1.2": files}))
    names = Evidence.objects.filter(code="1.1.2").values_list("document__name", flat=True)
    assert {"rota.pdf", "photo.png"} <= set(names)
    assert "program.exe is not a PDF, Word" in page
    assert "nothing.pdf is empty." in page


def test_a_telephone_offers_its_camera_and_a_computer_every_kind_that_is_taken():
    assert accepted_types() == ".pdf,.png,.jpg,.docx,.xlsx,.odt,.ods,.webp,.jpeg,image/png,image/jpeg"


# --- In one line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "words"),
    [
        (None, None, ""),
        (FIRST, None, "in force from 1 Jan 2025"),
        (None, LAST, "in force until 31 Dec 2027"),
        (FIRST, LAST, "in force 1 Jan 2025 to 31 Dec 2027"),
    ],
)
def test_the_days_are_said_in_words(begins_on: date | None, ends_on: date | None, words: str):
    assert describe_force(begins_on, ends_on) == words


def test_size_days_person_and_the_other_answers_are_one_line(stage: Stage):
    link, evaluation = stage.link, stage.evaluation
    link.begins_on, link.ends_on = FIRST, LAST
    for code in ("1.2.1", "1.1.2"):
        EvidenceFactory(evaluation=evaluation, code=code, document=stage.document)
    EvidenceFactory(evaluation=evaluation_of(), code=link.code, document=stage.document)
    others = [code for code in ("1.1.1", "1.1.2", "1.2.1") if code != link.code]
    line = describe(link, evidence_context(evaluation, [link]))
    size, force, added, used = line.split(" · ")
    assert (size, force) == (f"{stage.document.size}\xa0bytes", "in force 1 Jan 2025 to 31 Dec 2027")
    assert added.startswith(f"{link.added_by.name}, ")
    assert used == f"also used at {', '.join(others)}"


def test_of_many_other_answers_the_number_is_said(stage: Stage):
    uses = {(stage.link.document_id, ""): [stage.link.code, *(f"9.9.{number}" for number in range(5))]}
    assert describe(stage.link, EvidenceContext(uses=uses)).endswith("also used at 5 other answers")


def test_what_ended_is_tagged_and_without_dates_nothing_is(stage: Stage):
    link = stage.link
    link.ends_on = stage.evaluation.round.today - timedelta(days=1)
    shown = show_evidence(link, evidence_context(stage.evaluation, [link]), removable=True)
    assert (shown["tag"], shown["tag_kind"]) == ("ended", "stop")
    assert "tag" not in show_evidence(link, EvidenceContext(), removable=True)


def test_what_stands_around_evidence_is_read_at_once_for_any_number(
    stage: Stage, django_assert_num_queries: Callable[[int], Any]
):
    assert stage.evaluation.framework
    assert stage.evaluation.arranged_visit is None
    links = [stage.link, *(EvidenceFactory(evaluation=stage.evaluation, code=code) for code in ("1.1.2", "1.2.1"))]
    for some, queries in (([], 0), (links[:1], 1), (links, 1)):
        with django_assert_num_queries(queries):
            evidence_context(stage.evaluation, some)


def test_a_yes_whose_evidence_has_ended_says_so_on_the_page_and_after_a_save(coordinator: Client, stage: Stage):
    code = next(code for code, indicator in stage.framework.indicators.items() if indicator.evidence_required)
    Evidence.objects.filter(code=code).delete()
    link = EvidenceFactory(evaluation=stage.evaluation, code=code, ends_on=date(2020, 1, 31))
    write_answer(stage.evaluation, code, level=stage.framework.scale.best)
    answer, indicator = stage.evaluation.answers.get(code=code), stage.framework.indicators[code]
    message = "Still missing: evidence that is in force. What is here ended on 31 January 2020."
    assert find_missing("answer", stage.evaluation, indicator, answer) == message
    standard = stage.framework.standard_of[code].code
    page = coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, standard]))
    assert message in text_of(page)
    set_force(link, begins_on=None, ends_on=None)
    assert find_missing("answer", stage.evaluation, indicator, answer) == ""


# --- Its own page ------------------------------------------------------------------------------------------------


def item(stage: Stage) -> str:
    return reverse("workspace:evidence_item", args=[stage.evaluation.uid, stage.link.uid])


def test_the_days_are_saved_at_its_page_and_lead_back_to_the_answer(coordinator: Client, stage: Stage):
    answer = coordinator.post(item(stage), {"begins_on": "2025-01-01", "ends_on": "2027-12-31"})
    assert answer.url.endswith(f"#i{stage.link.code}")
    stage.link.refresh_from_db()
    assert (stage.link.begins_on, stage.link.ends_on) == (FIRST, LAST)


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "message"),
    [
        ("2027-12-31", "2025-01-01", "This is before the first day. Change one of the two."),
        ("2027-12-31", "tomorrow", 'id="id_ends_on_error"'),
    ],
)
def test_days_that_cannot_be_keep_what_was_typed(
    coordinator: Client, stage: Stage, begins_on: str, ends_on: str, message: str
):
    page = coordinator.post(item(stage), {"begins_on": begins_on, "ends_on": ends_on})
    assert page.status_code == 422
    assert message in text_of(page)
    assert f'value="{begins_on}"' in text_of(page)
    assert f'value="{ends_on}"' in text_of(page)


def test_after_the_submission_its_page_is_read_only_and_refuses(coordinator: Client, stage: Stage):
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert "In force until" not in text_of(coordinator.get(item(stage)))
    late = coordinator.post(item(stage), {"begins_on": "2025-01-01"})
    assert late.status_code == 422
    assert "the self-assessment is submitted and cannot be changed" in text_of(late)


# --- Removed and restored ----------------------------------------------------------------------------------------


def remove(client: Client, stage: Stage, **sent: Any) -> Any:
    return client.post(
        reverse("workspace:remove_evidence", args=[stage.evaluation.uid, stage.link.code, stage.link.uid]), sent
    )


def restore_address(client: Client, answer: Any) -> str:
    page = client.get(answer.url).content.decode()
    return re.search(r'"([^"]+/put-back/[^"]+)"', page)[1]


def test_what_was_removed_is_put_back_by_who_sees_the_notice(coordinator: Client, stage: Stage):
    removed = remove(coordinator, stage)
    assert f"{stage.document.name} was removed." in text_of(coordinator.get(removed.url))
    address = restore_address(coordinator, removed)
    for _time in range(2):  # a second press changes nothing
        assert coordinator.post(address).status_code == 302
    assert Evidence.objects.get(uid=stage.link.uid).document == stage.document


@pytest.mark.everywhere
def test_the_history_of_the_answer_shows_that_it_was_added_removed_and_put_back_and_by_whom(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    history = reverse("workspace:versions", args=[stage.evaluation.uid, "answer", stage.link.code])
    name, adder, remover = stage.document.name, stage.link.added_by.name, stage.coordinator.name

    def read() -> list[str]:
        page = coordinator.get(history).content.decode()
        listed = page.partition('id="files-title"')[2].partition("</section>")[0]
        events = [" ".join(one.split()) for one in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]
        return [one.partition(", ")[0] for one in events if one.startswith(f"{name}: ")]

    assert read() == [f"{name}: added by {adder}"]
    removed = remove(coordinator, stage)
    assert read() == [f"{name}: removed by {remover}", f"{name}: added by {adder}"]
    assert f'href="{history}"' in coordinator.get(removed.url).content.decode()
    stored = EvidenceChange.objects.get()
    assert (stored.what, stored.added_by, stored.by) == ("removed", stage.link.added_by, stage.coordinator)
    coordinator.post(restore_address(coordinator, removed))
    assert [one.removeprefix(f"{name}: ").partition(" by")[0] for one in read()] == ["put back", "removed", "added"]
    assert f"/documents/{stage.document.uid}/" not in coordinator.get(history).content.decode()
    assert_frozen(EvidenceChange)
    other = Stage.minimal("self_assessment")
    foreign = reverse("workspace:versions", args=[other.evaluation.uid, "answer", stage.link.code])
    page = sign_in(Client(), other.coordinator).get(foreign).content.decode()
    assert "removed by" not in page
    assert stage.coordinator.name not in page


def test_a_hotline_that_removed_evidence_has_begun(coordinator: Client, stage: Stage):
    removed = remove(coordinator, stage)
    assert removed.status_code == 302
    assert has_begun(stage.evaluation)


def test_a_colleague_neither_sees_the_notice_nor_puts_it_back(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    removed = remove(coordinator, stage)
    address = restore_address(coordinator, removed)
    colleague = sign_in(Client(), stage.contributor)
    assert "was removed." not in text_of(colleague.get(removed.url))
    assert "It cannot be put back any more." in text_of(colleague.post(address))
    assert not Evidence.objects.filter(uid=stage.link.uid).exists()


def test_a_second_removal_says_so_and_saves_the_words_beside_it(coordinator: Client, stage: Stage):
    remove(coordinator, stage)
    code = stage.link.code
    answer = stage.evaluation.answers.get(code=code)
    sent = {f"version-{code}": answer.version, f"words-{code}": "Typed beside.", f"level-{code}": answer.level}
    page = coordinator.get(remove(coordinator, stage, **sent).url)
    assert "That was removed already." in text_of(page)
    assert stage.evaluation.answers.get(code=code).words == "Typed beside."


def test_it_can_be_put_back_where_words_beside_it_could_not_be_saved(coordinator: Client, stage: Stage):
    code = stage.link.code
    page = remove(coordinator, stage, **{f"version-{code}": "0", f"words-{code}": "Older.", f"was-{code}": ""})
    assert page.status_code == 409
    assert f"{stage.document.name} was removed." in text_of(page)
    assert "/put-back/" in page.content.decode()


def test_nothing_is_put_back_after_the_submission(coordinator: Client, stage: Stage):
    address = restore_address(coordinator, remove(coordinator, stage))
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    assert "the self-assessment is submitted and cannot be changed" in text_of(coordinator.post(address))
    assert not Evidence.objects.filter(uid=stage.link.uid).exists()
