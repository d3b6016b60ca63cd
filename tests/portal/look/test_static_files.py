"""Cached static files: each name changes with its content, including files imported by others."""

import re
import shutil
from pathlib import Path

from django.contrib.staticfiles import finders

from portal.operations.storage import HashedFilesStorage


def test_a_module_is_imported_by_a_name_that_changes_with_its_content(tmp_path: Path):
    folder = Path("portal/js/answers")
    shutil.copytree(Path(finders.find(str(folder / "page.js"))).parent, tmp_path / folder)
    storage = HashedFilesStorage(location=tmp_path, base_url="/static/")
    names = [str(path.relative_to(tmp_path)) for path in sorted((tmp_path / folder).glob("*.js"))]
    list(storage.post_process({name: (storage, name) for name in names}))
    [page] = (tmp_path / folder).glob("page.*.js")
    imported = re.findall(r'["\'](\./[^"\']+)["\']', page.read_text())
    assert imported
    assert [name for name in imported if not re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js", name)] == []
