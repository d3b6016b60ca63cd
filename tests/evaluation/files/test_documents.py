"""Storing documents: identified by content, not by name, once per content, while the self-assessment is open."""

import hashlib

import pytest

from evaluation.files.documents import attach_address, attach_document, detach
from evaluation.files.kinds import ACCEPTED, Unacceptable, read_kind
from evaluation.models import Document, Evaluation, Evidence
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import SIGNED, evaluation_of, person
from tests.stage import STATES, Stage
from tests.uploads import PDF, archive, office, open_document, picture

pytestmark = pytest.mark.django_db

LIMIT = 1000

GOOD = {
    "pdf": PDF,
    "png": picture(),
    "jpg": picture("JPEG"),
    "docx": office("word"),
    "xlsx": office("xl"),
    "odt": open_document("odt"),
    "ods": open_document("ods"),
}

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "html": HTML,
    "svg": SVG,
    "zip": archive(("notes.txt", b"notes")),
    "exe": b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(200),
    "gif": b"GIF89a" + bytes(30),
    "text": b"plain words",
    "rtf": rb"{\rtf1 words}",
    "empty archive": b"PK\x05\x06" + bytes(18),
}


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


@pytest.fixture
def by():
    return person()


def attach(evaluation, by, content=PDF, name="call guide.pdf", code="1.1.1", limit=LIMIT):
    return attach_document(evaluation, code, content=content, name=name, limit=limit, by=by)


def assert_refused(code: str, act, name: str) -> None:
    before = (new(Document).count(), new(Evidence).count())
    with pytest.raises(Unacceptable) as caught:
        act()
    assert (caught.value.code, caught.value.name) == (code, name)
    assert (new(Document).count(), new(Evidence).count()) == before


# --- The kind ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_is_on_the_list_is_known_by_its_content(kind):
    assert read_kind(GOOD[kind], "whatever.exe") == kind


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", ["proof.pdf", "proof.docx", "proof.jpg"])
def test_what_is_not_on_the_list_is_refused_whatever_it_is_called(evaluation, by, kind, name):
    assert_refused("wrong_kind", lambda: attach(evaluation, by, BAD[kind], name), name)


def test_the_kind_that_is_kept_is_the_one_of_the_content(evaluation, by):
    link = attach(evaluation, by, picture(), "minutes.pdf")
    assert (link.document.name, link.document.content_type) == ("minutes.png", "image/png")


def test_a_document_that_unpacks_to_more_than_it_may_is_refused(evaluation, by):
    bomb = office("word", *((f"word/media/{number}.bmp", bytes(31 * 1024 * 1024)) for number in range(10)))
    assert len(bomb) < 10**6
    assert_refused("too_complex", lambda: attach(evaluation, by, bomb, "small.docx", limit=10**6), "small.docx")


def test_a_document_that_is_cut_off_is_refused(evaluation, by):
    broken = GOOD["docx"][:-30]
    assert_refused("broken", lambda: attach(evaluation, by, broken, "cut.docx"), "cut.docx")


# --- Refusals ----------------------------------------------------------------------------------------------------


def test_an_empty_file_is_refused(evaluation, by):
    assert_refused("empty", lambda: attach(evaluation, by, b"", "nothing.pdf"), "nothing.pdf")


def test_a_file_of_the_limit_is_taken_and_a_byte_more_is_too_big(evaluation, by):
    content = PDF.ljust(LIMIT, b"\n")
    assert attach(evaluation, by, content).document.size == len(PDF)  # without what stands after its end
    assert_refused("too_big", lambda: attach(evaluation, by, content + b"\n", "long.pdf"), "long.pdf")


def test_a_document_is_kept_privately_under_its_digest_and_linked(evaluation, by, settings):
    link = attach(evaluation, by)
    document, digest = link.document, hashlib.sha256(PDF).hexdigest()
    assert (document.hotline, document.name, document.size, document.digest, document.uploaded_by) == (
        evaluation.hotline,
        "call guide.pdf",
        len(PDF),
        digest,
        by,
    )
    assert (link.evaluation, link.code, link.address, link.added_by) == (evaluation, "1.1.1", "", by)
    assert (settings.PRIVATE_ROOT / "evidence" / digest[:2] / digest).read_bytes() == PDF


def test_the_same_content_is_kept_once_and_linked_to_each_answer(evaluation, by):
    first = attach(evaluation, by)
    second = attach(evaluation, by, name="the same again.pdf", code="1.1.2")
    assert (first.document, new(Document).count()) == (second.document, 1)
    assert second.document.name == "call guide.pdf"


def test_the_same_content_is_linked_to_an_answer_once(evaluation, by):
    attach(evaluation, by)
    assert_refused("already_there", lambda: attach(evaluation, by, name="again.pdf"), "again.pdf")


def test_two_hotlines_with_the_same_content_have_a_document_each(evaluation, by):
    other = evaluation_of()
    documents = [attach(where, by).document for where in (evaluation, other)]
    assert [document.hotline for document in documents] == [evaluation.hotline, other.hotline]
    for document in documents:
        with document.file.open() as file:
            assert file.read() == PDF


def test_a_document_of_an_earlier_round_is_not_kept_again(evaluation, by):
    first = attach(evaluation, by)
    Evaluation.objects.filter(pk=evaluation.pk).update(state="published")  # a hotline has never two open ones
    later = evaluation_of(evaluation.hotline)
    assert first.document == attach(later, by).document


def test_the_end_of_a_long_name_is_kept(evaluation, by):
    assert attach(evaluation, by, name="x" * 300 + ".pdf").document.name == "x" * 196 + ".pdf"


def test_an_address_is_linked_once(evaluation, by):
    address = "https://example.org/proof"
    link = attach_address(evaluation, "1.1.1", address=address, by=by)
    assert (link.document, link.address, link.added_by) == (None, address, by)
    assert_refused("already_there", lambda: attach_address(evaluation, "1.1.1", address=address, by=by), address)
    attach_address(evaluation, "1.1.2", address=address, by=by)
    assert new(Evidence).count() == 2


# --- When --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in STATES if state != "self_assessment"])
def test_nothing_is_attached_or_taken_away_after_the_submit(state):
    stage = Stage.minimal(state)
    by, evaluation = stage.coordinator, stage.evaluation
    link = evaluation.evidence.get()
    assert_refused("not_open", lambda: attach(evaluation, by), "call guide.pdf")
    address = "https://example.org/more"
    assert_refused("not_open", lambda: attach_address(evaluation, "1.1.2", address=address, by=by), address)
    assert_refused("not_open", lambda: detach(link, by=person()), link.address)


def test_an_old_copy_does_not_attach_to_what_was_submitted_meanwhile():
    stage = Stage.minimal("self_assessment")
    old = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert_refused("not_open", lambda: attach(old, stage.coordinator), "call guide.pdf")


def test_a_link_taken_away_leaves_the_document_with_the_hotline(evaluation, by):
    link = attach(evaluation, by)
    detach(link, by=person())
    assert (new(Evidence).count(), new(Document).count()) == (0, 1)
    assert attach(evaluation, by).document == new(Document).get()
