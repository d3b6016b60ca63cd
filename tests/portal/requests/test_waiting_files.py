"""Files that wait for a second request: each is found by its own token only."""

from dataclasses import dataclass

import pytest

from evaluation.models import Evaluation
from portal.requests.waiting_files import fetch_waiting, store_waiting
from standards.models import EditionPage

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Kept:
    words: str


@dataclass(frozen=True)
class Other:
    words: str


def test_what_is_kept_is_found_by_its_token_as_what_it_is():
    page, other = EditionPage(pk=1), EditionPage(pk=2)
    first, second = store_waiting(page, Kept("a")), store_waiting(page, Kept("b"))
    assert (fetch_waiting(page, first, Kept), fetch_waiting(page, second, Kept)) == (Kept("a"), Kept("b"))
    assert fetch_waiting(other, first, Kept) is None
    assert fetch_waiting(Evaluation(pk=1), first, Kept) is None
    assert fetch_waiting(page, first, Other) is None


@pytest.mark.parametrize("token", ["", "0", "\x00", "0" * 63 + "\x00", "A" * 64, "0" * 64 + "\n", "0" * 65])
def test_a_token_of_another_form_does_not_reach_the_cache(token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.requests.waiting_files.cache", None)
    assert fetch_waiting(EditionPage(pk=1), token, Kept) is None
