"""Who has the page of a standard open: entries of the cache that expire."""

import pytest

from evaluation.discussions.presence import SECONDS, find_present_users, mark_present
from evaluation.models import Role
from tests.factories import evaluation_of, person

pytestmark = pytest.mark.django_db


def test_a_colleague_is_on_the_page_and_on_no_other(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "presence"}}
    evaluation = evaluation_of()
    ana, marek = (person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name=name) for name in ("Ana", "Marek"))
    mark_present(evaluation, "1.1", ana)
    mark_present(evaluation, "1.1", marek)
    assert find_present_users(evaluation, "1.1", [ana, marek], but=marek) == [ana]
    assert find_present_users(evaluation, "1.2", [ana, marek], but=marek) == []
    assert find_present_users(evaluation, "1.1", [marek], but=ana) == [marek]


def test_without_a_cache_nobody_is_there(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    evaluation = evaluation_of()
    ana, marek = (person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name=name) for name in ("Ana", "Marek"))
    mark_present(evaluation, "1.1", ana)
    assert find_present_users(evaluation, "1.1", [ana, marek], but=marek) == []


def test_an_entry_ends_by_itself(monkeypatch: pytest.MonkeyPatch):
    given = []
    monkeypatch.setattr("evaluation.discussions.presence.cache.set", lambda key, value, timeout: given.append(timeout))
    mark_present(evaluation_of(), "1.1", person())
    assert given == [SECONDS]
