"""An edition to approve."""

import pytest

from standards.models import EditionPage


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition: a scene."""
    return EditionPage.objects.get()


@pytest.fixture
def draft(loaded: EditionPage) -> EditionPage:
    return loaded
