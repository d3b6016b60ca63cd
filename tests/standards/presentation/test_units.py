"""Each unit that the system knows has a name in every language; an edition's own unit is shown as written."""

import pytest
from django.conf import settings
from django.utils import translation

from standards.framework.units import PERCENT, TIME
from standards.presentation.units import format_unit, unit_words


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_a_unit_is_named_in_the_language_of_the_reader(language: str):
    with translation.override(language):
        named = {unit: unit_words(unit) for unit in (PERCENT, *TIME)}
        formatted = format_unit("4", "hours").replace("\u00a0", " ")
        assert formatted == f"4 {named['hours']}"
    assert named["seconds"] != "seconds"
    assert len(set(named.values())) == len(named)


def test_a_unit_of_the_editions_own_stands_as_its_editors_wrote_it():
    assert (unit_words("meetings"), format_unit("4", "meetings")) == ("meetings", "4 meetings")
    assert format_unit("92.4", PERCENT) == "92.4\u00a0%"
