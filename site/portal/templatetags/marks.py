"""The symbols of the design as SVG: icons, the flower, the three bars of a level, the symbol of an outcome.

They are not charts: nothing in them is to scale. Charts are drawn by `reports.charts`.
"""

from fractions import Fraction

from django import template
from django.utils.safestring import SafeString, mark_safe

from standards.framework import Scale
from standards.presentation.symbols import level_mark

register = template.Library()

_USUAL = Scale()

_HIDDEN = 'aria-hidden="true" focusable="false"'

_ICONS = {
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "right": '<path d="M9.5 6l6 6-6 6"/>',
    "back": '<path d="M9 14 4 9l5-5"/><path d="M4 9h10a6 6 0 0 1 0 12h-3"/>',
    "figures": '<path d="M4 20V10M10 20V4M16 20v-7M21 20H3"/>',
    "edit": '<path d="M4 20h4L19.5 8.5l-4-4L4 16z"/>',
    "stop": '<circle cx="12" cy="12" r="9.5"/><path d="M8 12h8"/>',
    "lock": '<rect x="5" y="11" width="14" height="9.5" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7"/>',
    "book": (
        '<path d="M4 5.5C6.5 4 9.5 4 12 5.5v14C9.5 18 6.5 18 4 19.5z'
        'M20 5.5C17.5 4 14.5 4 12 5.5v14c2.5-1.5 5.5-1.5 8 0z"/>'
    ),
    "alert": '<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "info": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.4v.1"/>',
    "wait": '<circle cx="12" cy="12" r="9.5"/><path d="M12 7v5l3.5 2"/>',
    "file": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>',
    "link": (
        '<path d="M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.6l-1 1'
        'M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.4l1-1"/>'
    ),
    "sync": '<path d="M20 12a8 8 0 1 1-2.5-5.8M20 3v4h-4"/>',
    "up": '<path d="M12 19V6M6 11l6-6 6 6"/>',
    "comment": '<path d="M4 5h16v11H10l-5 4v-4H4z"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M2.5 20c.6-4 3-6 6.5-6s5.9 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5"/>'
    ),
    "cloudoff": '<path d="M7 18a4.5 4.5 0 0 1-.5-9M10 6.5a6 6 0 0 1 8 4.5 3.8 3.8 0 0 1 1.5 7M3 3l18 18"/>',
    "photo": '<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z"/><circle cx="12" cy="13" r="3.5"/>',
    "note": '<path d="M5 4h14v11l-5 5H5z"/><path d="M8.5 9h7M8.5 13h4"/>',
    "download": '<path d="M12 4v11M6.5 10.5 12 16l5.5-5.5M4 20h16"/>',
    "phone": (
        '<path d="M6.5 3.5 10 4l1 4-2.5 2a13 13 0 0 0 5.5 5.5l2-2.5 4 1 .5 3.5c-.5 2-2 3-3.5 3'
        'C10 20.5 3.5 14 3.5 7c0-1.5 1-3 3-3.5z"/>'
    ),
}
ICONS = {
    name: mark_safe(  # noqa: S308 - drawn above, nothing comes in
        f'<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" {_HIDDEN}>{drawing}</svg>'
    )
    for name, drawing in _ICONS.items()
}

_ICONS_OF = {
    "condition": ({"soft": "info"}, "stop"),
    "due": ({"good": "check", "stop": "alert"}, "wait"),
    "notice": ({"good": "check", "stop": "alert", "wait": "wait"}, "info"),
    "save": ({"ok": "check", "off": "cloudoff", "bad": "alert"}, "sync"),
    "task": ({"good": "check", "stop": "stop", "wait": "wait"}, "edit"),
}
"""The icons of kinds by place, and the default of each place."""

_RING = '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2"/>'
_OUTCOMES = {
    "accredited": (
        '<circle cx="12" cy="12" r="11" fill="currentColor" opacity=".18"/><path d="M6 12.5l4 4 8-9" fill="none" '
        'stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>'
    ),
    "conditional": f'{_RING}<path d="M12 2.5a9.5 9.5 0 0 1 0 19z" fill="currentColor"/>',
    "deferred": (
        '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.5"/>'
        '<path d="M12 7v5l3.5 2" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'
    ),
    "refused": f'{_RING}<path d="M7.5 12h9" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>',
    "running": "".join(f'<circle cx="{x}" cy="12" r="2.2" fill="currentColor"/>' for x in (5, 12, 19)),
    "suspended": (
        f'{_RING}<path d="M9.5 8v8M14.5 8v8" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>'
    ),
    "withdrawn": f'{_RING}<path d="M8.5 8.5l7 7m0-7l-7 7" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>',
    "given_up": f'{_RING}<path d="M8 16l8-8" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>',
    "expired": (
        f'{_RING}<path d="M12 7v5.5h4" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    ),
    "none": _RING,
}
OUTCOME_MARKS = {
    kind: mark_safe(f'<svg viewBox="0 0 24 24" {_HIDDEN}>{drawing}</svg>')  # noqa: S308 - drawn above
    for kind, drawing in _OUTCOMES.items()
}

OUTCOME_KINDS = {"not_accredited": "refused", "": "none"}
"""Codes of an edition's outcomes that are drawn as another one."""


def _draw_bars(filled: int) -> SafeString:
    rects = "".join(
        f'<rect x="{index * 7 + 1.5}" y="{11.5 - index * 5}" width="4.5" height="{index * 5 + 5}" rx="1" '
        f'fill="{"currentColor" if index < filled else "none"}" stroke="currentColor" stroke-width="1.4"/>'
        for index in range(3)
    )
    return mark_safe(f'<svg class="bars" viewBox="0 0 22 18" {_HIDDEN}>{rects}</svg>')  # noqa: S308 - drawn here


BARS = {filled: _draw_bars(filled) for filled in range(4)}

_PETALS = "".join(
    f'<circle cx="{x}" cy="{y}" r="5.6"/>' for x, y in ((16, 7.6), (24, 13.4), (20.9, 22.8), (11.1, 22.8), (8, 13.4))
)
FLOWER = mark_safe(  # noqa: S308 - drawn above
    f'<svg class="flower" viewBox="0 0 32 32" {_HIDDEN}><g class="petals">{_PETALS}</g>'
    '<circle class="gap" cx="16" cy="16" r="6.2"/><circle class="eye" cx="16" cy="16" r="4.1"/></svg>'
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render an icon of the set. Raises an error for an unknown name."""
    return ICONS[name]


@register.filter
def icon_for(kind: str, place: str) -> str:
    """Return the name of the icon of a kind in a place: `condition`, `due`, `notice`, `save` or `task`."""
    icons, usual = _ICONS_OF[place]
    return icons.get(kind, usual)


@register.simple_tag
def bars(tint: int | str) -> SafeString:
    return BARS[int(tint)]


@register.simple_tag
def tint(level: int | str, scale: Scale | None = None) -> int:
    """Return how dark a level is drawn; without a scale, as one of the usual four from 0 to 3."""
    return level_mark(scale or _USUAL, int(level))


@register.filter
def line_percent(place: Fraction) -> str:
    """Return a place on a line, in per cent, as an attribute of SVG."""
    return f"{float(place):.2f}%"


@register.simple_tag
def flower() -> SafeString:
    return FLOWER


@register.filter
def outcome_kind(code: str | None) -> str:
    """Return the style of an edition's outcome; an unknown one is drawn as no accreditation."""
    kind = OUTCOME_KINDS.get(code or "", code or "")
    return kind if kind in OUTCOME_MARKS else "none"


@register.simple_tag
def outcome_mark(kind: str) -> SafeString:
    return OUTCOME_MARKS[outcome_kind(kind)]
