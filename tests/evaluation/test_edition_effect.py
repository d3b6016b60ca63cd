"""What another edition would have meant for the hotlines of the last closed round."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.edition_effect import EditionEffect, find_effect
from evaluation.models import Evaluation, Round
from standards.editions.compared import of_release, read_mapping
from standards.framework import Condition, Framework, Outcome, Test
from standards.models import Edition
from tests.factories import released_edition
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> Stage:
    """A published evaluation in a round that is closed."""
    here = Stage("published")
    Round.objects.filter(pk=here.round.pk).update(state=Round.State.CLOSED)
    return here


def effect(now: Edition, before: Edition | None = None) -> EditionEffect | None:
    former, present = of_release(before or released_edition(SMALL)), of_release(now)
    return find_effect(former, present, read_mapping(former, present))


def told(found: EditionEffect | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(row.was, row.would) for row in found.hotlines]


def stricter() -> Framework:
    """Nobody reaches the first outcome any more."""
    refused = Outcome("refused", 0, (Condition(Test.SCORE, percent=0),))
    return replace(SMALL, code="T4", rule=replace(SMALL.rule, outcomes=(refused, *SMALL.rule.outcomes)))


def test_the_same_questions_with_the_same_rule_change_nothing(closed: Stage):
    found = effect(released_edition(replace(SMALL, code="T4")))
    assert found is not None
    assert found.changed == ()
    assert (found.left_out, found.other, found.round) == ((), "T4", closed.round)
    was, would = told(found)[0]
    assert was == would == closed.evaluation.latest_scorecard.proposal


def test_another_rule_changes_the_outcome(closed: Stage):
    found = effect(released_edition(stricter()))
    assert [row.hotline for row in found.changed] == [closed.evaluation.hotline]
    assert told(found) == [(closed.evaluation.latest_scorecard.proposal, "refused")]


def test_the_last_round_may_have_been_held_on_the_present_edition(closed: Stage):
    found = effect(released_edition(SMALL), before=released_edition(stricter()))
    assert found.other == "T4"
    assert told(found) == [(closed.evaluation.latest_scorecard.proposal, "refused")]


def test_an_indicator_without_a_valid_answer_is_left_out_and_not_counted_as_missing(closed: Stage):
    path = "indicator/1.1.1/wording"
    found = effect(released_edition(replace(SMALL, code="T4"), words={path: "Something else is asked."}))
    assert found.left_out == ("1.1.1",)
    assert told(found)[0][1] != "deferred"


def test_an_indicator_with_another_code_keeps_its_answer(closed: Stage):
    first = SMALL.domains[0]
    standards = tuple(
        replace(standard, indicators=tuple(replace(i, code=f"{i.code}9", key=i.code) for i in standard.indicators))
        for standard in first.standards
    )
    renumbered = replace(SMALL, code="T4", domains=(replace(first, standards=standards), *SMALL.domains[1:]))
    words = {
        path.replace(code, f"{code}9", 1): text
        for code in (i.code for i in first.indicators)
        for path, text in wording_of_indicator(code).items()
    }
    found = effect(released_edition(renumbered, words=words))
    assert (found.left_out, found.changed) == ((), ())


def wording_of_indicator(code: str) -> dict[str, str]:
    from tests.small_edition import wording_of

    return {path: text for path, text in wording_of(SMALL).items() if path.startswith(f"indicator/{code}/")}


def test_there_is_no_effect_without_a_closed_round_on_one_of_the_editions(closed: Stage):
    other = released_edition(replace(SMALL, code="T4"))
    assert effect(released_edition(replace(SMALL, code="T5")), before=other) is None
    assert effect(released_edition(SMALL)) is None
    Round.objects.update(state=Round.State.OPEN)
    assert effect(other) is None


def test_an_excused_hotline_is_not_among_them(closed: Stage):
    Evaluation.objects.update(state=Evaluation.State.EXCUSED)
    assert told(effect(released_edition(stricter()))) == []


def test_the_number_of_queries_does_not_depend_on_the_number_of_hotlines(closed: Stage):
    edition = released_edition(stricter())

    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            effect(edition)
        return len(asked)

    ask()
    few = ask()
    Stage("published", people=closed.people, round=closed.round, country="XB")
    assert ask() == few
    assert len(told(effect(edition))) == 2
