"""The kinds of files that may be uploaded: evidence of hotlines, documents and pictures of the CMS."""

import re
import unicodedata

import filetype

ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""Content types by the extension of the detected content. No HTML, SVG or archive: nothing that a browser executes."""

PICTURES = ("png", "jpg")
CONVERTED = ("webp",)
"""Pictures that are accepted, and stored as one of `PICTURES`."""
OFFICE = ("docx", "xlsx", "odt", "ods")

LINKED = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
"""The addresses that a link in a file may have: a web page, an e-mail or a telephone number."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
"""The begin of an address with a scheme, or of the name of another computer."""
_BLANK = re.compile(r"[\x00-\x20\x7f]+")
"""Characters that programs leave out of an address before they read its scheme."""

_LONGEST_NAME = 200
_LONGEST_TARGET = 100
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$|\.(?:7z|001)$", re.ASCII)
"""A file extension. The end of “Protocol v1.2” does not match."""
_SAME = {"jpeg": "jpg", "jpe": "jpg"}


class Found(Exception):
    """The reason for which the content of a file is refused.

    `code` is one of Unacceptable's. `what` was found, a key of the words for users; `place` is the number of a page or
    the name of a part of an office file, and `target` the address of a link. Each is empty if it is not known.
    """

    def __init__(self, code: str, what: str = "", place: str = "", target: str = "") -> None:
        super().__init__(code, what, place, target)
        self.code, self.what, self.place, self.target = code, what, place, target[:_LONGEST_TARGET]


class Unacceptable(ValueError):
    """The file is refused; `code` is the reason.

    - of the file: `empty`, `too_big`, `wrong_kind`, `heic`, `broken`, `protected`, `signed`, `active`, `embedded`,
    `external`, `link`, `too_complex`, `too_many_pixels`, `infected`, `not_scanned`; - of its destination: `not_open`,
    `not_sent_back` or `already_there`; for proofs of a recommendation `not_under_way`, `shown_already` or `submitted`;
    for files of an observation `not_recording`, `not_examined`, `signed_off`, `removed` or `too_many`.

    `found` says what and where, if the reason is in the content.
    """

    def __init__(self, code: str, name: str, found: Found | None = None) -> None:
        super().__init__(code)
        self.code, self.name, self.found = code, name, found


def read_kind(content: bytes, name: str) -> str:
    """Return the extension for the detected content. Raises Unacceptable for a kind that is not accepted."""
    kind = filetype.guess(content)
    if kind is None or kind.extension not in (*ACCEPTED, *CONVERTED):
        raise Unacceptable("wrong_kind", name)
    extension: str = kind.extension
    return extension


def is_heic(content: bytes) -> bool:
    """Whether it is a HEIC picture, as telephones take them. Only libraries under the GPL can read it."""
    kind = filetype.guess(content)
    return kind is not None and kind.extension == "heic"


def is_address(text: str) -> bool:
    """Whether a text begins like an address outside its file, and not like a place in it or beside it."""
    return bool(_ADDRESS.match(_BLANK.sub("", text)))


def is_harmless_link(text: str) -> bool:
    """Whether a link may have this address: one of `LINKED`, or one without a scheme."""
    return not is_address(text) or bool(LINKED.match(_BLANK.sub("", text)))


def name_for(name: str, kind: str) -> str:
    """Return the name under which a file is stored: its own name, with the extension of its content."""
    visible = "".join(one for one in name if unicodedata.category(one) not in ("Cc", "Cf", "Zl", "Zp"))
    stem = re.split(r"[/\\]", visible)[-1].rstrip(" .")
    while suffix := _SUFFIX.search(stem):
        stem = stem[: suffix.start()].rstrip(" .")
        if _SAME.get(suffix[0][1:].lower(), suffix[0][1:].lower()) == kind:
            break
    return f"{stem or 'document'}.{kind}"[-_LONGEST_NAME:]


def kind_of_type(content_type: str) -> str:
    """Return the extension of an accepted content type; for any other, `bin`, which no program opens."""
    return next((kind for kind, known in ACCEPTED.items() if known == content_type), "bin")
