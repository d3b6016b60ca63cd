"""The texts of an edition as files for translators, and read back as the frozen wording of a language."""

import re
from contextlib import suppress
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from standards.drafts.fields import write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition, read_files
from standards.editions.files.toml.folder import TRANSLATIONS
from standards.editions.languages.translation_files import (
    FORMATS,
    find_file_problems,
    read_translation,
    read_translation_file,
    write_translation,
)
from standards.editions.languages.xliff import NAMESPACE
from standards.editions.release import AlreadyReleased, publish_translation, publish_translations
from standards.framework import Framework, MalformedEdition, parse_wording
from standards.models import Edition
from tests.standards.conftest import SAMPLE

pytestmark = pytest.mark.django_db


def source_of(edition: Edition) -> dict[str, str]:
    return parse_wording(edition.wordings.get(language="en").payload)


def french(edition: Edition) -> dict[str, str]:
    return {path: f"fr: {text}" for path, text in source_of(edition).items()}


def written(edition: Edition, texts: dict[str, str], ending: str = "po") -> str:
    return write_translation(edition.framework, ("en", "fr"), source_of(edition), texts, ending=ending)


def refusal(edition: Edition, content: str) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        publish_translation(edition, read_translation(content))
    assert set(edition.wordings.values_list("language", flat=True)) == {"en"}
    return list(caught.value.problems)


def test_a_file_has_every_text_once_with_its_place_in_words(released: Edition) -> None:
    entries = polib.pofile(written(released, {}))
    assert {entry.msgctxt: entry.msgid for entry in entries} == source_of(released)
    assert {entry.msgstr for entry in entries} == {""}
    assert {entry.comment.split("\n")[1] for entry in entries} == {"state: draft"}
    level = next(entry.comment for entry in entries if entry.msgctxt == "indicator/2.1.1/level/3").split("\n")
    assert (level[0], level[2]) == ("Indicator 2.1.1, level 3", "maximum length: 160")


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_written_is_read_back(released: Edition, ending: str) -> None:
    texts = french(released)
    texts["introduction"] = 'Two\nlines, a “quote”, a "quote", a \\ and a \t.'
    read = read_translation(written(released, texts, ending))
    assert (read.language, dict(read.texts), dict(read.sources)) == ("fr", texts, source_of(released))


@pytest.mark.parametrize("ending", FORMATS)
def test_a_text_that_needs_another_look_counts_as_open(released: Edition, ending: str) -> None:
    content = write_translation(
        released.framework, ("en", "fr"), source_of(released), french(released), stale=["title"], ending=ending
    )
    assert "title" not in read_translation(content).texts


@pytest.mark.parametrize("ending", FORMATS)
def test_a_whole_file_is_frozen_as_the_wording_of_its_language(released: Edition, ending: str) -> None:
    wording = publish_translation(released, read_translation(written(released, french(released), ending)))
    assert (wording.language, parse_wording(wording.payload)) == ("fr", french(released))
    assert str(released.texts("fr")["indicator/2.1.1/level/3"]) == "fr: Held every month"


def test_a_file_with_open_texts_is_refused_with_each_of_them(released: Edition) -> None:
    texts = french(released)
    del texts["indicator/1.2.1/wording"], texts["title"]
    assert refusal(released, written(released, texts)) == [
        "The edition, title is missing.",
        "Indicator 1.2.1, wording is missing.",
    ]


def test_a_text_that_was_made_from_another_one_is_refused_with_its_line(released: Edition) -> None:
    before = source_of(released)["indicator/1.2.1/wording"]
    content = written(released, french(released)).replace(f'msgid "{before}"', 'msgid "What it said before"')
    line = read_translation(content).lines["indicator/1.2.1/wording"]
    assert refusal(released, content) == [
        f"Line {line}: Indicator 1.2.1, wording was translated from another text than that of the edition. "
        "Translate it anew."
    ]


def test_a_text_that_its_place_has_no_room_for_is_refused(released: Edition) -> None:
    texts = french(released) | {"indicator/2.1.1/level/3": "x" * 161}
    [problem] = refusal(released, written(released, texts))
    assert problem.endswith("has more than 160 letters. Shorten it.")


@pytest.mark.parametrize("ending", FORMATS)
def test_a_text_with_an_address_that_leads_nowhere_is_refused(released: Edition, ending: str) -> None:
    texts = french(released) | {"introduction": "Voir [cela](/fr/nowhere/)."}
    assert refusal(released, written(released, texts, ending)) == [
        "The edition, introduction: The address /fr/nowhere/ leads to nothing on this site. Correct it, or take it out."
    ]


@pytest.mark.parametrize(
    ("ending", "character"), [("po", "\\b"), ("po", "\u2028"), ("xlf", "&#x2029;"), ("xlf", "&#x85;")]
)
def test_a_text_with_a_control_character_is_refused(released: Edition, ending: str, character: str) -> None:
    texts = french(released) | {"title": "Le HERE guide"}
    [problem] = refusal(released, written(released, texts, ending).replace("HERE", character))
    assert problem.startswith("Line ")
    assert problem.endswith("which nobody sees. Take it out.")


@pytest.mark.parametrize("ending", FORMATS)
def test_any_end_of_a_line_in_the_source_is_written_as_lf(released: Edition, ending: str) -> None:
    source = source_of(released) | {"introduction": "One\u2028two\r\nthree\x0bfour"}
    content = write_translation(released.framework, ("en", "fr"), source, french(released), ending=ending)
    read = read_translation(content)
    assert read.sources["introduction"] == "One\ntwo\nthree\nfour"
    assert list(find_file_problems(read, source)) == []


def test_a_text_of_another_edition_is_refused(released: Edition) -> None:
    content = written(released, french(released)) + '\nmsgctxt "indicator/9.9.9/wording"\nmsgid "a"\nmsgstr "b"\n'
    [problem] = refusal(released, content)
    assert problem.endswith("this edition has no text indicator/9.9.9/wording. Delete the entry.")


def test_an_entry_without_a_text_of_the_source_is_refused(released: Edition) -> None:
    [problem] = refusal(released, written(released, french(released)) + '\nmsgctxt "examined"\nmsgid ""\nmsgstr "b"\n')
    assert problem.endswith("this edition has no text examined. Delete the entry.")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("nothing of the kind", "This is no PO file"),
        ('msgid ""\nmsgstr ""\n', "does not say its language"),
        ('msgid ""\nmsgstr "Language: fr\\n"\n', "has no text of a Guide"),
        ('msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "a"\nmsgstr "b"\n', "has no text of a Guide"),
        (
            'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgctxt "title"\nmsgid "a"\nmsgstr "b"\n\n'
            'msgctxt "title"\nmsgid "a"\nmsgstr "c"\n',
            "title stands twice in the file. Delete one.",
        ),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(content: str, problem: str) -> None:
    with pytest.raises(MalformedEdition) as caught:
        read_translation(content)
    assert problem in caught.value.problems[0]


# --- XLIFF ----------------------------------------------------------------------------------------------------------


def test_a_unit_says_how_long_its_text_may_be_and_where_it_stands(released: Edition) -> None:
    content = written(released, {}, "xlf")
    assert '<trans-unit id="indicator/2.1.1/level/3" xml:space="preserve" maxwidth="160" size-unit="char">' in content
    assert "<note>Indicator 2.1.1, level 3</note>" in content
    assert read_translation(content).texts == {}


def test_a_target_may_hold_the_marks_of_a_program(released: Edition) -> None:
    content = written(released, french(released), "xlf")
    marked = content.replace("fr: Held every month", 'fr: <g id="1">Held</g> every <mrk mtype="seg">month</mrk>')
    assert marked != content
    assert read_translation(marked).texts["indicator/2.1.1/level/3"] == "fr: Held every month"


@pytest.mark.parametrize(("state", "is_open"), [("new", True), ("needs-l10n", True), ("final", False), ("", False)])
def test_the_state_of_a_target_says_whether_it_is_finished(released: Edition, state: str, is_open: bool) -> None:
    content = written(released, french(released), "xlf").replace('state="translated"', f'state="{state}"', 1)
    assert (len(read_translation(content).texts) == len(french(released)) - 1) is is_open


def test_a_unit_that_was_made_from_another_text_is_refused_with_its_line(released: Edition) -> None:
    before = source_of(released)["indicator/1.2.1/wording"]
    content = written(released, french(released), "xlf").replace(f">{before}<", ">What it said before<", 1)
    line = 1 + content.split('id="indicator/1.2.1/wording"', maxsplit=1)[0].count("\n")
    assert refusal(released, content)[0].startswith(f"Line {line}: Indicator 1.2.1, wording was translated from")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<xliff", "This is no XLIFF file"),
        ("<html/>", "This is no XLIFF 1.2"),
        ('<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0"/>', "This is no XLIFF 1.2"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xliff/>', "declares a document type"),
        (f'<xliff xmlns="{NAMESPACE}"><file/></xliff>', "does not say its language"),
        (f'<xliff xmlns="{NAMESPACE}"><file target-language="fr"/></xliff>', "has no text of a Guide"),
        (
            f'<xliff xmlns="{NAMESPACE}"><file target-language="fr"><body><trans-unit id="title"><source>a</source>'
            '</trans-unit>\n<trans-unit id="title"><source>a</source></trans-unit></body></file></xliff>',
            "Line 1: title stands twice in the file.",
        ),
    ],
)
def test_a_document_that_is_none_says_what_is_wrong(content: str, problem: str) -> None:
    with pytest.raises(MalformedEdition) as caught:
        read_translation(content)
    assert problem in caught.value.problems[0]


PIECES = [
    *(f'<xliff xmlns="{NAMESPACE}">', '<file target-language="fr">', "<trans-unit id='a'>", "<source>", "</source>"),
    *("<target state='new'>", "</target>", "</trans-unit>", "</file>", "</xliff>", "<?xml version='1.0'?>", "&x;", "<"),
    *("msgid ", "msgstr ", "msgctxt ", "msgstr[0] ", "msgstr[x] ", "msgid_plural ", '"a"', '"', "\n", "\\", "\0", "é"),
    *(
        "#, fuzzy",
        "#: a:b",
        '#| msgid "x"',
        '#~ msgid "x"',
        '"Language: fr\\n"',
        '"Plural-Forms: x\\n"',
        '"nocolon\\n"',
    ),
    '"Content-Type: text/plain; charset=xyz\\n"',
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text())
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(content: str) -> None:
    with suppress(MalformedEdition):
        assert read_translation(content).sources


def test_a_file_that_holds_a_path_does_not_open_what_is_there(released: Edition, tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    path.write_text(written(released, french(released)), encoding="utf-8")
    for content in (str(path), f"{path}\n", f"\n{path}", f" {path} "):
        with pytest.raises(MalformedEdition):
            read_translation(content)


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "cannot be read: No such file"), (b"\xff\xfe\x00", "is not written in UTF-8")]
)
def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "fr.po"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MalformedEdition) as caught:
        read_translation_file(path)
    assert problem in caught.value.problems[0]


def test_a_language_is_published_once_from_a_file_too(released: Edition) -> None:
    file = read_translation(written(released, french(released)))
    publish_translation(released, file)
    with pytest.raises(AlreadyReleased):
        publish_translation(released, file)


def test_the_command_publishes_a_file_and_refuses_one_of_another_language(released: Edition, tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    path.write_text(written(released, french(released)), encoding="utf-8")
    with pytest.raises(CommandError, match="was not published"):
        call_command("publish_wording", "small", "pl", f"--from={path}", stderr=(err := StringIO()))
    assert "says that its language is “fr”, not “pl”" in err.getvalue()
    call_command("publish_wording", "small", "fr", f"--from={path}", stdout=(out := StringIO()))
    assert out.getvalue().startswith("Edition small is published in “fr”, sha256 ")


# --- The files of the sample Guide ----------------------------------------------------------------------------------

SHIPPED = sorted((SAMPLE / TRANSLATIONS).glob("*.po"))
NEEDED = re.compile(r"(title|level|obligation|outcome|(domain|standard)/[^/]+/|indicator/[^/]+/(wording|level/)).*")
"""The texts that a draft translation of the sample has: its parts by name, its indicators and their levels."""


@pytest.fixture(scope="module")
def sample() -> tuple[Framework, dict[str, str]]:
    text = read_edition(SAMPLE)
    return draft_framework(text), write_texts(text)


def test_the_sample_is_shipped_in_every_language_of_the_site() -> None:
    assert {path.stem for path in SHIPPED} == {code for code, _name in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_translation_fits_the_sample(path: Path, sample: tuple[Framework, dict[str, str]]) -> None:
    framework, source = sample
    file = read_translation_file(path)
    assert file.language == path.stem
    assert set(file.sources) == set(source)
    assert list(find_file_problems(file, source)) == []
    missing = [found for found in file.texts.missing(framework) if file.language == "fr" or NEEDED.fullmatch(found)]
    assert missing == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_translation_keeps_the_numbers_of_its_source(path: Path) -> None:
    """Thresholds, periods and telephone numbers have the same digits, however a language writes them."""
    file = read_translation_file(path)
    digits = re.compile(r"\d")
    changed = [
        found
        for found, text in file.texts.items()
        if sorted(digits.findall(text)) != sorted(digits.findall(file.sources[found]))
    ]
    assert changed == []


def test_the_complete_translations_of_a_folder_are_published_once(released: Edition, folder: Path) -> None:
    (folder / TRANSLATIONS).mkdir()
    texts = french(released)
    (folder / TRANSLATIONS / "fr.po").write_text(written(released, texts), encoding="utf-8")
    del texts["title"]
    (folder / TRANSLATIONS / "pl.po").write_text(
        write_translation(released.framework, ("en", "pl"), source_of(released), texts), encoding="utf-8"
    )
    assert publish_translations(released, folder) == ["fr"]
    assert publish_translations(released, folder) == []
    assert read_files(folder).unread == ()
