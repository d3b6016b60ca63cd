"""Keeps the contexts and the HTML of pages that Django's test client opens, without the whitespace of templates."""

import re
from collections.abc import Callable
from copy import copy
from typing import Any

from django.http import HttpResponseBase
from django.template import Context, Template
from django.test import client
from django.test.utils import ContextList


def keep_contexts_of_whole_pages() -> None:
    """Called once, before the first test.

    Django copies the context of every template that is rendered, of each of the hundreds that a page includes too.
    Here only that of a template rendered by itself is copied: what a view hands over is found there.
    """
    client.store_rendered_templates = _store


def _store(
    store: dict[str, Any], signal: object, sender: object, template: Template, context: Context, **_: Any
) -> None:
    store.setdefault("templates", []).append(template)
    kept = store.setdefault("context", ContextList())
    if context.template is template:
        kept.append(copy(context))


_KEPT = re.compile(r"(<(textarea|pre|script|style)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"""(<[a-zA-Z/!](?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_BREAK = re.compile(r"[ \t]*\n\s*")
_OUTSIDE_QUOTES = re.compile(r"""("[^"]*"|'[^']*')|[ \t]*\n\s*""")


def flat(html: str) -> str:
    """The HTML without the line breaks of its templates: none beside a tag, a blank elsewhere.

    A template has one element a line, which no reader of the page sees; the words of a form and scripts stay.
    """
    parts = _KEPT.split(html)
    return "".join(part if number % 3 == 1 else _flatten(part) for number, part in enumerate(parts) if number % 3 < 2)


def _flatten(html: str) -> str:
    parts = _TAG.split(html)
    return "".join(_flatten_tag(part) if number % 2 else _flatten_text(part) for number, part in enumerate(parts))


def _flatten_tag(tag: str) -> str:
    if "\n" not in tag:
        return tag.replace(" >", ">")
    return _OUTSIDE_QUOTES.sub(lambda part: part[1] or " ", tag).replace(" >", ">")


def _flatten_text(text: str) -> str:
    if "\n" not in text:
        return text
    text = re.sub(r"^[ \t]*\n\s*|[ \t]*\n\s*$", "", text)
    return _BREAK.sub(" ", text)


def flatten_pages() -> None:
    """Called once, before the first test: the test client hands out pages as `flat` leaves them."""
    client.ClientHandler.__call__ = _flattening(client.ClientHandler.__call__)  # type: ignore[method-assign]


def _flattening(answer: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    def flattening(self: object, environ: dict[str, Any]) -> HttpResponseBase:
        response = answer(self, environ)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_html and not response.streaming and "Content-Encoding" not in response.headers:
            response.content = flat(response.content.decode(response.charset)).encode(response.charset)
        return response

    return flattening
