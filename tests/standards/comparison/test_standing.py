"""The state of a pair after a decision: its questions are the same, or have changed."""

from datetime import UTC, datetime

import pytest

from standards.editions.comparison import Basis, Decision, EditionContent, EditionMapping, Pair, Standing
from tests.small_edition import SMALL, wording_of

PAIR = Pair("1.1.2", "1.1.2", Basis.KEY)
FORMER = EditionContent(SMALL, wording_of(SMALL))


def worded(wording: str) -> EditionContent:
    return EditionContent(SMALL, {**wording_of(SMALL), "indicator/1.1.2/wording": wording})


def standing(now: EditionContent, decided: EditionContent, *, is_confirmed: bool, pair: Pair = PAIR) -> Standing:
    """Return the state of a pair now, after a decision on the questions of then."""
    questions = EditionMapping(FORMER, decided, proposals=()).questions(pair)
    decision = Decision(pair.before, pair.now, is_confirmed, questions, "somebody", datetime(2026, 1, 1, tzinfo=UTC))
    proposals = () if pair.basis is Basis.HAND else (pair,)
    (found,) = EditionMapping(FORMER, now, [decision], proposals=proposals).of(pair.now)
    return found.standing


@pytest.mark.parametrize(
    ("now", "is_confirmed", "expected"),
    [
        (worded("then"), True, Standing.CONFIRMED),
        (worded("then"), False, Standing.REJECTED),
        (worded("since"), True, Standing.OUTDATED),
        (worded("since"), False, Standing.OUTDATED),
        (FORMER, True, Standing.UNCHANGED),
        (FORMER, False, Standing.OUTDATED),
    ],
)
def test_a_decision_of_other_questions_is_outdated(now: EditionContent, is_confirmed: bool, expected: Standing) -> None:
    assert standing(now, worded("then"), is_confirmed=is_confirmed) is expected


def test_the_same_question_stays_rejected() -> None:
    assert standing(FORMER, FORMER, is_confirmed=False) is Standing.REJECTED


def test_a_rejected_pair_that_nothing_proposes_is_not_asked_about_again() -> None:
    by_hand = Pair("1.1.2", "1.2.1", Basis.HAND)
    now = EditionContent(SMALL, {**wording_of(SMALL), "indicator/1.2.1/wording": "since"})
    assert standing(now, FORMER, is_confirmed=False, pair=by_hand) is Standing.REJECTED
    assert standing(now, FORMER, is_confirmed=True, pair=by_hand) is Standing.OUTDATED
