"""A guide editor in the CMS, and an edition to work on."""

from collections.abc import Callable

import pytest
from django.test import Client

from evaluation.models import Role
from standards.editions.page_loader import load_guide
from standards.models import EditionPage
from tests.factories import person
from tests.scenes import SMALL_EDITION


@pytest.fixture
def guide_editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), person(Role.GUIDE_EDITOR))


@pytest.fixture
def draft() -> EditionPage:
    """The pages of the small edition."""
    return load_guide(SMALL_EDITION).page


@pytest.fixture
def french(db: None) -> EditionPage:
    """The pages of the small edition in French by hand, each text still as in English: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")
