"""What Django's test client keeps of the pages it opens: the templates, and the contexts that a test may look at."""

from copy import copy
from typing import Any

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
