"""The self-assessment: answers saved by form and by script, without overwriting each other; evidence."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.files.kinds import Unacceptable
from evaluation.models import Answer, AnswerVersion, Document, Evaluation, Evidence, UnresolvedText
from evaluation.workflow import perform
from portal.presentation.uploaded_files import describe_refusal
from portal.visits.shown.files import describe_refused_file
from tests.bystander import new
from tests.factories import SIGNED, write_answer
from tests.stage import Stage
from tests.uploads import PDF, pdf_with

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def save(client: Client, stage: Stage, code: str = "1.1.2", *, by_script: bool = False, **fields: Any) -> Any:
    standard = stage.framework.standard_of[code].code
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, standard, code])
    fields.setdefault("version", Answer.objects.get(evaluation=stage.evaluation, code=code).version)
    return client.post(
        address, {key: fields[key] for key in fields if fields[key] is not None}, headers=SCRIPT if by_script else {}
    )


def stored_answer(stage: Stage, code: str = "1.1.2") -> tuple[Any, ...]:
    answer = Answer.objects.get(evaluation=stage.evaluation, code=code)
    return answer.level, answer.value, answer.not_applicable, answer.words


# --- Saved -----------------------------------------------------------------------------------------------------------


def test_a_form_is_sent_back_to_its_indicator(coordinator: Client, stage: Stage):
    answer = save(coordinator, stage, level="2", words="Half of it.")
    assert (answer.status_code, answer.url) == (302, f"/work/evaluations/{stage.evaluation.uid}/answers/1.1/#i1.1.2")
    assert stored_answer(stage) == (2, None, False, "Half of it.")


def test_a_script_hears_the_new_version_and_the_time(coordinator: Client, stage: Stage):
    before = Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").version
    answer = save(coordinator, stage, by_script=True, level="2", words="Half of it.")
    assert answer.status_code == 200
    assert set(answer.json()) == {"version", "saved", "missing", "standing", "line", "mark"}
    assert answer.json()["version"] == before + 1
    assert answer.json()["saved"].startswith("Saved ")


def test_the_same_save_sent_twice_is_kept_once(coordinator: Client, stage: Stage):
    once = {"version": 1, "save_uid": str(uuid4()), "level": "2", "words": "Sent on a weak line."}
    answers = [save(coordinator, stage, by_script=True, **once).json()["version"] for _ in range(2)]
    assert answers == [2, 2]
    assert AnswerVersion.objects.filter(evaluation_id=stage.evaluation.pk, code="1.1.2").count() == 2


def test_a_number_may_be_written_as_in_ones_own_language(coordinator: Client, stage: Stage):
    for written, value in (("24", 24), ("16,5", 16.5), ("8.25", 8.25), ("\u00a012", 12)):
        assert save(coordinator, stage, "3.2.2", by_script=True, value=written).status_code == 200
        assert float(stored_answer(stage, "3.2.2")[1]) == value


def test_an_answer_can_be_taken_back(coordinator: Client, stage: Stage):
    save(coordinator, stage, words="")
    assert stored_answer(stage) == (None, None, False, "")


def test_not_applicable_is_kept_with_its_reason(coordinator: Client, stage: Stage):
    save(coordinator, stage, "1.2.1", level="na", words="The law leaves this to the police.")
    assert stored_answer(stage, "1.2.1") == (None, None, True, "The law leaves this to the police.")


# --- Not saved -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        ("1.1.2", {"level": "7"}, "Choose one of the levels shown."),
        ("1.1.2", {"level": "two"}, "Choose one of the levels shown."),
        ("1.1.1", {"level": "1"}, "Choose one of the levels shown."),
        (
            "1.1.2",
            {"level": "na"},
            "“Not applicable” is not open here: the Guide asks it of every hotline. Choose a level, or leave it open and "
            "say in words what was missing.",
        ),
        ("3.2.2", {"value": "many"}, "Write a number from 0 up, such as 92.4, without a thousands separator."),
        ("3.2.2", {"value": "-1"}, "Write a number from 0 up, such as 92.4, without a thousands separator."),
        ("3.2.2", {"value": "NaN"}, "Write a number from 0 up, such as 92.4, without a thousands separator."),
        ("3.2.2", {"value": "9" * 30}, "Write a number from 0 up, such as 92.4, without a thousands separator."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_changes(
    coordinator: Client, stage: Stage, code: str, fields: dict[str, str], words: str
):
    before = stored_answer(stage, code)
    by_script = save(coordinator, stage, code, by_script=True, words="My new words.", **fields)
    assert (by_script.status_code, by_script.json()) == (422, {"problem": words})
    by_form = save(coordinator, stage, code, words="My new words.", **fields)
    assert by_form.status_code == 422
    assert words in by_form.content.decode()
    assert "My new words." in by_form.content.decode()
    assert stored_answer(stage, code) == before


def test_two_people_at_once_both_keep_their_words(coordinator: Client, stage: Stage, sign_in: Callable[..., Client]):
    save(sign_in(Client(), stage.contributor), stage, level="3", words="Theirs, quicker.", version=1)
    by_form = save(coordinator, stage, level="1", words="Mine, slower.", version=1)
    page = by_form.content.decode()
    assert by_form.status_code == 409
    assert "Two people wrote here at once. Nothing is lost." in page
    assert "Theirs, quicker." in page
    assert "Mine, slower." in page
    assert page.count('name="version-1.1.2" value="2"') >= 1  # to send it again is to keep one's own text
    by_script = save(coordinator, stage, by_script=True, level="1", words="Mine, slower.", version=1)
    assert by_script.status_code == 409
    assert by_script.json()["version"] == 2
    assert "Theirs, quicker." in by_script.json()["panel"]
    assert "Mine, slower." in by_script.json()["panel"]
    assert stored_answer(stage) == (3, None, False, "Theirs, quicker.")


def test_on_the_page_of_a_clash_the_form_holds_my_own_words_and_level(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    save(sign_in(Client(), stage.contributor), stage, level="3", words="Theirs, quicker.", version=1)
    page = save(coordinator, stage, level="1", words="Mine, slower.", version=1).content.decode()
    block = page.split('id="i1.1.2"', 1)[1].split("</article>", 1)[0]
    assert block.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0] == "Mine, slower."
    assert 'id="1.1.2-1" value="1" checked' in " ".join(block.split())
    assert "Saved " not in block


@pytest.mark.parametrize("version", [None, "", "x", "-1", "99"])
def test_a_save_without_its_version_changes_nothing(coordinator: Client, stage: Stage, version: str | None):
    before = stored_answer(stage)
    answer = save(coordinator, stage, by_script=True, level="0", words="Blind.", version=version)
    assert answer.status_code == 409
    assert stored_answer(stage) == before


def test_after_submitting_nothing_slips_in(coordinator: Client, stage: Stage):
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    before = stored_answer(stage)
    by_script = save(coordinator, stage, by_script=True, level="0", words="Too late.")
    assert by_script.status_code == 423
    assert by_script.json()["problem"].startswith("This can no longer be changed")
    by_form = save(coordinator, stage, level="0", words="Too late.")
    assert by_form.status_code == 423
    assert "This can no longer be changed" in by_form.content.decode()
    assert "Too late." in by_form.content.decode()
    assert stored_answer(stage) == before


def test_an_indicator_is_only_in_its_own_standard(coordinator: Client, stage: Stage):
    for standard, code in (("1.2", "1.1.2"), ("1.1", "9.9.9"), ("9.9", "1.1.2")):
        address = reverse("workspace:save_answer", args=[stage.evaluation.uid, standard, code])
        assert coordinator.post(address, {"level": "2", "version": "1"}).status_code == 404


def test_figures_are_not_typed_by_hand(coordinator: Client, stage: Stage):
    answer = save(coordinator, stage, "3.1.1", by_script=True, value="99", version=0)
    page = coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "3.1"])).content.decode()
    assert 'name="value-3.1.1"' not in page
    assert answer.status_code == 422


# --- Submitting ------------------------------------------------------------------------------------------------------


def test_what_stands_in_the_way_is_listed_with_a_link_to_the_very_place(coordinator: Client, stage: Stage):
    write_answer(stage.evaluation, "3.2.1", level=None)
    write_answer(stage.evaluation, "1.2.1", level=None, not_applicable=True, words=" ")
    Evidence.objects.filter(evaluation=stage.evaluation).delete()
    overview = coordinator.get(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    submit = next(move for move in overview.context["moves"] if move.name == "submit")
    base = f"/work/evaluations/{stage.evaluation.uid}/answers"
    assert [(line.what, line.url) for line in submit.reasons] == [
        ("1 indicator has no answer", f"{base}/3.2/#i3.2.1"),
        ("1 “not applicable” has no reason", f"{base}/1.2/#i1.2.1"),
        ("1 yes has no evidence", f"{base}/1.1/#i1.1.1"),
    ]
    assert submit.url == reverse("workspace:declaration", args=[stage.evaluation.uid])
    assert new(Evaluation).get().state == Evaluation.State.SELF_ASSESSMENT


def test_sending_back_without_words_is_refused_and_with_words_says_them(
    stage: Stage, coordinator: Client, sign_in: Callable[..., Client]
):
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    mce = sign_in(Client(), stage.people.mce)
    address = reverse("workspace:move", args=[stage.evaluation.uid, "send_back"])
    assert "Say why" in mce.post(address, {"note": "  "}, follow=True).content.decode()
    assert new(Evaluation).get().state == Evaluation.State.DESK_REVIEW
    mce.post(address, {"note": "The rota is missing in 1.1.2."})
    assert "The rota is missing in 1.1.2." in coordinator.get("/work/", follow=True).content.decode()
    assert new(Evaluation).get().state == Evaluation.State.SELF_ASSESSMENT


# --- Evidence --------------------------------------------------------------------------------------------------------


def add(client: Client, stage: Stage, code: str = "1.1.2", **what: Any) -> Any:
    return client.post(reverse("workspace:add_evidence", args=[stage.evaluation.uid, code]), what, follow=True)


def a_file(content: bytes = PDF, name: str = "rota 2026.pdf") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="text/html")  # the browser's content type does not count


def test_a_document_is_added_and_comes_back_as_a_download_only(coordinator: Client, stage: Stage):
    page = add(coordinator, stage, document=a_file())
    assert page.redirect_chain == [(f"/work/evaluations/{stage.evaluation.uid}/answers/1.1/#i1.1.2", 302)]
    document = Document.objects.get(name="rota 2026.pdf")
    answer = coordinator.get(reverse("workspace:document", args=[stage.evaluation.uid, document.uid]))
    assert b"".join(answer) == PDF
    assert {
        name: answer.headers[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="rota 2026.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.pdf", "empty.pdf is empty. Choose the file again."),
        (b"<script>alert(1)</script>", "page.pdf", "page.pdf is not a PDF, Word, Excel"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "drawing.svg is not a PDF, Word, Excel"),
        (b"MZ\x90\x00" + b"\x00" * 60, "rota.pdf", "rota.pdf is not a PDF, Word, Excel"),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_what_to_do(
    coordinator: Client, stage: Stage, content: bytes, name: str, message: str
):
    before = new(Document).count()
    assert message in add(coordinator, stage, document=a_file(content, name)).content.decode()
    assert new(Document).count() == before


@pytest.mark.parametrize("name", ["rota.hta", "rota.bat", "rota.pdf.exe"])
def test_a_document_is_kept_and_served_under_the_extension_of_its_content(coordinator: Client, stage: Stage, name: str):
    add(coordinator, stage, document=a_file(name=name))
    document = Document.objects.get(content_type="application/pdf")
    assert document.name == "rota.pdf"
    Document.objects.filter(pk=document.pk).update(name=name)  # as names were stored before
    answer = coordinator.get(reverse("workspace:document", args=[stage.evaluation.uid, document.uid]))
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rota.pdf"'


def test_a_document_with_a_script_is_refused_with_the_remedy_and_the_address_beside_it_is_kept(
    coordinator: Client, stage: Stage
):
    scripted = pdf_with("/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    page = add(coordinator, stage, document=a_file(scripted), address="https://example.org/rota").content.decode()
    assert "rota 2026.pdf contains a script, a macro or something that starts by itself. Print or export it" in page
    assert Evidence.objects.filter(code="1.1.2", address="https://example.org/rota").exists()
    assert not Document.objects.filter(content_type="application/pdf").exists()


def test_nothing_is_taken_while_the_virus_scanner_is_away(coordinator: Client, stage: Stage, settings: Any):
    settings.CLAMD_ADDRESS = "tcp:127.0.0.1:9"
    page = add(coordinator, stage, document=a_file()).content.decode()
    assert "rota 2026.pdf was not added: the virus scanner does not answer at present." in page
    assert not Document.objects.filter(content_type="application/pdf").exists()


def test_every_reason_to_refuse_a_file_has_its_sentence():
    reasons = set(re.findall(r"`(\w+)`", Unacceptable.__doc__ or "")) - {"code", "found"}
    assert len(reasons) == 26
    of_a_visit = {"not_recording", "not_examined", "signed_off", "removed", "too_many"}
    of_answers = reasons - of_a_visit - {"not_under_way"}
    assert all("a.pdf" in describe_refusal(Unacceptable(reason, "a.pdf")) for reason in of_answers)
    assert all("a.pdf" in describe_refused_file(Unacceptable(reason, "a.pdf")) for reason in of_a_visit)


def test_a_file_that_is_too_big_is_refused_before_it_is_read(coordinator: Client, stage: Stage, settings: Any):
    settings.EVIDENCE_MAX_BYTES = 20
    page = add(coordinator, stage, document=a_file())
    assert "rota 2026.pdf is bigger than 20" in page.content.decode()


def test_the_same_content_is_kept_once_and_the_same_link_is_said_to_be_there(coordinator: Client, stage: Stage):
    add(coordinator, stage, document=a_file())
    add(coordinator, stage, "1.2.1", document=a_file(name="another name.pdf"))
    again = add(coordinator, stage, document=a_file())
    assert "rota 2026.pdf is already with this answer." in again.content.decode()
    assert Document.objects.filter(content_type="application/pdf").count() == 1
    assert Evidence.objects.filter(document__content_type="application/pdf").count() == 2


@pytest.mark.parametrize("address", ["javascript:alert(1)", "not an address", "ftp://example.org/file"])
def test_an_address_that_a_browser_should_not_follow_is_refused(coordinator: Client, stage: Stage, address: str):
    before = new(Evidence).count()
    page = add(coordinator, stage, address=address)
    assert "That is not an address." in page.content.decode()
    assert new(Evidence).count() == before


def test_nothing_chosen_is_said(coordinator: Client, stage: Stage):
    assert "Choose a document, or write an address." in add(coordinator, stage).content.decode()


def test_evidence_is_taken_away_and_the_document_stays_with_the_hotline(coordinator: Client, stage: Stage):
    coordinator.post(reverse("workspace:remove_evidence", args=[stage.evaluation.uid, stage.link.code, stage.link.uid]))
    assert not Evidence.objects.filter(pk=stage.link.pk).exists()
    assert Document.objects.filter(pk=stage.document.pk).exists()


def test_after_submitting_evidence_stays_as_it_is(coordinator: Client, stage: Stage):
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    before = set(new(Evidence).values_list("uid", flat=True))
    added = add(coordinator, stage, document=a_file())
    assert "rota 2026.pdf was not added: the self-assessment is submitted" in added.content.decode()
    coordinator.post(reverse("workspace:remove_evidence", args=[stage.evaluation.uid, stage.link.code, stage.link.uid]))
    assert set(new(Evidence).values_list("uid", flat=True)) == before


# --- Open questions, and a page of many texts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fields", "missing"),
    [
        ("1.2.1", {"level": "na", "words": " "}, "Still missing: the reason why it does not apply."),
        ("1.2.1", {"level": "na", "words": "The police does."}, ""),
        ("1.1.1", {"level": "3"}, "Still missing: the evidence that a yes needs. Add a document or an address."),
        ("1.1.1", {"level": "0"}, ""),
    ],
)
def test_what_is_saved_says_what_it_still_needs_there_and_to_everybody_who_answers(
    client: Client, stage: Stage, sign_in: Callable[..., Client], code: str, fields: dict[str, str], missing: str
):
    stage.evaluation.evidence.all().delete()
    contributor = sign_in(client, stage.contributor)
    answer = save(contributor, stage, code, by_script=True, **fields)
    assert (answer.status_code, answer.json()["missing"]) == (200, missing)
    standard = stage.framework.standard_of[code].code
    page = contributor.get(reverse("workspace:answers", args=[stage.evaluation.uid, standard])).content.decode()
    block = page.split(f'id="i{code}"', 1)[1].split("</article>", 1)[0]
    assert ("Still missing" in block, 'class="saved part"' in block) == (bool(missing), bool(missing))


def test_more_than_100_per_cent_is_no_percentage(stage: Stage, sign_in: Callable[..., Client]):
    other = Stage("study_visit", stage.people, country="XB", round=stage.round)
    save_url = reverse("workspace:save_finding", args=[other.evaluation.uid, "3.1", "3.1.1"])
    lead = sign_in(Client(), other.people.lead)
    refused = lead.post(save_url, {"value": "120", "version": "0"}, headers=SCRIPT)
    assert (refused.status_code, refused.json()["problem"]) == (
        422, "This is a percentage: write a number from 0 to 100.",
    )  # fmt: skip
    assert lead.post(save_url, {"value": "100", "version": "0"}, headers=SCRIPT).status_code == 200


def test_an_error_is_linked_marked_and_described(coordinator: Client, stage: Stage):
    page = save(coordinator, stage, "3.2.2", value="many").content.decode()
    assert '<a href="#value-3.2.2">3.2.2: Write a number from 0 up' in page
    field = page.split('id="value-3.2.2"', 1)[1].split(">", 1)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="problem-3.2.2 hint-3.2.2"' in field
    assert re.search(r'id="problem-3.2.2"\s+data-problem\s*>\s*<svg', page)


def test_a_page_saves_what_was_changed_and_nothing_else(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client]
):
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    form = _fields(coordinator.get(address).content.decode())
    save(sign_in(Client(), stage.contributor), stage, "1.1.1", level="0", words="Meanwhile.")
    answer = coordinator.post(address, form | {"words-1.1.2": "Mine."})
    assert answer.status_code == 302
    assert (stored_answer(stage, "1.1.1")[3], stored_answer(stage)[3]) == ("Meanwhile.", "Mine.")


@pytest.mark.parametrize(("act", "stands"), [("use_text", "Mine."), ("discard_text", "Theirs.")])
def test_without_a_script_a_conflict_is_decided_on_the_page_that_tells_of_it(
    coordinator: Client, stage: Stage, sign_in: Callable[..., Client], act: str, stands: str
):
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    form = _fields(coordinator.get(address).content.decode())
    save(sign_in(Client(), stage.contributor), stage, words="Theirs.")
    conflict = coordinator.post(address, form | {"words-1.1.2": "Mine."})
    assert conflict.status_code == 409
    text = UnresolvedText.objects.get()
    typed = _fields(conflict.content.decode()) | {f"version-{text.uid}": "2", "words-1.1.1": "Typed beside it."}
    assert typed["words-1.1.2"] == "Mine."
    assert coordinator.post(reverse(f"workspace:{act}", args=[text.uid]), typed).status_code == 302
    assert (stored_answer(stage)[3], stored_answer(stage, "1.1.1")[3]) == (stands, "Typed beside it.")
    assert not UnresolvedText.objects.filter(author=stage.coordinator).exists()


def test_a_page_of_somebody_else_is_not_sent(coordinator: Client, stage: Stage):
    before = stored_answer(stage)
    sent = {"level": "1", "words": "Of another.", "rendered_for": str(stage.contributor.uid)}
    assert save(coordinator, stage, by_script=True, **sent).status_code == 403
    refused = save(coordinator, stage, **sent)
    assert (refused.status_code, "Of another." in refused.content.decode()) == (403, False)
    assert stored_answer(stage) == before


def test_signing_out_empties_the_storage_of_the_browser(coordinator: Client):
    answer = coordinator.post(reverse("account_logout"))
    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"storage"')


def test_signing_out_keeps_the_storage_in_which_words_of_others_wait(coordinator: Client):
    answer = coordinator.post(reverse("account_logout"), {"others_wait": "yes"})
    assert (answer.status_code, "Clear-Site-Data" in answer) == (302, False)


def _fields(page: str) -> dict[str, str]:
    """Return the form data that a browser would send if nothing was changed."""
    found = {}
    for tag in re.findall(r'<input[^>]*form="page-form"[^>]*>', page):
        given = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if given.get("type") not in ("radio", "checkbox", "file") or " checked" in tag:
            found[given["name"]] = given.get("value", "")
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    return {name: value for name, value in found.items() if not name.startswith(("document-", "address-"))}
