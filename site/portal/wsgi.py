"""The WSGI application for a web server such as gunicorn."""

import gc
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from portal.operations.data_stack import with_large_chunk

TEMPLATES = Path(__file__).parent / "templates"


def load_ahead() -> None:
    """Import all views, compile all templates and read all catalogues, so that no first request waits for them.

    Web processes that are forked after it share what it loads: gunicorn does so with `--preload`. They must not share
    the connection to the database that loading the middleware opened.

    The garbage collector leaves out what is loaded: otherwise each process would look through it again, copy its pages
    of memory, and take two CPU seconds to end.
    """
    _ = get_resolver().url_patterns
    for found in TEMPLATES.rglob("*.html"):
        with suppress(TemplateDoesNotExist, TemplateSyntaxError):  # the page itself shows what is wrong
            get_template(str(found.relative_to(TEMPLATES)))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Save")
    connections.close_all()
    gc.collect()
    gc.freeze()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = with_large_chunk(get_wsgi_application())
if not settings.DEBUG:
    load_ahead()
