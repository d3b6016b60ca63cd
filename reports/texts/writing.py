"""Validate texts and store versions of them. Of two concurrent versions, the second is stored as set aside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from reports.models import TextVersion
from reports.texts.declaration import PLACE, Kind, Text, source_language
from reports.texts.reading import EditedTexts, Version, discard_cached_texts, edited_texts
from standards.drafts.control_characters import find_control_character, with_plain_lines
from standards.drafts.formatted_texts import clean_html
from standards.drafts.links import is_internal
from standards.editions.links import find_dead_addresses
from standards.passages.addresses import DOCUMENT, PAGE, find_addresses, find_links

_OF_THE_EDITOR = (f"{PAGE}:", f"{DOCUMENT}:")
_NO_PAGE = ("tel:", "mailto:", "#")


@dataclass(frozen=True, slots=True)
class Saved:
    """The text was stored, or is unchanged."""

    version: Version


@dataclass(frozen=True, slots=True)
class Conflict:
    """A concurrent save: `theirs` is the latest row, by somebody else. The user's own text is stored as set aside."""

    theirs: TextVersion


def save_text(text: Text, language: str, forms: Sequence[str], *, seen: int, by: Any) -> Saved | Conflict:
    """Store a version that follows the one with the number `seen`. Without forms, the text is the default again.

    The forms must have passed `find_problem`.
    """
    edited = edited_texts()
    before = edited.version(text.key, language)
    against = edited.source_forms(text) if language != source_language() else text.default_forms(language)
    row = TextVersion(key=text.key, language=language, forms=list(forms), against=list(against), by=by)
    if _is_unchanged(text, language, row, before):
        return Saved(before)
    if before.number == seen or not before.number:  # without a version, any `seen` is accepted
        row.number = before.number + 1
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # a concurrent save, or the same form submitted twice
            row.pk = row.number = None
            discard_cached_texts()
            if _is_unchanged(text, language, row, before := edited_texts().version(text.key, language)):
                return Saved(before)
        else:
            discard_cached_texts()
            return Saved(Version(row.number, tuple(forms), tuple(against)))
    row.save(force_insert=True)
    discard_cached_texts()
    theirs = TextVersion.objects.filter(key=text.key, language=language).exclude(number=None)
    return Conflict(theirs.select_related("by").latest("number"))


def _is_unchanged(text: Text, language: str, row: TextVersion, before: Version) -> bool:
    """Whether there is nothing to store. An unchanged translation is stored if the text in the source has changed."""
    if before.forms:
        return (tuple(row.forms), tuple(row.against)) == (before.forms, before.against)
    return not row.forms or (row.forms == text.default_forms(language) and not needs_update(text, language))


# --- Whether a translation is up to date ----------------------------------------------------------------------------


def needs_update(text: Text, language: str, edited: EditedTexts | None = None) -> bool:
    """Whether a text needs work in a language: it is untranslated, was made from another source text, or does not fit.

    In the source language, an edited text is behind if its default has changed since.
    """
    edited = edited or edited_texts()
    own, source = edited.version(text.key, language), edited.version(text.key, source_language())
    if not own.fits:
        return True
    if language == source_language():
        return bool(own.forms) and own.against != tuple(text.default_forms(language))
    if own.forms:
        return own.against != edited.source_forms(text)
    return bool(source.read) or not text.is_default_translated(language)


# --- Validation -----------------------------------------------------------------------------------------------------


def plain_form(text: Text, form: str) -> str:
    """Return a form as it is stored: stripped, with lines that end in LF, and only the formatting of the editor."""
    if text.kind is Kind.RICH:
        form = clean_html(form)
        if not strip_tags(form).strip():
            return ""
    lines = with_plain_lines(form).strip().split("\n")
    return "\n".join(line.rstrip() for line in lines)


def find_problem(text: Text, form: str, is_dead: Callable[[str], bool] = lambda address: False) -> str:
    """Return the first problem of a form, or an empty text. `is_dead` checks the addresses of other sites."""
    return next(_problems(text, form, is_dead), "")


def _problems(text: Text, form: str, is_dead: Callable[[str], bool]) -> Iterator[str]:
    if not form:
        if text.default_in(source_language()):
            yield _("Write something. To drop what was written, go back to the default.")
        return
    if character := find_control_character(form):
        yield _("The text holds the control character %(character)s, which nobody sees. Take it out.") % {
            "character": character
        }
    if len(form) > text.longest:
        yield _("The text has %(length)s characters. At most %(longest)s are possible: shorten it.") % {
            "length": len(form),
            "longest": text.longest,
        }
    if text.kind is Kind.LINE and "\n" in form:
        yield _("This text is one line. Write it without line breaks.")
    if text.kind is Kind.ORDER:
        yield from _problems_of_order(text, form)
        return
    yield from _problems_of_places(text, form)
    for address in _find_dead(text, form, is_dead):
        yield _("The address %(address)s leads to nothing. Correct it, or take it out.") % {"address": address}


def _problems_of_places(text: Text, form: str) -> Iterator[str]:
    found = set(PLACE.findall(form))
    if unknown := sorted(found - text.names):
        yield _("There is no placeholder %(name)s here. Take it out, or write one of those listed below.") % {
            "name": f"{{{unknown[0]}}}"
        }
    if missing := sorted(text.required - found):
        yield _("The placeholder %(name)s is missing. Put it where the value belongs.") % {"name": f"{{{missing[0]}}}"}
    if {"{", "}"} & set(PLACE.sub("", form)):
        yield _("A curly bracket stands alone. It belongs to a placeholder, such as %(name)s.") % {"name": "{hotline}"}


def _problems_of_order(text: Text, form: str) -> Iterator[str]:
    codes = form.split()
    if sorted(codes) != sorted(text.parts or ()):
        yield _("Give each part a place of its own.")


def _find_dead(text: Text, form: str, is_dead: Callable[[str], bool]) -> Iterator[str]:
    """Yield the dead addresses of a form, in the order of the text."""
    found = list(find_links(form) if text.kind is Kind.RICH else find_addresses(form))
    own = {address for address in found if address.startswith(_OF_THE_EDITOR) or is_internal(address)}
    own -= {address for address in own if address.startswith(_NO_PAGE)}
    missing = find_dead_addresses(own) if own else set()
    for address in found:
        if address in missing or (address not in own and not address.startswith(_NO_PAGE) and is_dead(address)):
            yield address
