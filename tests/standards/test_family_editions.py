"""Published families of rules in the CMS: loaded into pages, released, with the same scores."""

from pathlib import Path

import pytest

from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from tests.evaluation.engine.scoring.families import EDITIONS, FAMILIES


@pytest.mark.django_db
@pytest.mark.parametrize("family", FAMILIES)
def test_an_edition_that_is_loaded_and_released_is_the_one_in_the_files(family: str):
    folder: Path = EDITIONS / family
    released = release(load_guide(folder).page)
    assert released.framework == draft_framework(read_edition(folder))
    assert released.sha256 == released.framework.digest
