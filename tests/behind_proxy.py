"""Test settings for gunicorn behind a proxy, with the logs of a server."""

from portal.settings import base
from portal.settings.test import *  # noqa: F403 - the settings of the tests and their logs

LOGGING = base.LOGGING
