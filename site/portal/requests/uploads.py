"""Upload handlers: a file of figures goes straight to the encrypted spool, without a plain copy."""

import tempfile
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from evaluation.figures.intake.spool import Spooled, SpoolWriter, TooLarge

View = Callable[..., HttpResponseBase]


class SpooledUpload(UploadedFile[bytes]):
    """A file in the spool with its original name. `release` hands it over; otherwise it is deleted."""

    def __init__(self, name: str | None, content_type: str | None) -> None:
        super().__init__(None, name, content_type, 0)
        self._writer = SpoolWriter(settings.STATISTICS_MAX_BYTES)
        self._spooled: Spooled | None = None
        self._is_too_large = False

    def append(self, chunk: bytes) -> None:
        """Append a chunk. Beyond the limit it is counted only."""
        self.size = (self.size or 0) + len(chunk)
        if self._is_too_large:
            return
        try:
            self._writer.write(chunk)
        except TooLarge:
            self._is_too_large = True

    def finish(self) -> None:
        if not self._is_too_large:
            self._spooled = self._writer.finish()

    def release(self) -> Spooled:
        """Hand the file over. Not for a file that exceeds the limit."""
        assert self._spooled is not None
        spooled, self._spooled = self._spooled, None
        return spooled

    def close(self) -> None:
        self._writer.discard()
        if self._spooled is not None:
            self._spooled.remove()
            self._spooled = None


class SpoolingHandler(FileUploadHandler):
    """Encrypts the first file of a form as it arrives; others are skipped."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        # Not `file`: Django closes that one when it skips another.
        self.upload: SpooledUpload | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.upload is not None:
            raise SkipFile
        self.upload = SpooledUpload(self.file_name, self.content_type)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.upload is not None
        self.upload.append(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        assert self.upload is not None
        self.upload.finish()
        return self.upload

    def close(self) -> None:
        if self.upload is not None:
            self.upload.close()


class WithoutName(TemporaryFileUploadHandler):
    """Stores a large file in an unnamed temporary file, which is deleted with the process, however that ends."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - closed with the request
        self.file = UploadedFile(  # type: ignore[assignment] # Django's has a name on the disk
            file, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


class IgnoredUpload(FileUploadHandler):
    """Records which fields have a file, and discards its content."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)  # Django may close it


def ignore_files(request: HttpRequest) -> None:
    """Discard a form's files that will not be used. Must be called before the form is read."""
    if not hasattr(request, "_files"):
        request.upload_handlers = [IgnoredUpload(request)]


def spool_uploads(view: View) -> View:
    """Decorate a view that gets a SpooledUpload among its files.

    The handler must be set before the form is read. The CSRF check reads the form, so it runs inside the decorated
    view, as Django's documentation shows.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def spooling(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handler = SpoolingHandler(request)
        if not hasattr(request, "_files"):  # a form without files may have been read already
            request.upload_handlers = [handler]
        try:
            return checked(request, *args, **kwargs)
        finally:
            handler.close()

    return spooling
