"""A guide editor in the CMS, and an edition to work on."""

from collections.abc import Callable

import pytest
from django.test import Client

from evaluation.models import Role
from standards.models import EditionPage
from tests.factories import person


@pytest.fixture
def guide_editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), person(Role.GUIDE_EDITOR))


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition: a scene."""
    return EditionPage.objects.get()


@pytest.fixture
def draft(loaded: EditionPage) -> EditionPage:
    """Return the pages of the small edition, which nobody has released."""
    return loaded


@pytest.fixture
def french(db: None) -> EditionPage:
    """Return the pages of the small edition in French, created by hand, each text still in English: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")
