"""Wagtail's editor for formatted text, with validation of the submitted structure."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text import DraftailRichTextArea


class RichText(DraftailRichTextArea):
    """A field for formatted text. Raises BadRequest for a malformed structure, which the editor never sends."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            return super().value_from_datadict(data, files, name)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as damaged:
            raise BadRequest("formatted text is damaged") from damaged
