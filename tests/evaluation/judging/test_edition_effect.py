"""What another edition would have changed for the hotlines of the last closed round."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.engine import scoring
from evaluation.judging.edition_effect import EditionEffect, find_effect, score_by
from evaluation.models import Evaluation, Round
from standards.editions.compared import of_release, read_mapping
from standards.framework import Condition, Framework, Outcome, Result, Test
from standards.models import Edition
from tests.factories import released_edition
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed() -> Stage:
    """Return a published evaluation in a closed round."""
    stage = Stage("published")
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    return stage


def effect(now: Edition, before: Edition | None = None) -> EditionEffect | None:
    former, present = of_release(before or released_edition(SMALL)), of_release(now)
    return find_effect(former, present, read_mapping(former, present))


def outcomes_before_and_after(found: EditionEffect | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(row.was, row.would) for row in found.hotlines]


def stricter() -> Framework:
    """Return an edition whose first outcome refuses everybody."""
    refused = Outcome("refused", 0, (Condition(Test.SCORE, percent=0),))
    return replace(SMALL, code="T4", rule=replace(SMALL.rule, outcomes=(refused, *SMALL.rule.outcomes)))


def test_the_same_questions_with_the_same_rule_change_nothing(closed: Stage):
    found = effect(released_edition(replace(SMALL, code="T4")))
    assert found is not None
    assert found.changed == ()
    assert (found.left_out, found.other, found.round) == ((), "T4", closed.round)
    was, would = outcomes_before_and_after(found)[0]
    assert was == would == closed.evaluation.latest_scorecard.proposal


def test_another_rule_changes_the_outcome(closed: Stage):
    found = effect(released_edition(stricter()))
    assert [row.hotline for row in found.changed] == [closed.evaluation.hotline]
    assert outcomes_before_and_after(found) == [(closed.evaluation.latest_scorecard.proposal, "refused")]


def test_the_last_round_may_have_been_held_on_the_present_edition(closed: Stage):
    found = effect(released_edition(SMALL), before=released_edition(stricter()))
    assert found.other == "T4"
    assert outcomes_before_and_after(found) == [(closed.evaluation.latest_scorecard.proposal, "refused")]


ALWAYS = Condition(Test.SCORE, percent=0)
NEVER = Condition(Test.AT_LEAST, level=3, count=len(SMALL.indicators))
"""Never holds: one of the indicators is shown and not scored."""


def sealed(code: str, condition: Condition = ALWAYS) -> Framework:
    """Return an edition with a further result that has a better outcome under a condition."""
    silver = Outcome("silver", 12, (condition,))
    return replace(SMALL, code=code, results=(Result("seal", (silver, Outcome("plain", 0))),))


def test_a_further_result_that_is_new_is_found_for_each_hotline(closed: Stage):
    found = effect(released_edition(sealed("T4")))
    (seal,) = found.results
    assert (seal.code, seal.is_new, seal.found) == ("seal", True, {"silver": 1})
    assert [(row.hotline, row.was, row.would) for row in seal.changed] == [(closed.evaluation.hotline, "", "silver")]
    assert found.changed == ()


@pytest.mark.parametrize(("condition", "would", "changed"), [(ALWAYS, "silver", 0), (NEVER, "plain", 1)])
def test_a_further_result_changes_by_itself(condition: Condition, would: str, changed: int):
    stage = Stage("published", framework=sealed("T3"))
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    found = effect(released_edition(sealed("T4", condition)), before=stage.round.edition)
    (seal,) = found.results
    assert [(row.was, row.would) for row in seal.hotlines] == [("silver", would)]
    assert (seal.is_new, len(seal.changed), found.changed) == (False, changed, ())


def test_a_further_result_that_the_other_edition_has_not_is_none():
    stage = Stage("published", framework=sealed("T3"))
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    found = effect(released_edition(replace(SMALL, code="T4")), before=stage.round.edition)
    assert (found.results, found.changed) == ((), ())


def test_an_indicator_without_a_valid_answer_is_left_out_and_not_counted_as_missing(closed: Stage):
    path = "indicator/1.1.1/wording"
    found = effect(released_edition(replace(SMALL, code="T4"), words={path: "Something else is asked."}))
    assert found.left_out == ("1.1.1",)
    assert outcomes_before_and_after(found)[0][1] != "deferred"


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


def basis(evidence: scoring.Evidence, now: Framework, *codes: str) -> scoring.LevelBasis:
    """Return the basis of the level of 1.2.1 in an edition in which it continues these indicators."""
    card = score_by(SMALL, now, evidence, {"1.2.1": codes})
    (score,) = card.domains[0].standards[1].indicators
    return score.basis


def judged(*levels: int | None) -> dict[str, scoring.Judgement]:
    """Return judgements of the merged indicators by level; None for one that is not judged."""
    return {code: scoring.Judgement(level) for code, level in zip(MERGED, levels, strict=True) if level is not None}


MERGED = ("1.2.1", "1.1.2")
HOTLINE, ASSESSOR = scoring.LevelBasis.HOTLINE, scoring.LevelBasis.ASSESSOR
MISSING, NOT_ASKED = scoring.LevelBasis.MISSING, scoring.LevelBasis.NOT_ASKED


@pytest.mark.parametrize(
    ("answers", "findings", "expected"),
    [
        ((3, 3), (None, None), HOTLINE),
        ((3, 1), (None, None), NOT_ASKED),
        ((3, None), (None, None), NOT_ASKED),
        ((None, None), (None, None), MISSING),
        ((3, 3), (2, 1), NOT_ASKED),
        ((3, 3), (2, None), NOT_ASKED),
        ((3, 1), (2, 2), ASSESSOR),
    ],
)
def test_a_merger_is_judged_only_by_what_agrees(
    answers: tuple[int | None, int | None],
    findings: tuple[int | None, int | None],
    expected: scoring.LevelBasis,
):
    evidence = scoring.Evidence(answers=judged(*answers), findings=judged(*findings))
    assert basis(evidence, SMALL, *MERGED) is expected


def test_what_was_not_applicable_is_left_out_where_that_is_not_allowed_any_more():
    evidence = scoring.Evidence(answers={"1.2.1": scoring.Judgement(not_applicable=True)})
    first, second = SMALL.domains[0].standards
    strict = replace(second, indicators=(replace(second.indicators[0], not_applicable=False),))
    now = replace(SMALL, domains=(replace(SMALL.domains[0], standards=(first, strict)), *SMALL.domains[1:]))
    assert basis(evidence, SMALL, "1.2.1") is scoring.LevelBasis.NOT_APPLICABLE
    assert basis(evidence, now, "1.2.1") is NOT_ASKED


def test_there_is_no_effect_without_a_closed_round_on_one_of_the_editions(closed: Stage):
    other = released_edition(replace(SMALL, code="T4"))
    assert effect(released_edition(replace(SMALL, code="T5")), before=other) is None
    assert effect(released_edition(SMALL)) is None
    Round.objects.update(state=Round.State.OPEN)
    assert effect(other) is None


def test_an_excused_hotline_is_not_among_them(closed: Stage):
    Evaluation.objects.update(state=Evaluation.State.EXCUSED)
    assert outcomes_before_and_after(effect(released_edition(stricter()))) == []


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
    assert len(outcomes_before_and_after(effect(edition))) == 2
