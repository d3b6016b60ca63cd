"""Editable texts: which version a reader gets, who wrote it, and what is not permitted in it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluation.models import Role, User
from reports.document import compose, digest_of, write_document
from reports.language import GettextLocale
from reports.models import TextVersion
from reports.pdf import write_html
from reports.texts.declaration import Kind, Text, declare, plural_numbers, text_of
from reports.texts.reading import cached_texts, edited_texts, fill_text, read_text
from reports.texts.writing import Conflict, Saved, find_problem, needs_update, plain_form, save_text
from standards.presentation.sentences import Passage, Sentence
from tests.factories import person
from tests.reports.small_report import small_document, small_facts, small_texts

pytestmark = pytest.mark.django_db

SUBJECT = "letters.submit.subject"
BODY = "letters.submit.body"
COUNTED = "outcomes.accredited_works_on"


@pytest.fixture
def editor() -> User:
    return person(Role.GUIDE_EDITOR)


def write(key: str, language: str, *forms: str, by: User, seen: int | None = None) -> Any:
    text = text_of(key)
    number = edited_texts().version(key, language).number if seen is None else seen
    return save_text(text, language, forms, seen=number, by=by)


def text_and_languages(key: str, language: str, **values: Any) -> tuple[str, set[str]]:
    """Return the text in a language, and the languages with which its parts are marked."""
    sentence = read_text(key, language, **values)
    return str(sentence), {part.language for part in sentence.parts}


# --- What a reader gets ----------------------------------------------------------------------------------------------


def test_a_default_is_in_the_language_of_the_reader():
    assert text_and_languages(SUBJECT, "en", hotline="Lietuva") == ("Lietuva has submitted its self-assessment", {""})
    with translation.override("pl"):
        expected = translation.gettext("%(hotline)s has submitted its self-assessment") % {"hotline": "Lietuva"}
    assert text_and_languages(SUBJECT, "pl", hotline="Lietuva") == (expected, {""})
    assert expected != text_and_languages(SUBJECT, "en", hotline="Lietuva")[0]


def test_an_edited_source_is_shown_where_there_is_no_translation_marked_with_its_language(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    assert text_and_languages(SUBJECT, "en", hotline="Eesti") == ("News of Eesti", {""})
    assert text_and_languages(SUBJECT, "pl", hotline="Eesti") == ("News of Eesti", {"en"})


def test_a_translation_stays_when_the_source_changes_and_is_out_of_date(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    write(SUBJECT, "pl", "Nowiny: {hotline}", by=editor)
    assert not needs_update(text_of(SUBJECT), "pl")
    write(SUBJECT, "en", "Great news of {hotline}", by=editor)
    assert text_and_languages(SUBJECT, "pl", hotline="Eesti") == ("Nowiny: Eesti", {""})
    assert needs_update(text_of(SUBJECT), "pl")
    assert edited_texts().version(SUBJECT, "pl").against == ("News of {hotline}",)
    assert needs_update(text_of(SUBJECT), "fr")  # nobody has translated the new version
    write(SUBJECT, "pl", "Nowiny: {hotline}", by=editor)  # reviewed, and right as it is
    assert not needs_update(text_of(SUBJECT), "pl")


def test_a_language_may_differ_from_its_default_while_the_source_is_as_it_was(editor: User):
    write(SUBJECT, "fr", "{hotline} a fini", by=editor)
    assert text_and_languages(SUBJECT, "fr", hotline="Eesti")[0] == "Eesti a fini"
    assert text_and_languages(SUBJECT, "en", hotline="Eesti")[0] == "Eesti has submitted its self-assessment"
    assert not needs_update(text_of(SUBJECT), "fr")


@pytest.mark.everywhere
def test_back_to_the_default(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    write(SUBJECT, "en", by=editor)
    assert text_and_languages(SUBJECT, "en", hotline="Eesti")[0] == "Eesti has submitted its self-assessment"
    assert not needs_update(text_of(SUBJECT), "fr")
    assert [row.forms for row in TextVersion.objects.order_by("number")] == [["News of {hotline}"], []]


def test_each_number_has_its_form(editor: User):
    numbers = [numbers[0] for numbers in plural_numbers("pl")]
    assert numbers[:3] == [1, 2, 5]
    forms = [f"form {number}: {{number}}" for number in numbers]
    write(COUNTED, "pl", *forms, by=editor)
    assert [text_and_languages(COUNTED, "pl", number=number)[0] for number in (1, 22, 12)] == [
        "form 1: 1",
        "form 2: 22",
        "form 5: 12",
    ]
    assert text_and_languages(COUNTED, "en", number=1)[0] == "It works on one recommendation, listed on this page."
    assert text_and_languages(COUNTED, "en", number=4)[0] == "It works on 4 recommendations, listed on this page."


def test_the_number_stands_under_the_name_that_it_was_given():
    things = translation.ngettext_lazy("%(things)s thing", "%(things)s things", "things")
    text = Text("small.things", "report", "", Kind.LINE, (things,), counted="things")
    assert text.default_forms("en") == ["{things} thing", "{things} things"]


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        *(("en", [[1], [2, 3, 4]]), ("fr", [[1], [2, 3, 4]]), ("it", [[1], [2, 3, 4]]), ("pt", [[1], [2, 3, 4]])),
        ("pl", [[1], [2, 3, 4], [5, 6, 7]]),
    ],
)
def test_only_forms_that_numbers_here_take_are_written(editor: User, language: str, numbers: list[list[int]]):
    assert plural_numbers(language) == numbers
    forms = [f"form {some[0]}: {{number}}" for some in numbers]
    write(COUNTED, language, *forms, by=editor)
    with translation.override(language):
        assert text_and_languages(COUNTED, language, number=1)[0] == "form 1: 1"
        assert text_and_languages(COUNTED, language, number=4)[0] == f"form {numbers[1][0]}: 4"
        assert text_and_languages(COUNTED, language, number=1_000_000)[0].startswith(f"form {numbers[-1][0]}: ")
        assert text_and_languages(COUNTED, language, number=0)[0].startswith(
            f"form {1 if language in ('fr', 'pt') else numbers[-1][0]}: "
        )


def test_a_paragraph_without_its_value_is_left_out():
    with_note = text_and_languages(
        BODY, "en", hotline="Eesti", round="2027", note="We {did} it.", page="https://x.example/"
    )[0]
    without = text_and_languages(BODY, "en", hotline="Eesti", round="2027", note="", page="https://x.example/")[0]
    assert "\n\nTheir words:\nWe {did} it.\n\nhttps://x.example/" in with_note
    assert without == with_note.replace("Their words:\nWe {did} it.\n\n", "")


def test_values_keep_their_language_and_are_never_read_as_placeholders():
    text = Text("x", "x", "", Kind.LINE, ("{a} and {b}",))
    filled = fill_text(text, Passage("{a} and {b}", "en"), "pl", {"a": Passage("un", "fr"), "b": "{a}"})
    assert filled == Sentence((Passage("un", "fr"), Passage(" and ", "en"), Passage("{a}", "en")))


# --- One query ---------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_many_texts_take_one_query_and_see_what_another_process_wrote(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    read_text(SUBJECT, "en", hotline="Eesti")
    with CaptureQueriesContext(connection) as queries, cached_texts():
        for _ in range(3):
            read_text(SUBJECT, "en", hotline="Eesti")
            read_text("register.lead", "en")
    assert len(queries) == 1
    row = TextVersion(key="register.lead", language="en", number=1, forms=["Otherwise."], against=["…"], by=editor)
    row.save()  # as another process would, without a signal in this one
    with CaptureQueriesContext(connection) as queries, cached_texts():
        assert str(read_text("register.lead", "en")) == "Otherwise."
    assert len(queries) == 2


# --- Who wrote what --------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_of_two_people_at_once_both_keep_their_words(editor: User):
    other = person(Role.MCE_COORDINATOR)
    assert isinstance(write(SUBJECT, "en", "First {hotline}", by=editor, seen=0), Saved)
    late = write(SUBJECT, "en", "Second {hotline}", by=other, seen=0)
    assert isinstance(late, Conflict)
    assert (late.theirs.forms, late.theirs.by) == (["First {hotline}"], editor)
    assert [(row.number, row.forms, row.by) for row in TextVersion.objects.order_by("pk")] == [
        (1, ["First {hotline}"], editor),
        (None, ["Second {hotline}"], other),
    ]
    assert text_and_languages(SUBJECT, "en", hotline="Eesti")[0] == "First Eesti"


@pytest.mark.everywhere
def test_a_writer_who_looked_at_the_same_moment_is_late_too(editor: User, monkeypatch: pytest.MonkeyPatch):
    """Both writers have read that there is no version, and the first one's version is stored when the second writes."""
    before = edited_texts()
    TextVersion.objects.create(key=SUBJECT, language="en", number=1, forms=["First {hotline}"], by=editor)
    monkeypatch.setattr("reports.texts.writing.edited_texts", lambda: before)
    late = write(SUBJECT, "en", "Second {hotline}", by=editor, seen=0)
    assert isinstance(late, Conflict)
    assert TextVersion.objects.filter(number=None).count() == 1


@pytest.mark.everywhere
def test_the_history_cannot_be_changed(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    for act in (lambda: TextVersion.objects.update(forms=["x"]), TextVersion.objects.all().delete):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            act()


def test_what_says_the_same_is_not_written_again(editor: User):
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    write(SUBJECT, "en", "News of {hotline}", by=editor)
    write("register.lead", "fr", *text_of("register.lead").default_forms("fr"), by=editor)
    assert TextVersion.objects.count() == 1


def test_a_second_press_is_no_conflict(editor: User):
    other = person(Role.MCE_COORDINATOR)
    for by in (editor, editor, other):
        assert isinstance(write(SUBJECT, "en", "News of {hotline}", by=by, seen=0), Saved)
    assert TextVersion.objects.count() == 1
    assert isinstance(write(SUBJECT, "en", "Other news of {hotline}", by=other, seen=0), Conflict)


def test_a_form_that_saw_a_version_that_there_is_not_is_saved(editor: User):
    saved = write(SUBJECT, "en", "News of {hotline}", by=editor, seen=5)
    assert (isinstance(saved, Saved), saved.version.number) == (True, 1)
    assert isinstance(write(SUBJECT, "en", "Other news of {hotline}", by=editor, seen=10**20), Conflict)


def test_a_text_with_placeholders_of_another_version_of_the_software_is_the_default(editor: User):
    stored = {
        ("number.danger", "en"): "In danger? {emergency_number} or {gone}.",
        (SUBJECT, "en"): "News",
        (SUBJECT, "fr"): "Nouvelles de {hotline} et de {gone}",
        ("no.such", "en"): "{gone}",
    }
    for (key, language), form in stored.items():
        TextVersion.objects.create(key=key, language=language, number=1, forms=[form], against=["x"], by=editor)
    assert "gone" not in text_and_languages("number.danger", "en", emergency_number="112")[0]
    assert text_and_languages(SUBJECT, "en", hotline="Eesti")[0] == "Eesti has submitted its self-assessment"
    assert "gone" not in text_and_languages(SUBJECT, "fr", hotline="Eesti")[0]
    assert [needs_update(text_of(SUBJECT), language) for language in ("en", "fr", "pl")] == [True, True, False]
    write(SUBJECT, "fr", "Nouvelles de {hotline}", by=editor)
    assert text_and_languages(SUBJECT, "fr", hotline="Eesti")[0] == "Nouvelles de Eesti"


# --- What is not permitted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "form", "says"),
    [
        (SUBJECT, "News", "The placeholder {hotline} is missing."),
        (SUBJECT, "{hotline} {hotlin}", "There is no placeholder {hotlin} here."),
        (SUBJECT, "{hotline} {", "A curly bracket stands alone."),
        (SUBJECT, "{hotline}\nnews", "This text is one line."),
        (SUBJECT, "{hotline} \x07", "the control character U+0007"),
        (SUBJECT, "{hotline}" + "x" * 150, "The text has 159 characters. At most 150"),
        (SUBJECT, "", "Write something."),
        ("register.lead", "See /en/nowhere/at/all/ for more", "The address /en/nowhere/at/all/ leads to nothing."),
        ("register.lead", "See https://dead.example/ for more", "The address https://dead.example/ leads to nothing."),
        ("accreditation.body", '<p><a linktype="page" id="99">x</a></p>', "The address page:99 leads to nothing."),
        ("report.parts", "domains domains appendix", "Give each part a place of its own."),
    ],
)
def test_what_may_not_be_written_says_why(key: str, form: str, says: str):
    dead = ("https://dead.example/", "page:99")
    assert says in find_problem(text_of(key), form, lambda address: address in dead)


@pytest.mark.parametrize(
    ("key", "form"),
    [
        (SUBJECT, "100% of {hotline}"),
        (COUNTED, "It works on one."),
        ("register.lead", "See /en/register/ and https://alive.example/ (really)"),
        ("report.parts", "appendix\ndomains\nrecommendations"),
        ("report.summary_introduction", ""),
    ],
)
def test_what_may_be_written(key: str, form: str):
    assert find_problem(text_of(key), form) == ""


def test_a_form_is_kept_without_blanks_around_it():
    assert plain_form(text_of(BODY), "  a \r\nb\u2028c\n\n") == "a\nb\nc"


def test_two_texts_cannot_have_one_key():
    with pytest.raises(ValueError, match=SUBJECT):
        declare([Text(SUBJECT, "x", "", Kind.LINE, ("x",))])


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ("<ol><li>One</li><li>Two</li></ol>", "<ol><li>One</li><li>Two</li></ol>"),
        ('<p data-block-key="a1">A <b>b</b></p>', "<p>A <b>b</b></p>"),
        (
            '<ol><li>x</li></ol></main><meta http-equiv="refresh" content="0;url=https://evil.example/"><script>1</script>',
            "<ol><li>x</li></ol>",
        ),
        ('<p onclick="x()" style="color: red">y</p>', "<p>y</p>"),
        ('<p><a href="javascript:x()">y</a></p>', "<p><a>y</a></p>"),
        ('<p><a href="https://example.org/a" target="_top">y</a></p>', '<p><a href="https://example.org/a">y</a></p>'),
        ("<script>1</script>", ""),
        ("<p>open <b>never closed", "<p>open <b>never closed</b></p>"),
        ("</ol></li>x", "<p>x</p>"),
        ("&lt;script&gt; &amp; more", "<p>&lt;script&gt; &amp; more</p>"),
    ],
)
def test_a_formatted_text_keeps_only_what_the_editor_can_write(form: str, kept: str):
    assert plain_form(text_of("accreditation.body"), form) == kept


# --- The report ----------------------------------------------------------------------------------------------------------


def test_the_report_has_the_titles_and_the_order_that_mce_chose(editor: User):
    assert GettextLocale("en", edited_texts()).order("parts") == ("domains", "recommendations", "appendix")
    write("report.parts", "en", "recommendations\ndomains\nappendix", by=editor)
    write("report.summary", "en", "In short", by=editor)
    english, polish = GettextLocale("en", edited_texts()), GettextLocale("pl", edited_texts())
    assert english.order("parts") == polish.order("parts") == ("recommendations", "domains", "appendix")
    assert english.texts()["summary"] == Passage("In short")
    assert polish.texts()["summary"] == Passage("In short", "en")
    assert polish.texts()["proof"].language == ""


def test_a_part_that_the_chosen_order_does_not_know_yet_follows(editor: User):
    TextVersion.objects.create(key="report.parts", language="en", number=1, forms=["appendix\nformer"], by=editor)
    assert GettextLocale("en", edited_texts()).order("parts") == ("appendix", "domains", "recommendations")


def test_the_printed_report_follows_the_chosen_order_and_has_its_introductions(editor: User):
    write("report.parts", "en", "appendix\nrecommendations\ndomains", by=editor)
    write("report.appendix_parts", "en", "proof\nrule\nmethod\nall_scores\nbasis\nsources", by=editor)
    write("report.appendix_introduction", "en", "Read <this> first.", by=editor)
    document = compose(small_facts(), small_texts(), GettextLocale("en", edited_texts()))
    assert digest_of(document) != digest_of(small_document())  # it is printed as another issue
    charts = {"domains": "", **{part.code: "" for part in document.domains}}
    html = write_html(write_document(document), charts, "")
    places = [html.index(words) for words in ("<h2>Proof<", "<h2>The rule<", "<h1>Recommendations<", "<h2>Indicators<")]
    assert places == sorted(places)
    assert "Read &lt;this&gt; first." in html
