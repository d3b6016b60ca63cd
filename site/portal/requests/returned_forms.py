"""Forms that could not be accepted and are returned to their sender: the content, its labels, the signature.

A form is returned only if this site's page sent it, and is accepted again only from the person whose page it was, with
the returned content, at the same address, within an hour, and with a valid CSRF token like every other form.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import ModuleType
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from evaluation.models import User
from portal.requests.bodies import length_of, longest_form
from portal.requests.uploads import ignore_files
from standards.framework import digest

Label = str | Promise
"""A text in the language in which the page is rendered."""

RENDERED_FOR = "rendered_for"
"""The field with the uid of the user for whom a form was rendered. The tag `csrf_token` adds it to every form."""

RESEND = "resend"
"""The field with the signature of a returned form."""

LETTERS_SHOWN = "letters_shown"
"""The field with the letters that an act was shown to write: the confirmation of `workspace.letters_first`."""

RESEND_SECONDS = 60 * 60

_UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)
"""The exceptions raised when a form is read: too many parts, too much data, or no form at all."""

_NOT_RETURNED = frozenset({"csrfmiddlewaretoken", RESEND, LETTERS_SHOWN, "confirmed", "signed"})
"""The token and the signature, which are issued anew; a confirmation and a signature, which must be given again."""

_SIGNER = TimestampSigner(salt="portal.requests.returned_forms")

TYPED: dict[str, Label] = {
    "words": _("Your words"),
    "note": _("Note"),
    "reason": _("Why it is sent back"),
    "statement": _("Your statement"),
    "value": _("Number"),
    "strength": _("Strength"),
    "concern": _("Concern"),
    "caption": _("What it shows"),
    "address": _("Address on the web"),
    "until": _("Until"),
    "year": _("Year"),
    "definition_set": _("Version of the definitions"),
    "document": _("Documents"),
    "file": _("Photo or document"),
}
"""The labels of the typed fields and the files of forms that are written in templates."""

_WITH_CODE = re.compile(r"(?P<name>[a-z_]+)-(?P<code>.+)")
"""A field on a page with several texts: `words-1.1.2`."""
_WITH_PREFIX = re.compile(r"[a-z]+\d+-(?P<name>.+)")
"""A field of one of several Django forms: `r1-text`."""

_TYPED_INPUTS = frozenset({"text", "number", "email", "url", "tel", "search", "date", "time", "datetime-local"})


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """The content of a form: what its author typed, with labels; all fields to send again; labels of its files."""

    typed: tuple[tuple[Label, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[Label, ...] = ()
    author: User | None = None
    signature: str = ""
    is_of_another: bool = False


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the request.

    Every header that it sends must agree. Browsers without `Sec-Fetch-Site` and `Origin` send the `Referer`, which our
    referrer policy leaves on requests to this site.
    """
    here = (request.scheme, request.get_host())
    said = []
    if site := request.headers.get("Sec-Fetch-Site"):
        said.append(site == "same-origin")
    if origin := request.headers.get("Origin") or request.headers.get("Referer"):
        said.append(_origin_of(origin) == here)
    return bool(said) and all(said)


def _origin_of(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


# --- The person ------------------------------------------------------------------------------------------------------


def is_of_another(request: HttpRequest) -> bool:
    """Whether the form was rendered for another user than the one who is signed in."""
    rendered_for = request.POST.get(RENDERED_FOR, "")
    return bool(rendered_for and request.user.is_authenticated and rendered_for != str(request.user.uid))


def _find_author(request: HttpRequest) -> User | None:
    """Return the user for whom the form was rendered. None if unknown, or if the session belongs to another user."""
    try:
        author = User.objects.filter(uid=UUID(request.POST.get(RENDERED_FOR, ""))).first()
    except ValueError:
        return None
    return author if author and _session_user(request) in (None, author.pk) else None


def _session_user(request: HttpRequest) -> int | None:
    """Return the key of the user of the session, also of one that has expired."""
    if request.user.is_authenticated:
        return int(request.user.pk)
    row = Session.objects.filter(session_key=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    key = row.get_decoded().get(SESSION_KEY) if row else None
    return int(key) if key else None


# --- The signature ---------------------------------------------------------------------------------------------------


def is_resent(request: HttpRequest) -> bool:
    """Whether the form says that it is a returned one."""
    return RESEND in request.POST


def is_signature_valid(request: HttpRequest) -> bool:
    """Whether a returned form is sent again by its author, unchanged, to its address, within the hour."""
    try:
        signed = _SIGNER.unsign(request.POST.get(RESEND, ""), max_age=RESEND_SECONDS)
    except BadSignature:
        return False
    return request.user.is_authenticated and signed == _digest_of(request, request.user, read_form(request).fields)


def _digest_of(request: HttpRequest, author: User, fields: tuple[tuple[str, str], ...]) -> str:
    """Line ends are normalised, as browsers change them."""
    content = sorted((name, "\n".join(value.splitlines())) for name, value in fields)
    return digest(json.dumps([str(author.uid), request.get_full_path(), content]))


# --- The content -----------------------------------------------------------------------------------------------------


def return_form(request: HttpRequest) -> ReturnedForm:
    """Return a form to its author, signed; without content if its author is not known or another user."""
    form = read_form(request)
    author = _find_author(request) if form.fields else None
    if author is None:
        return ReturnedForm(files=form.files, is_of_another=bool(form.fields) and is_of_another(request))
    return replace(form, author=author, signature=_SIGNER.sign(_digest_of(request, author, form.fields)))


def read_form(request: HttpRequest) -> ReturnedForm:
    """Return the content of a form of a page of this site, without passwords and codes of signing in."""
    if not is_from_our_page(request) or length_of(request) > longest_form():
        return ReturnedForm()
    ignore_files(request)
    try:
        sent, files = request.POST, tuple(request.FILES)
    except _UNREADABLE:
        return ReturnedForm()
    labels = tuple(_label_of(request, name) or _("File") for name in files)
    if request.path_info.startswith("/accounts/"):
        return ReturnedForm(files=labels)
    fields: list[tuple[str, str]] = []
    typed: list[tuple[Label, str]] = []
    for name, values in sent.lists():
        if name in _NOT_RETURNED or "password" in name.casefold() or _is_password(request, name):
            continue
        # The token of a returned form adds its user once more, if somebody is signed in.
        fields += [(name, value) for value in (values[:1] if name == RENDERED_FOR else values)]
        if label := _label_of(request, name):
            typed += [(label, value) for value in values if value.strip()]
    return ReturnedForm(tuple(typed), tuple(fields), labels)


def _label_of(request: HttpRequest, name: str) -> Label:
    """Return the label of a field that is typed or has files; empty for any other."""
    for field in _django_fields(request, name, hops=0):
        return _typed_label(field)
    found = _WITH_CODE.fullmatch(name)
    base, code = (found["name"], found["code"]) if found else (name, "")
    if base in TYPED:
        return format_lazy("{label}, {code}", label=TYPED[base], code=code) if code else TYPED[base]
    return next((_typed_label(field) for field in _django_fields(request, name, hops=1)), "")


def _typed_label(field: forms.Field) -> Label:
    widget = field.widget
    is_typed = isinstance(widget, forms.Textarea) or getattr(widget, "input_type", "") in {*_TYPED_INPUTS, "file"}
    return field.label or "" if is_typed else ""


def _is_password(request: HttpRequest, name: str) -> bool:
    return any(isinstance(field.widget, forms.PasswordInput) for field in _django_fields(request, name, hops=1))


def _django_fields(request: HttpRequest, name: str, *, hops: int) -> Iterator[forms.Field]:
    """Yield the fields of that name in the Django forms of the view's module; with `hops` of those it imports from."""
    found = _WITH_PREFIX.fullmatch(name)
    module = _module_of(request)
    modules = [module] if module else []
    if module and hops:
        names = {getattr(thing, "__module__", "") for thing in vars(module).values()}
        modules += [
            sys.modules[one] for one in sorted(map(str, names)) if one.startswith("portal.") and one in sys.modules
        ]
    for one in modules:
        for form in vars(one).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                declared: dict[str, forms.Field] = getattr(form, "base_fields", {})
                if field := declared.get(name) or declared.get(found["name"] if found else ""):
                    yield field


def _module_of(request: HttpRequest) -> ModuleType | None:
    """Return the module of the view, also if the request failed before its address was resolved."""
    try:
        view = (request.resolver_match or resolve(request.path_info)).func
    except Resolver404:
        return None
    return sys.modules.get(view.__module__)
