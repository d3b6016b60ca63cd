"""A storage without a disk, like a bucket of django-storages."""

from datetime import datetime
from typing import Any, ClassVar

from botocore.exceptions import ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage, Storage
from django.utils import timezone

from portal.cms.storage import ServedByView


class Bucket(Storage):
    """Files in memory by key. There are no paths, no empty folders, and no errors of the file system."""

    location = ""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}

    def _open(self, name: str, _mode: str = "rb") -> File:
        if name not in self.objects:
            raise FileNotFoundError(name)
        return ContentFile(self.objects[name][0], name=name)

    def _save(self, name: str, content: Any) -> str:
        self.objects[name] = (content.read(), timezone.now())
        return name

    def delete(self, name: str) -> None:
        self.objects.pop(name, None)

    def exists(self, name: str) -> bool:
        return name in self.objects

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        prefix = f"{path.rstrip('/')}/"
        below = [name.removeprefix(prefix).partition("/") for name in self.objects if name.startswith(prefix)]
        return sorted({folder for folder, slash, _ in below if slash}), [name for name, slash, _ in below if not slash]

    def size(self, name: str) -> int:
        return len(self.objects[name][0])

    def get_modified_time(self, name: str) -> datetime:
        if name not in self.objects:
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject")
        return self.objects[name][1]

    def change_time(self, name: str, at: datetime) -> None:
        self.objects[name] = (self.objects[name][0], at)


class KeptBucket(Bucket):
    """A bucket whose files are those of every other instance with the same key."""

    kept: ClassVar[dict[str, dict[str, tuple[bytes, datetime]]]] = {}

    def __init__(self, key: str) -> None:
        self.objects = self.kept.setdefault(key, {})


class KeptCmsBucket(ServedByView, KeptBucket):
    """The same for files of the CMS."""


class Memory(InMemoryStorage):
    """Django's storage in memory, without a path."""

    def _relative_path(self, name: str) -> str:
        return name or "."

    def path(self, name: str) -> str:
        raise NotImplementedError(name)

    def change_time(self, name: str, at: datetime) -> None:
        self._resolve(name).modified_time = at
