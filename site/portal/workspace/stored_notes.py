"""A reason that was typed for something that was refused: kept for the page it leads back to, and shown there once."""

from urllib.parse import urlsplit

from portal.workspace.requests import SignedInRequest

_KEPT = "kept_notes"


def store_note(request: SignedInRequest, page: str, note: str, *, form: str = "move") -> None:
    """Keep a note for the page at this address. `form` tells the forms of one page from each other."""
    request.session[_KEPT] = request.session.get(_KEPT, {}) | {_key(page, form): note}


def pop_note(request: SignedInRequest, page: str = "", *, form: str = "move") -> str:
    """The note kept for a page, or for the one that is asked for; after this it is kept no longer."""
    notes = dict(request.session.get(_KEPT, {}))
    note: str = notes.pop(_key(page or request.path, form), "")
    if notes != request.session.get(_KEPT, {}):
        request.session[_KEPT] = notes
    return note


def _key(page: str, form: str) -> str:
    return f"{form} {urlsplit(page).path}"
