"""What the editor of an indicator chooses from lists: of whom it is asked, and the scored value of each level."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from evaluation.models import Role
from standards.drafts.typed_askings import (
    JUST_THIS,
    NO,
    OR_BETTER,
    OR_WORSE,
    YES,
    AskableParts,
    AskingRow,
    describe_typed_asking,
    join_askings,
    split_askings,
)
from standards.drafts.typed_supports import describe_typed_supports, join_supports, split_supports
from standards.framework import Indicator, Measure, Scale, Wording
from standards.framework.asking import read_askings
from standards.models import EditionPage, IndicatorPage
from standards.models.choosers.askable import read_askable
from standards.models.forms import show_typed_supports
from tests.factories import person
from tests.standards.models.cms import edit_address, errors_of, form_of, send, send_refused

QUESTIONS = {
    "1.1.1": Indicator("1.1.1", "core", Measure.SCALE),
    "1.1.2": Indicator("1.1.2", "core", Measure.YES_NO),
    "1.1.3": Indicator("1.1.3", "core", Measure.NUMERIC, unit="hours"),
    "1.1.4": Indicator("1.1.4", "core", Measure.SCALE, asked_if=read_askings("1.1.5>=1")),
}
PARTS = AskableParts(
    Scale(),
    ("own_number",),
    QUESTIONS,
    {code: f"Title of {code}" for code in QUESTIONS},
    Wording({"trait/own_number": "Has its own number", "level/2": "Largely"}),
)


# --- Rows and the typed condition -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ()),
        ("own_number", (AskingRow("own_number"),)),
        ("1.1.1>=2;1.1.1=1", (AskingRow("1.1.1", "2"), AskingRow("1.1.1", "1", JUST_THIS))),
        ("1.1.1=0", (AskingRow("1.1.1", "0", JUST_THIS),)),
        ("1.1.1=0,1", (AskingRow("1.1.1", "1", OR_WORSE),)),
        ("1.1.1=0,3", (AskingRow("1.1.1", "0,3", JUST_THIS),)),
        ("1.1.2>=3", (AskingRow("1.1.2", YES),)),
        ("1.1.2=3", (AskingRow("1.1.2", YES, JUST_THIS),)),
        ("1.1.2=0", (AskingRow("1.1.2", NO, JUST_THIS),)),
        ("1.1.2>=0", (AskingRow("1.1.2", "0"),)),
        ("1.1.1>=", (AskingRow("1.1.1"),)),
        ("1.1.1>=99", (AskingRow("1.1.1", "99"),)),
        ("What is this?;9.9.9=7", (AskingRow("What is this?"), AskingRow("9.9.9", "7", JUST_THIS))),
    ],
)
def test_a_typed_condition_is_rows_and_the_rows_are_the_same_condition(text: str, rows: tuple[AskingRow, ...]) -> None:
    assert split_askings(text, PARTS) == rows
    assert join_askings(iter(rows), PARTS.scale) == text


def test_or_worse_follows_a_scale_that_falls() -> None:
    falling = AskableParts(Scale(1, 4, falling=True))
    assert split_askings("1.1.1=3,4", falling) == (AskingRow("1.1.1", "3", OR_WORSE),)
    assert join_askings(iter([AskingRow("1.1.1", "3", OR_WORSE)]), falling.scale) == "1.1.1=3,4"


def test_no_is_never_no_or_better() -> None:
    assert join_askings(iter([AskingRow("1.1.2", NO, OR_BETTER)]), Scale()) == "1.1.2=0"


def test_empty_rows_and_repeated_ones_are_left_out() -> None:
    rows = [AskingRow(), AskingRow("own_number"), AskingRow(" "), AskingRow("own_number")]
    assert join_askings(iter(rows), Scale()) == "own_number"


@pytest.mark.parametrize(
    ("text", "sentence", "problems"),
    [
        ("own_number", "Asked only if the hotline has the trait “Has its own number”.", ()),
        (
            "1.1.2=3;1.1.1>=2",
            "Asked only if one of these is so: 1.1.2 is answered with yes; "
            "1.1.1 is answered with level 2 (Largely) or better.",
            (),
        ),
        ("1.1.1>=", "", ("Say from which level of the answer to 1.1.1 on it is asked.",)),
        (
            "1.1.5>=2",
            "Asked only if 1.1.5 is answered with level 2 (Largely) or better.",
            (
                "1.1.5 is asked only after an answer to itself, by way of what it waits for: 1.1.5 → 1.1.5. "
                "Remove one of these.",
            ),
        ),
        (
            "1.1.4>=2",
            "Asked only if 1.1.4 is answered with level 2 (Largely) or better.",
            (
                "1.1.5 is asked only after an answer to itself, by way of what it waits for: 1.1.5 → 1.1.4 → 1.1.5. "
                "Remove one of these.",
            ),
        ),
        (
            "1.1.3>=2",
            "Asked only if 1.1.3 is answered with level 2 (Largely) or better.",
            ("1.1.5 is asked after an answer to 1.1.3, to which no hotline answers with a level. Take another one.",),
        ),
    ],
)
def test_a_chosen_condition_is_a_sentence_with_what_is_wrong(
    text: str, sentence: str, problems: tuple[str, ...]
) -> None:
    typed = describe_typed_asking("1.1.5", text, PARTS)
    assert (str(typed.sentence), typed.problems) == (sentence, problems)


# --- The scored values of levels ------------------------------------------------------------------------------------


def test_what_an_answer_counts_with_is_chosen_by_level() -> None:
    assert split_supports("3:evidence;0:words;na:nothing") == {"3": "evidence", "0": "words", "na": "nothing"}
    assert join_supports({"0": "words", "1": "", "na": "nothing"}) == "0:words;na:nothing"
    assert split_supports("all:words") is None


def test_a_level_is_named_in_what_its_answer_counts_with() -> None:
    values = {"counts_with": "evidence", "counts_at": "0:words;na:nothing", "least_words": 5}
    assert describe_typed_supports(values, lambda level: f"level {level} (Not in place)") == (
        "The hotline’s answer counts only with evidence.",
        "For level 0 (Not in place), it counts only with words that explain it.",
        "For “not applicable”, it counts by itself.",
        "Words that explain it are at least 5 words long.",
    )
    assert describe_typed_supports({**values, "counts_at": "0"}, str) == (
        "“0” is not written like “0:words”, “3:evidence” or “na:either”.",
    )


@pytest.mark.django_db
def test_yes_and_no_are_named_as_answers(full_edition: EditionPage) -> None:
    values = {"measure": "yes_no", "counts_with": "", "counts_at": "1:evidence", "least_words": None}
    assert show_typed_supports(values, full_edition) == {"sentences": ("For “yes”, it counts only with evidence.",)}
    assert show_typed_supports({**values, "measure": "scale"}, full_edition) == {
        "sentences": ("For level 1 (Full), it counts only with evidence.",)
    }


# --- In the editor --------------------------------------------------------------------------------------------------


@pytest.fixture
def page(full_edition: EditionPage) -> IndicatorPage:
    """Return an indicator that is asked of hotlines with a trait, or after an answer."""
    return IndicatorPage.objects.descendant_of(full_edition).get(code="2.1.1")


@pytest.mark.django_db
def test_the_stored_condition_is_chosen_in_the_form_and_stays_when_it_is_sent(
    editor: Client, page: IndicatorPage
) -> None:
    form = form_of(editor, page)
    chosen = {name: value for name, value in form.items() if name.startswith("asked_if")}
    assert chosen == {
        "asked_if-0-subject": "own_number",
        "asked_if-0-level": "",
        "asked_if-0-compare": ">=",
        "asked_if-1-subject": "1.1.1",
        "asked_if-1-level": "2",
        "asked_if-1-compare": ">=",
        "asked_if-2-subject": "1.1.1",
        "asked_if-2-level": "4",
        "asked_if-2-compare": "=",
        "asked_if-3-subject": "",
        "asked_if-3-level": "",
        "asked_if-3-compare": ">=",
    }
    send(editor, page, form)
    page.refresh_from_db()
    assert page.asked_if == "own_number;1.1.1>=2;1.1.1=4"


@pytest.mark.django_db
def test_its_choices_are_the_traits_and_the_indicators_that_hotlines_answer(
    editor: Client, page: IndicatorPage
) -> None:
    html = editor.get(edit_address(page)).content.decode()
    first = re.search(r'<select\s+name="asked_if-0-subject".*?</select>', html, re.DOTALL)
    assert first is not None
    assert re.findall(r'value="([^"]*)"', first[0]) == ["", "own_number", "across_borders", "1.1.1", "2.1.2"]
    assert re.findall(r'data-levels="([^"]*)"', first[0]) == ["1 2 3 4", "1 2 3 4"]
    assert "Asked only if one of these is so" in html


@pytest.mark.django_db
def test_what_is_chosen_is_stored(editor: Client, page: IndicatorPage) -> None:
    chosen = {"asked_if-0-subject": "", "asked_if-2-level": "3", "asked_if-2-compare": "<="}
    proof = {"counts_at-1": "evidence", "counts_at-na": "words"}
    send(editor, page, form_of(editor, page) | chosen | proof)
    page.refresh_from_db()
    assert (page.asked_if, page.counts_at) == ("1.1.1>=2;1.1.1=3,4", "1:evidence;na:words")
    form = form_of(editor, page)
    assert (form["counts_at-1"], form["counts_at-4"], form["counts_at-na"]) == ("evidence", "", "words")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("1.1.1", "", ">="), "Say from which level of the answer to 1.1.1 on it is asked."),
        (("2.1.1", "yes", ">="), "by way of what it waits for: 2.1.1 → 2.1.1. Remove one of these."),
        (("at_night", "", ">="), "with the trait “at_night”, which the edition does not name."),
    ],
)
def test_a_refused_choice_stays_chosen_with_its_mend(
    editor: Client, page: IndicatorPage, row: tuple[str, str, str], problem: str
) -> None:
    chosen = dict(zip(("asked_if-3-subject", "asked_if-3-level", "asked_if-3-compare"), row, strict=True))
    response = send(editor, page, form_of(editor, page) | chosen)
    assert problem in " ".join(errors_of(response.context["form"]))
    assert list(response.context["form"].errors) == ["asked_if"]
    html = response.content.decode()
    fourth = re.search(r'<select\s+name="asked_if-3-subject".*?</select>', html, re.DOTALL)
    assert fourth is not None
    assert re.findall(r'value="([^"]*)"[^>]* selected', fourth[0]) == [row[0]]
    page.refresh_from_db()
    assert page.asked_if == "own_number;1.1.1>=2;1.1.1=4"


@pytest.mark.django_db
def test_too_many_alternatives_are_refused_in_words_of_the_lists(editor: Client, page: IndicatorPage) -> None:
    rows = {f"asked_if-{number}-subject": f"t{number}" for number in range(70)}
    assert errors_of(send_refused(editor, page, form_of(editor, page) | rows)) == [
        "These are too many alternatives. Remove some."
    ]


@pytest.mark.django_db
def test_a_circle_is_refused_where_it_is_closed_even_by_a_draft(editor: Client, page: IndicatorPage) -> None:
    other = IndicatorPage.objects.get(code="1.1.1", locale=page.locale, path__startswith=page.edition_page.path)
    form = form_of(editor, other) | {"asked_if-0-subject": "2.1.1", "asked_if-0-level": "yes"}
    with override("fr"):
        refused = send_refused(editor, other, form)
    assert "1.1.1 → 2.1.1 → 1.1.1" in " ".join(errors_of(refused))
    page.asked_if = "own_number"
    page.save_revision()
    assert send(editor, other, form).status_code == 302


@pytest.mark.django_db
def test_a_text_that_cannot_be_read_is_shown_to_be_mended(editor: Client, page: IndicatorPage) -> None:
    IndicatorPage.objects.filter(pk=page.pk).update(counts_at="all of it")
    page.refresh_from_db()
    page.save_revision(clean=False)
    form = form_of(editor, page)
    assert form["counts_at"] == "all of it"
    assert errors_of(send_refused(editor, page, form)) == [
        "“all of it” is not written like “0:words”, “3:evidence” or “na:either”."
    ]


def asked(client: Client, address: str, **chosen: str) -> str:
    answer = client.post(address, {"code": "2.1.1", **chosen})
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


@pytest.mark.django_db
def test_the_sentence_follows_what_is_chosen_and_nothing_is_saved(editor: Client, page: IndicatorPage) -> None:
    address = f"{reverse('guide_asking', args=[page.edition_page.pk])}?indicator={page.pk}"
    rows = {"asked_if-0-subject": "1.1.1", "asked_if-0-level": "2", "asked_if-0-compare": ">="}
    assert asked(editor, address, **rows) == ("Asked only if 1.1.1 is answered with level 2 (Substantial) or better.")
    assert asked(editor, address, **{"asked_if-0-subject": ""}) == "It is asked of every hotline."
    assert "2.1.1 → 2.1.1" in asked(editor, address, **{**rows, "asked_if-0-subject": "2.1.1"})
    supports = reverse("guide_supports", args=[page.edition_page.pk])
    assert asked(editor, supports, measure="yes_no", **{"counts_at-1": "words"}) == (
        "For “yes”, it counts only with words that explain it."
    )
    assert asked(editor, supports, counts_with="") == "The hotline’s answer counts by itself."
    page.refresh_from_db()
    assert page.asked_if == "own_number;1.1.1>=2;1.1.1=4"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?indicator=x", "?indicator=99999999999999999999", "?indicator=-1"])
def test_any_address_is_answered(editor: Client, page: IndicatorPage, query: str) -> None:
    address = reverse("guide_asking", args=[page.edition_page.pk])
    assert asked(editor, address + query, **{"asked_if-0-subject": ""}) == "It is asked of every hotline."


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["guide_asking", "guide_supports"])
def test_it_is_told_only_to_who_may_edit(client: Client, full_edition: EditionPage, sign_in: Any, name: str) -> None:
    address = reverse(name, args=[full_edition.pk])
    assert client.post(address).status_code == 302
    assert sign_in(client, person(Role.ASSESSOR)).post(address).status_code == 403
    assert sign_in(client, person(Role.GUIDE_EDITOR)).post(address).status_code == 200
    assert client.get(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.everywhere
def test_what_an_indicator_can_be_asked_after_is_read_at_once_from_the_newest_drafts(page: IndicatorPage) -> None:
    page.wording, page.measure = "Written anew", "scale"
    page.save_revision()
    edition = page.edition_page
    with CaptureQueriesContext(connection) as queries:
        parts = read_askable(edition)
    assert len(queries) == 2
    assert parts.titles["2.1.1"] == "Written anew"
    assert parts.levels_of("2.1.1") == ("1", "2", "3", "4")
    assert parts.indicators["2.1.1"].asked_if == read_askings("own_number;1.1.1>=2;1.1.1=4")
