"""Settings of a developer's machine: `./go`. DEMONSTRATION=1 adds a demonstration, and an outbox instead of mail."""

from .base import *

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY", default="only-for-a-desk-and-never-for-a-server")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DEMONSTRATION = env.bool("DEMONSTRATION", default=True)
CONTACT_EMAIL = env("CONTACT_EMAIL", default="quality@example.org")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WHITENOISE_USE_FINDERS = True
"""`./go` serves with DEBUG=0, as visitors see it; static files are not collected in development."""
INTERNAL_IPS = ["127.0.0.1"]
