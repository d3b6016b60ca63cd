"""The tag that marks terms of the glossary in texts of the public Guide."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from standards.presentation.marking import marked

register = template.Library()


@register.simple_tag(takes_context=True)
def with_terms(context: template.Context, text: Any) -> SafeString:
    """Return a text as HTML, with links to terms that were not marked on this page yet.

    A page without `terms` in its context, such as a preview, marks none.
    """
    terms = context.get("terms")
    found: SafeString = terms.mark(text) if terms else marked(text)
    return found
