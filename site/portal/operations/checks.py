"""System checks of an installation: no demonstration on a server, a secret key, every trigger."""

import ctypes
import os
import platform
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from portal.operations.client_address import parse_trusted_proxies
from standards import frozen

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "[::1]", "testserver"}
_PANGO = {"Darwin": ("libpango-1.0.dylib", "brew install pango")}
_PANGO_ELSEWHERE = (
    "libpango-1.0.so.0",
    "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core",
)


def is_production() -> bool:
    """Whether this is a server that others reach: only portal.settings.production has secure cookies."""
    return settings.SESSION_COOKIE_SECURE and not settings.DEBUG


@register(Tags.security)
def no_demonstration_on_a_server(**_: Any) -> list[CheckMessage]:
    """The demonstration shows its sign-ins; its hosts must be local."""
    is_wanted = settings.DEMONSTRATION or os.environ.get("DEMONSTRATION", "").lower() in ("1", "true", "yes", "on")
    names = set(settings.ALLOWED_HOSTS)
    if (is_production() and is_wanted) or (settings.DEMONSTRATION and not names <= LOOPBACK_NAMES):
        return [
            Error(
                "The demonstration is switched on where others can reach it.",
                hint="Take DEMONSTRATION out of the environment, or serve it with portal.settings.development.",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security)
def a_secret_key_of_its_own(**_: Any) -> list[CheckMessage]:
    if is_production() and (settings.SECRET_KEY.startswith("only-for-") or len(settings.SECRET_KEY) < 40):
        return [
            Error(
                "SECRET_KEY is the one of a desk, or too short to keep a secret.",
                hint="python -c 'import secrets; print(secrets.token_urlsafe(50))' prints a good one.",
                id="portal.E002",
            )
        ]
    return []


@register()
def trusted_proxies_can_be_read(**_: Any) -> list[CheckMessage]:
    try:
        parse_trusted_proxies(settings.TRUSTED_PROXIES)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="portal.E010")]
    return []


@register(Tags.database)
def no_invented_people_on_a_server(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    from evaluation.models import User  # noqa: PLC0415 - models are ready only now

    if not databases or not is_production():
        return []
    try:
        count = User.objects.filter(is_demonstration=True).count()
    except DatabaseError:  # nothing is migrated yet
        return []
    if not count:
        return []
    return [
        Error(
            f"The database holds {count} invented people of the demonstration.",
            hint="Start with a database of your own; a demonstration does not become an installation.",
            id="portal.E003",
        )
    ]


@register(Tags.database)
def the_history_of_migrations_is_this_one(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A database from before the first release has another history; `migrate` would fail on it."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            loader = MigrationLoader(connections[alias])
            loader.check_consistent_history(connections[alias])
        except InconsistentMigrationHistory as error:
            found.append(
                Error(
                    f"The database was made by other migrations than those of this version: {error}",
                    hint="The migrations were written anew before the first release. Start with an empty database; "
                    "of `./go`, that is `rm -r var`.",
                    id="portal.E011",
                )
            )
        except DatabaseError:  # it cannot be read, which the caller reports
            continue
    return found


@register(Tags.database)
def every_trigger_is_in_place(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every trigger must exist, unless nothing is migrated yet."""
    missing: set[str] = set()
    for alias in databases or ():
        connection = connections[alias]
        try:
            if "evaluation_step" in connection.introspection.table_names():
                missing |= frozen.trigger_names(connection.vendor) - frozen.present_triggers(connection)
        except DatabaseError:
            continue
    if not missing:
        return []
    return [
        checks.Warning(
            f"Triggers that keep frozen tables are missing: {', '.join(sorted(missing))}.",
            hint="`manage.py migrate` puts them back, also when there is nothing else to migrate.",
            id="portal.W004",
        )
    ]


@register(Tags.database)
def every_edited_text_fits(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A version of the software may have other placeholders than an edited text. Readers get the default then."""
    from reports.texts.reading import edited_texts  # noqa: PLC0415 - models are ready only now

    if not databases:
        return []
    try:
        versions = edited_texts().versions
    except DatabaseError:  # nothing is migrated yet
        return []
    unfit = sorted(f"{key} ({language})" for (key, language), version in versions.items() if not version.fits)
    if not unfit:
        return []
    return [
        checks.Warning(
            f"Edited texts have placeholders of another version of the software: {', '.join(unfit)}.",
            hint="Readers get the default of these texts. Write them anew in the CMS, under “Texts”.",
            id="portal.W012",
        )
    ]


@register()
def reports_can_be_printed(**_: Any) -> list[CheckMessage]:
    library, command = _PANGO.get(platform.system(), _PANGO_ELSEWHERE)
    try:
        ctypes.CDLL(library)
    except OSError:
        return [
            checks.Warning(
                "PDF reports are off: the library Pango is not installed.",
                hint=f"To turn them on: {command}",
                id="portal.W005",
            )
        ]
    return []


def refuse_to_serve() -> None:
    """Stop a web process whose checks fail. Servers such as gunicorn start without running the checks."""
    errors = [
        *no_demonstration_on_a_server(),
        *a_secret_key_of_its_own(),
        *no_invented_people_on_a_server(databases=["default"]),
    ]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))
