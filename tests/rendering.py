"""Stores the contexts and the HTML of pages that Django's test client opens, without the whitespace of templates."""

import re
from collections.abc import Callable
from copy import copy
from typing import Any

from django.http import HttpResponseBase
from django.template import Context, Template
from django.test import client
from django.test.utils import ContextList


def keep_contexts_of_whole_pages() -> None:
    """Copy only the contexts of templates that are rendered by themselves. Called once, before the first test.

    Django's test client copies the context of every rendered template, including the hundreds that a page includes. The
    context of a view is that of a template rendered by itself.
    """
    client.store_rendered_templates = _store


def _store(
    store: dict[str, Any], signal: object, sender: object, template: Template, context: Context, **_: Any
) -> None:
    store.setdefault("templates", []).append(template)
    kept = store.setdefault("context", ContextList())
    if context.template is template:
        kept.append(copy(context))


_VERBATIM = re.compile(r"(<(textarea|pre|script|style)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"""(<[a-zA-Z/!](?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_BREAK = re.compile(r"[ \t]*\n\s*")
_OUTSIDE_QUOTES = re.compile(r"""("[^"]*"|'[^']*')|[ \t]*\n\s*""")


def flat(html: str) -> str:
    """Return the HTML without the line breaks of its templates: none next to a tag, one blank elsewhere.

    A template has one element per line, which no reader of the page sees. The content of form fields and scripts stays.
    """
    parts = _VERBATIM.split(html)
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
