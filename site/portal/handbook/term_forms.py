"""The other forms of a term, which each language has for itself: words are inflected otherwise in each."""

import re
from typing import Any

from django.db import models
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue

NONE = "–"
"""What stands in the editor of a translation for the forms that the source does not have."""


def split_forms(text: str) -> list[str]:
    """Return the forms that stand on a line each, or with semicolons between."""
    return [form for part in re.split(r"[\n;]", text) if (form := " ".join(part.split())) and form != NONE]


class FormsField(models.TextField[str, str]):
    """Forms of a term. Where the source has some, a translation must have its own; where it has none, it may.

    wagtail-localize offers translators only what the source has; in place of nothing this gives it `NONE` to override.
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
