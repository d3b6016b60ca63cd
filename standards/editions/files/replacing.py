"""Replace files by new ones, each atomically."""

from collections.abc import Mapping
from pathlib import Path


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write every new file next to the former one, then replace each. Raises OSError, and leaves no partial file."""
    written = {path: path.with_name(f"{path.name}.new") for path in contents}
    try:
        for path, content in contents.items():
            written[path].write_bytes(content)
        for path, new in written.items():
            new.replace(path)
    finally:
        for new in written.values():
            new.unlink(missing_ok=True)
