"""Entries for an indicator: read into the same input from a form and from a device, and written back."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.http import QueryDict

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.judgements import AnswerInput, InvalidAnswer, save_answer
from evaluation.models import Answer
from portal.answers.saving import Fields
from portal.visits.recording.offline import Item
from tests.factories import evaluation_of, person
from tests.small_edition import SMALL

LEVELS, NUMBER = SMALL.indicators["1.1.2"], SMALL.indicators["3.2.2"]
FROM_FIGURES = next(indicator for indicator in SMALL.indicators.values() if indicator.from_figures)


@pytest.mark.parametrize(
    ("entered", "indicator", "expected"),
    [
        (EnteredAnswer(), LEVELS, AnswerInput()),
        (EnteredAnswer("0"), LEVELS, AnswerInput(level=0)),
        (EnteredAnswer("2", words="a\x00b"), LEVELS, AnswerInput(level=2, words="ab")),
        (EnteredAnswer("na", words="No."), LEVELS, AnswerInput(not_applicable=True, words="No.")),
        (EnteredAnswer("unseen"), LEVELS, AnswerInput(not_seen=True)),
        (EnteredAnswer(value=" 92.4 "), NUMBER, AnswerInput(value=Decimal("92.4"))),
        (EnteredAnswer("na", "92.4"), NUMBER, AnswerInput(not_applicable=True)),
        (EnteredAnswer("unseen", "much"), NUMBER, AnswerInput(not_seen=True)),
        (EnteredAnswer("1", "much"), LEVELS, AnswerInput(level=1)),
        (EnteredAnswer("1", "", "w", True, "s", "c"), LEVELS, AnswerInput(1, words="w", good_practice=True)),
    ],
    ids=str,
)
def test_entries_are_read(entered: EnteredAnswer, indicator, expected: AnswerInput):
    assert entered.read(indicator) == expected


def test_an_observation_has_further_texts_and_a_remark_has_words_only():
    entered = EnteredAnswer("1", "", "w", True, "s\x00", "c")
    observed = AnswerInput(1, words="w", good_practice=True, strength="s", concern="c")
    assert (entered.read_observation(LEVELS), entered.read_words(None)) == (observed, AnswerInput(words="w"))


@pytest.mark.parametrize(
    ("entered", "indicator", "code"),
    [
        (EnteredAnswer("1000"), LEVELS, "no_such_level"),
        (EnteredAnswer("-1"), LEVELS, "no_such_level"),
        (EnteredAnswer("²"), LEVELS, "no_such_level"),
        (EnteredAnswer("yes"), LEVELS, "no_such_level"),
        (EnteredAnswer("yes", "much"), NUMBER, "not_a_number"),
        (EnteredAnswer(value="1,234"), NUMBER, "ambiguous_number"),
        (EnteredAnswer(value="1.23456"), NUMBER, "too_many_decimals"),
    ],
    ids=str,
)
def test_an_unreadable_entry_is_refused_and_shown_again(entered: EnteredAnswer, indicator, code: str):
    with pytest.raises(InvalidAnswer) as caught:
        entered.read(indicator)
    assert (caught.value.code, entered.without_numbers()) == (code, AnswerInput())


@pytest.mark.parametrize(
    ("submitted", "indicator"),
    [
        (AnswerInput(), LEVELS),
        (AnswerInput(level=3, words="w", good_practice=True, strength="s", concern="c"), LEVELS),
        (AnswerInput(not_applicable=True), LEVELS),
        (AnswerInput(not_seen=True, words="w"), NUMBER),
        (AnswerInput(value=Decimal("1234.5")), NUMBER),
        (AnswerInput(value=Decimal("1.234")), NUMBER),
    ],
    ids=str,
)
def test_a_judgement_is_written_as_the_entries_that_it_is_read_from(submitted: AnswerInput, indicator):
    assert EnteredAnswer.of(submitted).read_observation(indicator) == submitted


def test_a_form_and_a_device_enter_the_same():
    texts = {"level": "2", "value": "7", "words": "w\x00", "strength": "s", "concern": "c"}
    form = QueryDict(mutable=True)
    form.update({f"{name}-1.1.2": text for name, text in (texts | {"good_practice": "on"}).items()})
    item = Item(code="1.1.2", version=0, save_uid=uuid4(), draft_uid=uuid4(), good_practice=True, **texts)
    entered = EnteredAnswer("2", "7", "w", True, "s", "c")
    assert (Fields(form, "1.1.2").entered, item.entered) == (entered, entered)
    assert Fields(QueryDict(""), "1.1.2").entered == EnteredAnswer()


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [AnswerInput(value=Decimal(90)), AnswerInput(level=0)], ids=str)
def test_no_judgement_is_saved_where_figures_fill_it(answer: AnswerInput):
    evaluation = evaluation_of()
    with pytest.raises(InvalidAnswer) as caught:
        save_answer(evaluation, FROM_FIGURES.code, answer, version=0, by=person())
    stored = Answer.objects.get(evaluation=evaluation, code=FROM_FIGURES.code)
    assert (caught.value.code, stored.version) == ("from_figures", 0)
