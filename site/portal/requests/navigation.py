"""The context of the page frame: the area, the user's menu, and whether this is a demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from evaluation.answers.unresolved_texts import texts_of
from evaluation.models import UnresolvedText
from evaluation.models.people.roles import HOTLINE_ROLES, TODAY_ROLES, Role
from portal.requests.rooms import Room, rooms_of

WORK = ("/work/", "/accounts/")
"""The areas of the workspace: these pages show the menu of the user's roles instead of the emergency number."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu. `current` is the value of aria-current: `page`, `true` for a page below it, or empty."""

    label: str
    url: str
    current: str


def _roles(*roles: Role) -> Callable[[Any], bool]:
    return lambda user: user.has_role(*roles)


def _only_of_a_hotline(user: Any) -> bool:
    return user.has_role(*HOTLINE_ROLES) and not user.has_role(*TODAY_ROLES)


def _sees_outbox(user: Any) -> bool:
    return settings.DEMONSTRATION and user.has_role(Role.MCE_COORDINATOR)


WORKSPACE: tuple[tuple[Any, str, Callable[[Any], bool]], ...] = (
    (gettext_lazy("Today"), "workspace:home", _roles(*TODAY_ROLES)),
    (gettext_lazy("Home"), "workspace:home", _only_of_a_hotline),
    (gettext_lazy("Rounds"), "workspace:rounds", _roles(*TODAY_ROLES)),
    (gettext_lazy("Hotlines"), "workspace:hotlines", _roles(Role.MCE_COORDINATOR)),
    (gettext_lazy("Accreditations"), "workspace:accreditations", _roles(Role.MCE_COORDINATOR)),
    (gettext_lazy("Recommendations"), "workspace:network", _roles(Role.MCE_COORDINATOR)),
    (gettext_lazy("Network figures"), "workspace:statistics_network", _roles(Role.MCE_COORDINATOR)),
    (gettext_lazy("Figures"), "workspace:figures", _roles(Role.CONTRIBUTOR, Role.COORDINATOR)),
    (gettext_lazy("Visits"), "workspace:visits", _roles(Role.ASSESSOR, Role.MCE_COORDINATOR)),
    (gettext_lazy("Panel"), "workspace:panel", _roles(Role.PANEL_MEMBER)),
    (
        gettext_lazy("Good practice"),
        "workspace:practices",
        _roles(Role.MCE_COORDINATOR, Role.ASSESSOR, *HOTLINE_ROLES),
    ),
    (
        gettext_lazy("Consultations"),
        "workspace:consultations",
        _roles(Role.CONTRIBUTOR, Role.COORDINATOR, Role.ASSESSOR),  # MCE's coordinators reach them from the Guide
    ),
    (gettext_lazy("People"), "workspace:people", _roles(Role.MCE_COORDINATOR)),
    (gettext_lazy("Guide"), "wagtailadmin_home", _roles(Role.MCE_COORDINATOR, Role.GUIDE_EDITOR)),
)
"""Label, view, and predicate of the user. A view that this installation does not have is left out."""

RARE = ((gettext_lazy("Outbox"), "workspace:outbox", _sees_outbox),)
"""The same for the menu of the account."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page. The menu is computed only if a template uses it."""
    area = "work" if request.path.startswith(WORK) else "public"
    return {
        "area": area,
        "nav": SimpleLazyObject(lambda: _workspace_menu(request) if area == "work" else _public_menu(request)),
        "nav_rare": SimpleLazyObject(lambda: _rare_items(request) if area == "work" else []),
        "is_demonstration": settings.DEMONSTRATION,
        "unresolved": SimpleLazyObject(lambda: _unresolved(request) if area == "work" else []),
    }


def _unresolved(request: HttpRequest) -> list[UnresolvedText]:
    """Return the user's unresolved texts."""
    user = getattr(request, "user", None)
    return list(texts_of(user)) if user is not None and user.is_authenticated else []


def _workspace_menu(request: HttpRequest) -> list[Item]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = [_entry(label, view) for label, view, is_theirs in WORKSPACE if is_theirs(user)]
    return _items(request, [*entries[:1], *rooms_of(request, user), *entries[1:]])


def _rare_items(request: HttpRequest) -> list[Item]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return _items(request, [_entry(label, view) for label, view, is_theirs in RARE if is_theirs(user)])


def _public_menu(request: HttpRequest) -> list[Item]:
    entries = [
        _entry(gettext_lazy("Register"), "pages:register"),
        _entry(gettext_lazy("Figures"), "pages:figures"),
        _entry(gettext_lazy("The Guide"), "pages:guide"),
        _entry(gettext_lazy("Handbook"), "pages:handbook"),
    ]
    return _items(request, entries)


def _entry(label: Any, view: str) -> Room:
    url = _address(view)
    return Room(label, url, (url,))


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def _items(request: HttpRequest, entries: list[Room]) -> list[Item]:
    """Return the entries that have an address; the one with the longest prefix of the page's address is current."""
    known = [entry for entry in entries if entry.url]
    path = request.path
    here = max((below for entry in known for below in entry.below if path.startswith(below)), key=len, default="")
    return [
        Item(str(entry.label), entry.url, ("page" if entry.url == path else "true") if here in entry.below else "")
        for entry in known
    ]
