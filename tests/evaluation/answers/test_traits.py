"""The traits of a hotline: unknown until somebody states them, and carried over from one evaluation to the next."""

from dataclasses import replace

import pytest

from evaluation.answers.traits import find_stated_traits, last_traits
from evaluation.models import Evaluation
from tests.factories import HotlineFactory, RoundFactory, evaluation_of, released_edition
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db


def test_what_was_said_outlasts_evaluations_by_editions_that_do_not_name_it(django_assert_num_queries) -> None:
    hotline, other = HotlineFactory(), HotlineFactory()
    named = {
        "T7": ("own_number", "across_borders"),
        "T8": (),
        "T9": ("across_borders",),
    }
    frameworks = {code: replace(SMALL, code=code, traits=traits) for code, traits in named.items()}
    rounds = {code: RoundFactory(edition=released_edition(framework)) for code, framework in frameworks.items()}
    for code, traits in (("T7", ["own_number", "across_borders"]), ("T8", []), ("T9", [])):
        evaluation_of(hotline, round=rounds[code], traits=traits, state=Evaluation.State.PUBLISHED)
    evaluation_of(other, round=rounds["T9"], traits=["across_borders"])
    with django_assert_num_queries(2):
        assert last_traits([hotline, other], frameworks["T7"]) == {hotline.pk: ["own_number"]}
    assert find_stated_traits([other], frameworks["T7"]) == {other.pk: {"across_borders": True}}
    assert last_traits([hotline, other], frameworks["T9"]) == {hotline.pk: [], other.pk: ["across_borders"]}
    with django_assert_num_queries(0):
        assert last_traits([hotline], frameworks["T8"]) == {}
