"""Files are copied from disk to bucket and back, compared, continued after an interruption, and removed last."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from wagtail.documents.models import Document as CmsDocument

from tests.bucket import KeptBucket
from tests.factories import DocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]


@pytest.fixture(autouse=True)
def bucket(settings: Any) -> dict[str, dict[str, Any]]:
    """Return what the two storages of an empty bucket hold, by key; the site uses the disk."""
    KeptBucket.kept.clear()
    folders = {"private": settings.PRIVATE_ROOT, "default": settings.PRIVATE_ROOT / "cms"}
    disk = {
        alias: {"BACKEND": settings.STORAGES[alias]["BACKEND"], "OPTIONS": {"location": folder}}
        for alias, folder in folders.items()
    }
    classes = {"private": "KeptBucket", "default": "KeptCmsBucket"}
    there = {alias: {"BACKEND": f"tests.bucket.{name}", "OPTIONS": {"key": alias}} for alias, name in classes.items()}
    settings.FILE_STORES = {"disk": disk, "bucket": there}
    settings.STORAGES = settings.STORAGES | disk
    KeptBucket("private"), KeptBucket("default")
    return KeptBucket.kept


@pytest.fixture
def names() -> tuple[str, str]:
    """Return the names of a hotline's document and of one of the CMS."""
    picture = CmsDocument.objects.create(title="Rota", file=ContentFile(b"of the CMS", name="rota.pdf"))
    return DocumentFactory().file.name, picture.file.name


def contents(bucket: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    return {name: content for held in bucket.values() for name, (content, _at) in held.items()}


def test_every_file_is_copied_and_the_second_time_compared(bucket: Any, names: tuple[str, str], capsys: Any):
    call_command("move_files", "bucket")
    document, cms = names
    with storages["private"].open(document) as file:
        assert contents(bucket) == {document: file.read(), cms: b"of the CMS"}
    assert [document in bucket["private"], cms in bucket["default"]] == [True, True]
    call_command("move_files", "bucket")
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "2 files copied, 0 were there already, 0 problems.",
        "0 files copied, 2 were there already, 0 problems.",
    ]


def test_an_interrupted_copy_is_made_again_and_another_file_is_not_overwritten(
    bucket: Any, names: tuple[str, str], capsys: Any
):
    document, cms = names
    call_command("move_files", "bucket")
    whole, at = bucket["private"][document]
    bucket["private"][document] = (whole[:3], at)
    bucket["default"][cms] = (b"of somebody", at)
    with pytest.raises(CommandError, match="Nothing was deleted"):
        call_command("move_files", "bucket")
    assert contents(bucket) == {document: whole, cms: b"of somebody"}
    assert f"{cms}: another file with this name is there" in capsys.readouterr().err


def test_originals_are_removed_only_when_the_site_uses_the_copies(
    bucket: Any, names: tuple[str, str], settings: Any, capsys: Any
):
    with pytest.raises(CommandError, match="The site does not use the bucket yet"):
        call_command("move_files", "bucket", "--remove")
    disk = {alias: storages[alias] for alias in ("private", "default")}
    settings.STORAGES = settings.STORAGES | settings.FILE_STORES["bucket"]
    call_command("move_files", "bucket", "--remove")
    assert [disk["private"].exists(names[0]), disk["default"].exists(names[1])] == [False, False]
    call_command("move_files", "bucket", "--remove")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "0 files copied, 2 were there already, 0 problems.",
        "The originals are deleted.",
    ]
    settings.STORAGES = settings.STORAGES | settings.FILE_STORES["disk"]
    call_command("move_files", "disk", "--remove")
    assert contents(bucket) == {}
    with disk["default"].open(names[1]) as file:
        assert file.read() == b"of the CMS"


def test_a_missing_file_and_an_installation_without_a_bucket_are_named(
    bucket: Any, names: tuple[str, str], settings: Any, capsys: Any
):
    storages["private"].delete(names[0])
    with pytest.raises(CommandError, match="Not every file was copied"):
        call_command("move_files", "bucket")
    assert f"{names[0]}: it is missing" in capsys.readouterr().err
    del settings.FILE_STORES["bucket"]
    with pytest.raises(CommandError, match="set PRIVATE_BUCKET"):
        call_command("move_files", "bucket")
