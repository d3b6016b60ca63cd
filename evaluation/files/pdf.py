"""Inspect the structure of a PDF for active content and embedded files, in a separate process.

A PDF can expand to any size, and its parser is written in C++. The process that parses it has limits of memory and
time, and a crash affects only this process.
"""

import hashlib
import resource
import subprocess
import sys
from collections import deque
from io import BytesIO
from typing import Any

_SECONDS = 20
_MEMORY = 1024 * 1024 * 1024
_MOST_VALUES = 2_000_000
_CODES = ("active", "embedded", "protected", "broken", "too_big")

_FORBIDDEN_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView",
}  # fmt: skip
"""The forbidden actions of links and forms. Going to a page or to a web address is allowed on a click."""
_AUTOMATIC = {"/GoTo", "/Named"}
"""The allowed actions that run automatically."""
_SCRIPTS = {"/JS", "/JavaScript", "/XFA"}
_FILES = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMedia"}


class _Found(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(content: bytes) -> str:
    """Return why this PDF is refused: `active`, `embedded`, `protected`, `broken` or `too_big`; empty if accepted."""
    digest = hashlib.sha256(content).digest()
    if digest in _harmless:
        return ""
    code = _inspect_in_process(content)
    if not code:
        _harmless.append(digest)
    return code


_harmless: deque[bytes] = deque(maxlen=256)
"""The digests of files that were recently accepted."""


def _inspect_in_process(content: bytes) -> str:
    try:
        finished = subprocess.run(  # noqa: S603 - our own module, without a shell
            [sys.executable, "-m", __name__], input=content, capture_output=True, timeout=3 * _SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "too_big"
    if finished.returncode:
        return "too_big"  # it exceeded a limit
    code = finished.stdout.decode()
    return code if code in ("", *_CODES) else "broken"


# --- In the separate process --------------------------------------------------------------------------------------


def read(content: bytes) -> str:
    """Return the code of the refusal, as `refusal` does, but parse the PDF in this process."""
    import pikepdf  # noqa: PLC0415 - loaded only in the separate process

    try:
        with pikepdf.open(BytesIO(content)) as document:
            if "/Pages" not in document.Root:
                return "broken"
            _check_values(document, pikepdf)
    except pikepdf.PasswordError:
        return "protected"
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        return "broken"
    except _Found as found:
        return found.code
    return ""


def _check_values(document: Any, pikepdf: Any) -> None:
    """Check every value of every object. Indirect objects are checked separately."""
    seen = 0
    for start in document.objects:
        stack = [start]
        while stack:
            seen += 1
            if seen > _MOST_VALUES:
                raise _Found("too_big")
            value = stack.pop()
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                _check_value(value, pikepdf)
                children = [child for _key, child in value.items()]
            elif isinstance(value, pikepdf.Array):
                children = list(value)
            else:
                continue
            stack += [child for child in children if _is_inside(child, pikepdf)]


def _is_inside(child: Any, pikepdf: Any) -> bool:
    return isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect


def _check_value(value: Any, pikepdf: Any) -> None:
    keys = set(value.keys())
    if keys & _FILES or str(value.get("/Type", "")) == "/EmbeddedFile" or str(value.get("/Subtype", "")) in _FILES:
        raise _Found("embedded")
    if keys & _SCRIPTS or str(value.get("/S", "")) in _FORBIDDEN_ACTIONS:
        raise _Found("active")
    if "/OpenAction" in keys and isinstance(value["/OpenAction"], pikepdf.Dictionary):
        _require_harmless(value["/OpenAction"], pikepdf)
    if "/AA" in keys and isinstance(value["/AA"], pikepdf.Dictionary):
        for _event, action in value["/AA"].items():  # noqa: PERF102 - has no values()
            _require_harmless(action, pikepdf)


def _require_harmless(action: Any, pikepdf: Any) -> None:
    """Check an action that runs automatically: only going to a page is allowed, without a following action."""
    harmless = (
        isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _AUTOMATIC and "/Next" not in action
    )
    if not harmless:
        raise _Found("active")


def _set_limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    _set_limits()
    sys.stdout.write(read(sys.stdin.buffer.read()))
