"""Storages that sync files to the disk before the row that names them is committed."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Django's storage, which returns after the file and its folder are synced to the disk."""

    def _save(self, name: str, content: Any) -> str:
        name = super()._save(name, content)  # type: ignore[misc] # Django's manual names it, its stubs do not
        path = Path(self.path(name))
        for place in (path, path.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return name


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which also puts the hashed names of our modules into the imports of other modules.

    Otherwise a browser would run a new page with the modules of the release before. Django's own option for this reads
    the files of all packages, and fails at an import that no file matches.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "portal/js/*.js",
            ((r'(?P<matched>(?P<names>import (?:[^;"]+ from )?)"(?P<url>\./[^"]+)";)', '%(names)s"%(url)s";'),),
        ),
    )
