"""Files that survive a power cut: on the disk before the row that names them is committed."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Django's storage, which returns when the file and its folder are written to the disk."""

    def _save(self, name: str, content: Any) -> str:
        name = super()._save(name, content)
        path = Path(self.path(name))
        for place in (path, path.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return name
