"""Strategies for arbitrary requests: any address, any method, any user, any content."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.urls import URLResolver, get_resolver
from hypothesis import strategies as st

from portal.settings.base import BASE_DIR
from tests.uploads import PDF, picture

METHODS = (*("GET",) * 5, *("POST",) * 10, "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ODD = (
    *("", " ", "0", "-1", "1", "2", "99", str(2**31), str(2**63), "9" * 400, "1e9", "NaN", "Infinity", "٣", "²"),
    *("\0", "a\0b", "é", "\u202e", "😀" * 50, "x" * 300, "x" * 5000, "'", '"', "%", "%s", "{}", "[]", "null", "true"),
    *("<script>alert(1)</script>", "../../etc/passwd", "//example.org", "javascript:alert(1)", "a,b;c", "1.1.2"),
    *(
        "2026-02-30",
        "2026-01-01",
        "9999-12-31",
        "0000-00-00",
        "0001-01-01",
        "2026-W01",
        "25:99",
        "12:00",
        "on",
        "yes",
        "en",
        "xx",
    ),
    *('{"blocks": 5}', "[" * 500, "on\r\nSet-Cookie: a=b", "=cmd|' /C calc'!A0", "\ud7ff", "\ufeff", "id", "-pk"),
)
"""Texts that have caused errors somewhere."""


def _in_sources(pattern: str, ending: str, folder: Path) -> list[str]:
    found = {name for path in folder.rglob(ending) for name in re.findall(pattern, path.read_text("utf-8"))}
    return sorted(found)


_PORTAL = BASE_DIR / "site" / "portal"
FIELDS = [
    *_in_sources(r'name="([\w-]{1,40})"', "*.html", _PORTAL / "templates"),
    *(
        "title",
        "slug",
        "intro",
        "code",
        "action-publish",
        "form-TOTAL_FORMS",
        "comments-TOTAL_FORMS",
        "indicators-0-id",
    ),
    *("new_parent_page", "new_title", "new_slug", "alias", "copy_subpages", "collection", "locales", "id", "next"),
    *("note", "text", "level", "version", "uid", "reason", "file", "document", "address", "email", "role", "hotline"),
]
ASKED = [
    *_in_sources(r"GET(?:\.get(?:list)?\(|\[)\"(\w+)\"", "*.py", _PORTAL),
    *("page", "p", "q", "next", "order", "ordering", "locale", "id", "chooser", "parent_page_id", "content_type"),
    *("latest_revision_created_at_from", "latest_revision_created_at_to", "last_published_at_from", "position"),
    *("export", "search", "revision_a", "language", "edition", "user", "owner", "status", "action", "workflow", "task"),
    *("page_type", "child_of", "fields", "limit", "offset", "mode", "uploaded_at_from", "timestamp_from", "_w_filter"),
]


@dataclass(frozen=True)
class Request:
    """One random request."""

    role: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)


# --- Addresses -----------------------------------------------------------------------------------------------------


def routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield every address of the site with its variable parts, as in `/work/<uuid:uid>/`."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + re.sub(r"[\^$]|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield re.sub(r"\(\?P<(\w+)>[^/]*\)|\([^()]*(?:\([^()]*\)[^()]*)*\)\*?|\.\*", "<str:x>", path).replace(
                "\\", ""
            )


def keys() -> dict[str, list[str]]:
    """Return values for the parts of addresses: a few of each kind of row, and invalid ones."""
    uids, numbers = [], ["0", "1", str(2**31), str(2**63), "9" * 30]
    for model in apps.get_models():
        names = {one.name for one in model._meta.fields}
        if "uid" in names:
            uids += [str(uid) for uid in model._default_manager.values_list("uid", flat=True)[:4]]
        if model._meta.app_label in ("wagtailcore", "standards", "wagtaildocs", "wagtailimages", "wagtail_localize"):
            numbers += [str(pk) for pk in model._default_manager.values_list("pk", flat=True)[:3]]
    words = ["XA", "XB", "1.1", "1.1.2", "D01", "submit", "accept", "5.1.3", "en", "2026", "a.pdf", "aggregate", *ODD]
    apps_and_models = ["standards", "editionpage", "wagtailcore", "page", "evaluation", "user", "delete", "publish"]
    uids += ["00000000-0000-0000-0000-000000000000"]
    words += [*apps_and_models, *uids[:3]]
    return {
        "uuid": uids,
        "int": sorted(set(numbers)),
        "str": words,
        "slug": words[:12] + apps_and_models,
        "path": words,
    }


def addresses_of(route: str, known: dict[str, list[str]]) -> st.SearchStrategy[str]:
    parts = re.split(r"<(?:(\w+):)?\w+>", route)
    texts, kinds = parts[::2], [kind or "str" for kind in parts[1::2]]
    drawn = st.tuples(*(st.sampled_from(known.get(kind, known["str"])) for kind in kinds))
    return drawn.map(lambda values: _join(texts, values))


def addresses(known: dict[str, list[str]]) -> st.SearchStrategy[str]:
    every = sorted(set(routes()))
    ours = [route for route in every if not route.startswith("/cms/")]
    return st.sampled_from([*every, *ours, *ours]).flatmap(
        lambda route: addresses_of(route, known)
    )  # Wagtail has more addresses than the site


def _join(texts: list[str], values: tuple[str, ...]) -> str:
    return texts[0] + "".join(quote(value) + text for value, text in zip(values, texts[1:], strict=True))


# --- Bodies --------------------------------------------------------------------------------------------------------


def _texts(known: dict[str, list[str]]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(ODD), st.sampled_from(known["uuid"] + known["int"]), st.text(max_size=20).filter(_can_be_sent)
    )


def _can_be_sent(text: str) -> bool:
    return not re.search("[\ud800-\udfff]", text)


def _multipart(fields: dict[str, str], files: dict[str, bytes]) -> bytes:
    parts = [
        f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files.items():
        head = f'--X\r\nContent-Disposition: form-data; name="{name}"; filename="a.pdf"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + b"--X--\r\n"


def bodies(known: dict[str, list[str]]) -> st.SearchStrategy[tuple[bytes, str]]:
    """Return a strategy for a body and its declared content type."""
    fields = st.dictionaries(st.sampled_from(FIELDS), _texts(known), max_size=6)
    contents = st.sampled_from((PDF, picture(), b"", b"%PDF-1.7\n", b"PK\x03\x04", b"a,b\n1,2\n", b"\xff\xfe\0"))
    files = st.dictionaries(st.sampled_from(("file", "document", "files[]", "po_file")), contents, max_size=2)
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(ODD),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
        max_leaves=6,
    )
    form = "application/x-www-form-urlencoded"
    several = "multipart/form-data; boundary=X"
    return st.one_of(
        fields.map(lambda found: (urlencode(found).encode(), form)),
        st.tuples(fields, files).map(lambda both: (_multipart(*both), several)),
        st.just((_multipart({}, dict.fromkeys((f"f{number}" for number in range(12)), b"x")), several)),
        anything.map(lambda found: (json.dumps(found).encode(), "application/json")),
        st.tuples(
            st.binary(max_size=60),
            st.sampled_from(
                (form, several, "multipart/form-data", "application/json", "text/csv", "x", "", "text/html; charset=no")
            ),
        ),
    )


_HEADERS: dict[str, tuple[str, ...]] = {
    "HX-Request": ("true", ""),
    "HX-Current-URL": ("http://testserver/work/", "//x", "\u00e9", "http://[::1"),
    "X-Requested-With": ("XMLHttpRequest",),
    "Accept": ("application/json", "text/html", "*/*;q=x"),
    "Accept-Language": ("fr", "xx;q=9", ",,,", "x" * 600),
    "Referer": ("http://testserver/work/", "http://[", "javascript:1"),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "If-None-Match": ('"x"', "W/x"),
    "Range": ("bytes=9-1", "bytes=0-"),
    "Authorization": ("Bearer x", "Bearer", "Basic \u00ff", "Bearer \0"),
    "Content-Length": ("-1", "x", "9999999999999"),
    "X-Request-ID": ("\0", "x" * 999),
}


def requests(
    roles: tuple[str, ...], known: dict[str, list[str]], route: str = "", methods: tuple[str, ...] = METHODS
) -> st.SearchStrategy[Request]:
    """Return a strategy for requests to any address, or to those of a route."""
    asked = st.dictionaries(st.sampled_from(ASKED), _texts(known), max_size=3).map(urlencode)
    one = st.sampled_from(sorted(_HEADERS)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(_HEADERS[name]))
    )
    headers: st.SearchStrategy[dict[str, str]] = st.lists(one, max_size=2).map(dict)
    paths = addresses_of(route, known) if route else addresses(known)
    return st.builds(_request, st.sampled_from(roles), st.sampled_from(methods), paths, asked, bodies(known), headers)


def _request(
    role: str, method: str, path: str, query: str, body: tuple[bytes, str], headers: dict[str, Any]
) -> Request:
    has_body = method in ("POST", "PUT", "PATCH", "DELETE")
    return Request(role, method, path, query, *(body if has_body else (b"", "")), headers)
