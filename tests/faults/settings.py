"""Production settings over plain HTTP on the local machine, with fast password hashing."""

from portal.settings.production import *  # noqa: F403 - the point is that they are the same

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=EMAIL_TIMEOUT)  # noqa: F405
