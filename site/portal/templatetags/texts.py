"""Shows editable texts: `{% text "home.register" %}`, `{% text "letters.submit.subject" hotline=name %}`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.templatetags.wagtailcore_tags import richtext

from reports.texts.declaration import Kind, text_of
from reports.texts.reading import read_text, texts_from_memory
from standards.presentation.marking import language_of, marked
from standards.presentation.sentences import Sentence

register = template.Library()


@register.simple_tag(takes_context=True)
def text(context: template.Context, key: str, /, **values: Any) -> str:
    """Return a text with its placeholders filled: escaped, and marked if it is in another language.

    In a template that does not escape, such as that of a letter, it is plain.
    """
    if not context.autoescape:
        return str(read_text(key, **values))
    if text_of(key).kind is Kind.RICH:
        return rich(read_text(key))
    return marked(read_text(key, **values))


@register.simple_tag
def plain_text(key: str, /, **values: Any) -> str:
    """Return a text without markup, for a title or an attribute."""
    return str(read_text(key, **values))


class RememberedTexts(template.Node):
    """Renders its content with the texts that this process has cached, without a query."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: template.Context) -> SafeString:
        with texts_from_memory():
            return self.nodelist.render(context)


@register.tag
def remembered_texts(parser: template.base.Parser, _token: template.base.Token) -> RememberedTexts:
    """Render the content with the texts that this process has cached, for pages that must not use the database."""
    nodes = parser.parse(("endremembered_texts",))
    parser.delete_first_token()
    return RememberedTexts(nodes)


@register.simple_tag
def emergency_number() -> SafeString:
    """Return the link that calls the police, the fire brigade and the ambulance."""
    return mark_safe('<a href="tel:112">112</a>')


def rich(sentence: Sentence) -> SafeString:
    """Return a formatted text as HTML. It has no placeholders; its content passes through the editor's converter."""
    html: SafeString = richtext(str(sentence))
    language = next((found for part in sentence.parts if (found := language_of(part))), "")
    return format_html('<div lang="{}">{}</div>', language, html) if language else html
