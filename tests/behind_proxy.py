"""The settings of the tests, served by gunicorn behind a proxy: with the logs that a server writes."""

from portal.settings import base
from portal.settings.test import *  # noqa: F403 - the settings of the tests and their logs

LOGGING = base.LOGGING
