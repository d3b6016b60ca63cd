"""Settings of every installation. Differences come from the environment or from the other files here."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings.languages import further_languages

django_stubs_ext.monkeypatch()  # so that a form names its model: `ModelForm[Round]`

env = environ.Env()

PORTAL_DIR = Path(__file__).resolve().parent.parent
BASE_DIR = PORTAL_DIR.parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
"""Everything this installation writes on disk: database, evidence, printed reports."""

# --- Applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "reports",
    "evaluation",
    "standards",
    "wagtail_localize",
    "wagtail_localize.locales",  # replaces wagtail.locales
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",  # the loaders are configured below
    "django_fsm",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.RulesConfig",
]

MIDDLEWARE = [
    "portal.operations.client_address.ClientAddressMiddleware",  # first: others read REMOTE_ADDR
    "portal.requests.middleware.RequestLogMiddleware",
    "portal.requests.middleware.TextsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.requests.middleware.PublicGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.requests.middleware.AreaPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.requests.middleware.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.requests.middleware.AreaLocaleMiddleware",
    "portal.requests.middleware.ReaderTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.known_devices.KnownDeviceMiddleware",
    "portal.requests.middleware.DemonstrationMiddleware",
    "portal.requests.middleware.SecondFactorMiddleware",
    "portal.requests.middleware.ReturnedFormMiddleware",
    "portal.cms.allowed_views.AllowedViewsMiddleware",
    "portal.cms.reading.LookupsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PORTAL_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["django_cotton.templatetags.cotton", "portal.templatetags.forms"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.requests.navigation.navigation",
                "portal.demonstration.people.show_sign_ins",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Storage -----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/quality.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
"""After a restart of the database, the first request detects its stale connection and opens a new one."""
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A transaction takes the write lock when it begins and not in its middle.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Deleted content is overwritten: a key of a file, a name.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA secure_delete=ON;"
        f"PRAGMA synchronous={env('SQLITE_SYNCHRONOUS', default='NORMAL')}",
    }
else:
    # Connections to an unresponsive database, such as behind a broken network, fail within seconds too.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 20_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }

CACHES = {
    # Shared by all processes: replay protection, lockouts and rate limits are stored here.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Charts, by the digest of their content. Each machine has its own, so that a page with many charts makes no query.
    "charts": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "charts",
        "TIMEOUT": 30 * 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

PRIVATE_ROOT = VAR_DIR / "private"
"""Evidence, reports and the CMS's files. None has an address of its own: views serve them after checking rights."""
LOG_SEAL = Path(env("LOG_SEAL", default=str(VAR_DIR / "log" / "steps.seal")))
"""The seal of the step log, an append-only file outside the database: `keep_dates` writes it, `verify_log` reads it."""
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
FILE_STORES: dict[str, dict[str, dict[str, Any]]] = {
    "disk": {
        "default": {"BACKEND": "portal.cms.storage.CmsFolder", "OPTIONS": {"location": PRIVATE_ROOT / "cms"}},
        "private": {
            "BACKEND": "portal.operations.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
        },
    }
}
"""Where files may be, each with its storages. `move_files` copies them from one to the other."""
STORAGES: dict[str, dict[str, Any]] = {
    **FILE_STORES["disk"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TASKS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "letters"]}
}

# --- Languages and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
_SHIPPED = [
    ("en", _("English")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("hr", _("Croatian")),
]
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    *_SHIPPED,
    *further_languages(env.list("GUIDE_LANGUAGES", default=[]), dict(_SHIPPED)),
]
"""The languages of the Guide, and of public addresses."""
INTERFACE_LANGUAGES = [
    (code, name)
    for code, name in LANGUAGES
    if code == LANGUAGE_CODE or (PORTAL_DIR / "locale" / code / "LC_MESSAGES" / "django.po").exists()
]
"""The languages with a catalogue. In any other language, the interface around the Guide is English."""
LOCALE_PATHS = [PORTAL_DIR / "locale", PORTAL_DIR / "formats" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
"""A new translation begins as a draft, not as a live page in the source language."""
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
"""wagtail-localize answers its scripts with this framework, whose own pages for browsers are not installed."""
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# --- Authentication ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "evaluation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked-out caller reaches no other
    "rules.permissions.ObjectPermissionBackend",
    "portal.accounts.adapters.PasswordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.accounts.password_strength.StrengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "portal.accounts.adapters.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
"""An invitation is the verification: its link went to the address."""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.password_reset.NewestLinkOnly"  # noqa: S105 - a class
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "116 000 Quality"
MFA_ADAPTER = "portal.accounts.adapters.SecondFactor"
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""A reset request stores an unverified address, which would then keep its owner from using a second factor."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "reset_password": "portal.accounts.forms.ResetForm",
    "reset_password_from_key": "portal.accounts.forms.ResetKeyForm",
    "change_password": "portal.accounts.forms.ChangeForm",
    "reauthenticate": "portal.accounts.forms.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.CodeAgainForm",
    "activate_totp": "portal.accounts.forms.DeviceForm",
}
TRUSTED_PROXIES = env("TRUSTED_PROXIES", default="")
"""The proxies whose X-Forwarded-For is trusted: a number, or networks and `unix`; see operations.client_address."""
AXES_HANDLER = "portal.accounts.sign_in_limits.SignInLimits"
AXES_CLIENT_IP_CALLABLE = "portal.operations.client_address.client_network"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(hours=24)
"""How long a wrong password is counted. How long somebody waits is defined in portal.accounts.sign_in_limits."""
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_CALLABLE = "portal.accounts.adapters.locked_out"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
"""Otherwise every sign-in would store address and browser permanently."""

DEMONSTRATION = False
"""Invented hotlines, sign-ins that are shown on the screen, an outbox instead of mail. Never in production."""

# --- Browser policies --------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.requests.errors.lost_session"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],  # Wagtail's own pages need inline code; see portal.requests.middleware
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],  # Wagtail's live preview shows our own pages in a frame
    },
}

OFFICE_HAS_ONE_COORDINATOR = env.bool("OFFICE_HAS_ONE_COORDINATOR", default=False)
"""Whether a coordinator without a colleague confirms their own proposals about roles and countries.

By default a second coordinator confirms them. It has no effect while there is a second coordinator.
"""

# --- The CMS -----------------------------------------------------------------------------------------------------
LINK_CHECK_NETWORKS: list[str] = env.list("LINK_CHECK_NETWORKS", default=[])
"""Networks that are not public and that the link check may connect to nevertheless, such as `10.20.0.0/16`."""

WAGTAIL_SITE_NAME = "116 000 Quality"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.cms.search"}}
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
"""A superuser has no right, so there is nothing to tell one."""
WAGTAIL_WORKFLOW_ENABLED = True
"""Available, not required: guide editors may publish pages of the Guide without it. See `portal.approval`."""
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
"""Both steps of an approval apply to the same version."""

# --- Mail and logs -----------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="116 000 Quality <quality@localhost>")
CONTACT_EMAIL = env("CONTACT_EMAIL", default="")
"""The address of Missing Children Europe that every letter names, and that answers go to. Empty: none."""
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
"""Seconds. An unresponsive mail server must not block the worker."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
"""The page of an edition is one form in the CMS, with some twenty fields for each condition of its rule."""
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.requests.uploads.WithoutName",
]
"""A larger file is stored in an unnamed temporary file: a killed process leaves nothing of it."""
EVIDENCE_MAX_BYTES = 25 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.cms.files.DocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.cms.files.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["png", "jpg", "jpeg"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = None  # the form reports it earlier
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "portal.cms.rich_text.RichText"}}
CLAMD_ADDRESS = env("CLAMD_ADDRESS", default="")
"""A virus scanner that checks every upload: `unix:/run/clamav/clamd.ctl` or `tcp:HOST:3310`. Empty: none."""
CLAMD_TIMEOUT = 30
"""Seconds. An unresponsive scanner counts as absent, and then no file is accepted."""
STATISTICS_MAX_BYTES = 200 * 1024 * 1024
STATISTICS_MATCHED_BYTES = 20 * 1024 * 1024
"""The limit of an export whose columns a person matches, as the page reads it whole."""
STATISTICS_SPOOL_ROOT = Path(env("STATISTICS_SPOOL_ROOT", default=str(VAR_DIR / "spool")))
"""Files of figures are stored here, encrypted, until they are read. Web processes and workers share the folder."""
STATISTICS_SPOOL_MINUTES = 60
"""The longest time that a file waits while a person matches its columns."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": "ext://portal.operations.logs.JSON_PROCESSORS",
            "foreign_pre_chain": "ext://portal.operations.logs.FOREIGN_PROCESSORS",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        name: {"level": "ERROR"} for name in ("axes", "django_tasks", "fontTools", "pikepdf", "wagtail", "weasyprint")
    },
}
