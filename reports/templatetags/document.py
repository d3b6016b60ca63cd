"""Tags that render the texts of a document: a passage, a sentence and a mark, without surrounding whitespace."""

from typing import Any

from django.template import Context, Library
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = Library()


@register.simple_tag
def passage(passage: dict[str, Any]) -> SafeString:
    """Render a text, with its language if it differs from the document's."""
    if passage["language"]:
        return format_html('<span lang="{}">{}</span>', passage["language"], passage["text"])
    return conditional_escape(passage["text"])


@register.simple_tag
def sentence(sentence: dict[str, Any]) -> SafeString:
    """Render the passages of a sentence."""
    return mark_safe("".join(passage(part) for part in sentence["parts"]))  # noqa: S308 - each part is escaped


@register.simple_tag
def mark(mark: dict[str, Any]) -> SafeString:
    """Render the content of an indicator's column. Its class is the tint of a level, or else the kind of the mark."""
    style = mark["kind"] if mark["level"] is None else f"lv l{mark['tint']}"
    return format_html('<span class="{}">{}</span>', style, sentence(mark["text"]))


@register.simple_tag(takes_context=True)
def outcome_mark(context: Context, kind: str) -> SafeString:
    """Render the symbol of a kind of outcome."""
    assert context.template is not None  # set while a template is rendered
    template = context.template.engine.get_template("reports/outcome_mark.html")
    return mark_safe(template.render(Context({"outcome": kind})).strip())  # noqa: S308 - our own template
