"""Every arrow of every machine has its texts, and every button describes its effects."""

from typing import Any

import pytest

from evaluation.workflow import MACHINES, is_button, moves_of
from portal.presentation.moves import MOVES

ARROWS = [
    (machine.kind, name, transition)
    for machine in MACHINES
    for name, method in moves_of(machine()).items()
    for transition in method.transitions.values()
]


ON_A_PAGE_OF_ITS_OWN = {("evaluation", "submit"), ("evaluation", "publish"), ("evaluation", "change_extent")}
"""The moves whose button is a link to their form."""


def test_every_arrow_has_words_and_no_words_are_for_an_arrow_that_is_gone():
    assert set(MOVES) == {(kind, name) for kind, name, _ in ARROWS}


@pytest.mark.parametrize(("kind", "name", "transition"), ARROWS, ids=[f"{kind}-{name}" for kind, name, _ in ARROWS])
def test_a_button_says_what_it_brings_about_and_asks_for_the_note_that_it_needs(kind: str, name: str, transition: Any):
    words, is_offered = MOVES[kind, name], is_button(transition)
    assert bool(words.means) == (is_offered or (kind, name) in ON_A_PAGE_OF_ITS_OWN)
    assert bool(words.ask) == (is_offered and bool(transition.custom.get("needs_note")))
