"""Settings of a server. Every required value comes from the environment; a missing one prevents the start."""

import os

from .base import *

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or env("SECRET_KEY")
"""As it is written: of a value that begins with `$`, `env` takes the rest for the name of a variable."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS])
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA secure_delete=ON;PRAGMA synchronous=FULL"
    )

TRUSTED_PROXIES = env("TRUSTED_PROXIES", default="127.0.0.1 ::1 unix")  # a proxy on this machine
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
RESEND_COOKIE_NAME = "__Host-resend"
"""Names that a browser accepts from this host over TLS only: no sibling domain can set them."""
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # the editors' preview is a frame of the same site
    "security.W021",  # whether a domain enters the list of the browsers is for its owner to decide
]

WAGTAILADMIN_BASE_URL = env("BASE_URL")
EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

STORAGES["staticfiles"] = {"BACKEND": "portal.operations.storage.HashedFilesStorage"}
if env("PRIVATE_BUCKET", default=""):
    _bucket = {
        "bucket_name": env("PRIVATE_BUCKET"),
        "endpoint_url": env("PRIVATE_BUCKET_ENDPOINT", default=None),
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,  # two pictures of one name are two files
    }
    FILE_STORES["bucket"] = {
        "private": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _bucket},
        "default": {"BACKEND": "portal.cms.bucket_storage.CmsBucket", "OPTIONS": _bucket | {"location": "cms"}},
    }
    # While files are copied into a new bucket, or out of one, the site may still use the disk.
    STORAGES |= FILE_STORES[env("FILE_STORE", default="bucket")]
