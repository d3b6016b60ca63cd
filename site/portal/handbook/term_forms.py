"""The other forms of a term. Each language has its own, as words are inflected differently in each."""

import re
from typing import Any

from django.db import models
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue

NONE = "–"
"""The value in the editor of a translation if the source has no other forms."""


def split_forms(text: str) -> list[str]:
    """Return the forms, which are separated by new lines or semicolons."""
    return [form for part in re.split(r"[\n;]", text) if (form := " ".join(part.split())) and form != NONE]


class FormsField(models.TextField[str, str]):
    """Other forms of a term. A translation must have its own if the source has some, and may if it has none.

    wagtail-localize offers translators only what the source has. If that is empty, this field offers `NONE` to
    override.
    """

    def get_translatable_segments(self, value: str) -> list[OverridableSegmentValue | StringSegmentValue]:
        if split_forms(value):
            return [StringSegmentValue("", value)]
        return [OverridableSegmentValue("", NONE)]

    def restore_translated_segments(self, value: str, segments: list[Any]) -> str:
        """Return the translated or overriding text; `value` is that of the source."""
        segment = segments[0]
        text: str = segment.data if isinstance(segment, OverridableSegmentValue) else segment.render_text()
        return text
