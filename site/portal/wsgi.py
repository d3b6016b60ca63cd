"""The WSGI application for a web server such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from portal.operations.data_stack import with_large_chunk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = with_large_chunk(get_wsgi_application())
