"""Stores the contexts and the HTML of pages that Django's test client opens, without the whitespace of templates."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.template import Context, Template
from django.test import client, utils
from django.test.signals import template_rendered
from django.utils.safestring import SafeString


def keep_contexts_of_whole_pages() -> None:
    """Copy only the contexts of templates that are rendered by themselves. Called once, before the first test.

    Django's test client copies the context of every rendered template, including the hundreds that a page includes. The
    context of a view is that of a template rendered by itself.
    """
    utils.instrumented_test_render = _render


def _render(template: Template, context: Context) -> SafeString:
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


_VERBATIM = re.compile(r"(<(textarea|pre|script|style)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"""(<[a-zA-Z/!][^<>"']*+(?:(?:"[^"]*"|'[^']*')[^<>"']*+)*+>)""")
_NEXT_TO_TAG = re.compile(r"^[ \t]*\n\s*|[ \t]*\n\s*$")
_BREAK = re.compile(r"[ \t]*\n\s*")
_OUTSIDE_QUOTES = re.compile(r"""("[^"]*"|'[^']*')|[ \t]*\n\s*""")


def flat(html: str) -> str:
    """Return the HTML without the line breaks of its templates: none next to a tag, one blank elsewhere.

    A template has one element per line, which no reader of the page sees. The content of form fields and scripts stays.
    """
    parts = _VERBATIM.split(html)
    parts[::3] = map(_flatten, parts[::3])
    del parts[2::3]  # the names of the elements whose content stays
    return "".join(parts)


def _flatten(html: str) -> str:
    parts = _TAG.split(html)
    parts[::2] = [_flatten_text(text) if "\n" in text else text for text in parts[::2]]
    parts[1::2] = [_flatten_tag(tag) if "\n" in tag or " >" in tag else tag for tag in parts[1::2]]
    return "".join(parts)


def _flatten_tag(tag: str) -> str:
    return _OUTSIDE_QUOTES.sub(lambda part: part[1] or " ", tag).replace(" >", ">")


def _flatten_text(text: str) -> str:
    return _BREAK.sub(" ", _NEXT_TO_TAG.sub("", text)) if text.strip(" \t\n") else ""


def flatten_pages() -> None:
    """Let the test client return pages as `flat` leaves them. Called once, before the first test."""
    client.ClientHandler.__call__ = _flattening(client.ClientHandler.__call__)  # type: ignore[method-assign]


def _flattening(answer: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    def flattening(self: object, environ: dict[str, Any]) -> HttpResponseBase:
        response = answer(self, environ)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_html and not response.streaming and "Content-Encoding" not in response.headers:
            response.content = flat(response.content.decode(response.charset)).encode(response.charset)
        return response

    return flattening
