"""The note of a refused form, stored in the session until its page is shown again."""

from urllib.parse import urlsplit

from portal.requests.signed_in import SignedInRequest

_NOTES = "stored_notes"


def store_note(request: SignedInRequest, page: str, note: str, *, form: str = "move") -> None:
    """Store a note for the page at this address. `form` distinguishes the forms of a page."""
    request.session[_NOTES] = request.session.get(_NOTES, {}) | {_key(page, form): note}


def pop_note(request: SignedInRequest, page: str = "", *, form: str = "move") -> str:
    """Return and delete the note stored for a page, by default for the requested one."""
    notes = dict(request.session.get(_NOTES, {}))
    note: str = notes.pop(_key(page or request.path, form), "")
    if notes != request.session.get(_NOTES, {}):
        request.session[_NOTES] = notes
    return note


def _key(page: str, form: str) -> str:
    return f"{form} {urlsplit(page).path}"
