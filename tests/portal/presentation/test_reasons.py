"""Every reason against a move has its texts, and no text is for a reason that is gone."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import evaluation
import portal
from evaluation.models import Round
from evaluation.models.reasons import Reason
from portal.presentation import reasons
from portal.presentation.moves import MoveWords, declare_moves
from portal.presentation.reasons import declare_reasons, show_reason

TIES = {"team_tied_by_country", "team_tied_by_role", "team_tied_by_declared"}
"""Codes that are composed of the kind of tie."""


def sources() -> Iterator[ast.Module]:
    for package in (evaluation, portal):
        for path in Path(package.__path__[0]).rglob("*.py"):
            if path.name != "words.py" and path != Path(reasons.__file__):
                yield ast.parse(path.read_text())


def test_every_reason_has_texts_and_no_texts_are_for_a_reason_that_is_gone():
    given, literals = set(), set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Reason", "about")
                and isinstance(code := node.args[0], ast.Constant)
            ):
                given.add(code.value)
    declared = reasons._REASONS.keys()
    assert len(given) > 100
    assert given - declared == set()
    assert declared - literals - TIES == set()


def test_a_reason_and_a_move_get_their_texts_once():
    with pytest.raises(ValueError, match="wrong_state"):
        declare_reasons({"wrong_state": ("Again", "")})
    with pytest.raises(ValueError, match="open"):
        declare_moves(Round, {"open": MoveWords("Open", "Opened")})


def test_texts_name_the_numbers_days_and_people_of_the_reason():
    voted = show_reason(Reason("no_quorum", have=1, need=3))
    assert voted.what == "1 of at least 3 members have voted"
    elsewhere = show_reason(Reason("member_elsewhere", names=("Ana", "Aldermark"), day=date(2027, 3, 1)))
    assert elsewhere.what == "Ana visits Aldermark from 1 March 2027"
    assert show_reason(Reason("nothing_to_score_again")).what == "Nothing has changed since it was scored"
    assert show_reason(Reason("nothing_new")).what == "Nothing has changed since the last release"


def test_more_than_six_indicators_are_counted():
    shown = show_reason(Reason("carried_over", codes=tuple(f"1.1.{number}" for number in range(1, 9))))
    assert shown.what == "8 answers from last time have not been looked at again"
    assert shown.why == "Say that it is still true, or change it: 1.1.1, 1.1.2, 1.1.3, 1.1.4, 1.1.5, 1.1.6 and 2 more."
