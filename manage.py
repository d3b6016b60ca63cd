#!/usr/bin/env python
"""Django's command-line utility."""

import os
import sys

from django.core.management import execute_from_command_line

REFUSED = "42501"
"""The code with which PostgreSQL refuses what the role may not do."""


def was_refused(error: BaseException | None) -> bool:
    """Return whether PostgreSQL refused something to the role, as far as the chain of causes tells."""
    while error is not None:
        if getattr(error, "sqlstate", None) == REFUSED:
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    try:
        execute_from_command_line(sys.argv)
    except (Exception, SystemExit) as error:
        if not was_refused(error):
            raise
        words = " ".join(sys.argv[1:])
        sys.exit(f"This needs the role that owns the tables of the database. Run it as root: ./go owner {words}")
