"""The application of a web server: what it has loaded before the first request."""

import subprocess
import sys

import pytest

LOADED = """
import gc
import sys
from portal import wsgi
from django.conf import settings
from django.db import connection
from django.template import engines
(engine,) = [one.engine for one in engines.all()]
cached = engine.template_loaders[0]
print(
    settings.DEBUG,
    connection.connection,
    {"portal.visits.visit", "portal.public.hotlines"} <= {*sys.modules},
    len(cached.get_template_cache) >= len(list(wsgi.TEMPLATES.rglob("*.html"))),
    gc.get_freeze_count() > len(gc.get_objects()),
)
"""


@pytest.mark.everywhere
def test_views_and_templates_are_loaded_ahead_and_frozen_and_no_connection_is_kept():
    done = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "None", "True", "True", "True"]
