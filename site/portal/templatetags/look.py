"""Tags and filters of templates: the language of a page, numbers in words, form controls."""

from datetime import date
from typing import Any

from babel.dates import format_skeleton
from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, to_locale

from evaluation.models.rounds import ZonedDates
from portal.presentation import numbers
from portal.presentation.moments import zoned
from portal.presentation.passages import language_name
from portal.presentation.tiles import COLUMNS
from portal.presentation.uploaded_files import accepted_types, describe_accepted
from reports.numbering import printed_number
from standards.presentation.marking import language_of, marked
from standards.presentation.reading_language import content_language, interface_language

register = template.Library()


# --- Language ----------------------------------------------------------------------------------------------------


@register.simple_tag
def page_language() -> dict[str, Any]:
    """Return the language of the interface, which is that of every page; `bidi` is its direction.

    What is in another language on a page is marked with it, a page of the CMS, too.
    """
    info: dict[str, Any] = get_language_info(interface_language())
    return info


register.simple_tag(content_language, name="reading_language")
register.simple_tag(interface_language, name="interface_language")


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """Return this page in each language of the site: its translation, else that language's front page."""
    request = context.get("request")
    if request is None:
        return []
    here = content_language()
    addresses = _translations_of(context.get("page"), request)
    found = []
    for code, _name in settings.LANGUAGES:
        found.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "url": addresses.get(code) or _address_in(code, request, is_cms_page=bool(addresses)),
                "current": code == here,
            }
        )
    return found


def _translations_of(page: Any, request: Any) -> dict[str, str]:
    if page is None or not hasattr(page, "get_translations") or page.pk is None:
        return {}
    pages = page.get_translations(inclusive=True).live().select_related("locale")
    return {translation.locale.language_code: translation.get_url(request) for translation in pages}


def _address_in(code: str, request: Any, *, is_cms_page: bool) -> str:
    """Return the same address in another language; the front page of that language if there is none."""
    there = request.get_full_path() if is_cms_page else translate_url(request.get_full_path(), code)
    if is_cms_page or (there == request.get_full_path() and code != content_language()):
        return f"/{code}/"
    return there


register.filter("language_of", language_of)
register.filter("marked", marked)
register.filter("language_name", language_name)
register.filter("printed_number", printed_number)


@register.filter
def month_in_sentence(day: date) -> str:
    """Return a month with its year as inside a sentence: "grudzień 2026"; Django's own names are capitalized there."""
    return format_skeleton("yMMMM", day, locale=to_locale(interface_language()))


# --- Numbers -----------------------------------------------------------------------------------------------------


register.filter("percent", numbers.percent)
register.filter("percent_of_tenths", numbers.percent_of_tenths)
register.filter("percent_number", numbers.format_percent)
register.filter("threshold", numbers.threshold)
register.filter("fraction", numbers.fraction)
register.filter("zoned", zoned)


@register.filter
def clock_on(zoned: ZonedDates, day: date | None) -> str:
    """Return the time zone of a round or a consultation, as it is on a day; empty without a day."""
    return zoned.clock_on(day) if day else ""


register.simple_tag(timezone.get_current_timezone_name, name="time_zone")


@register.filter
def add_int(value: Any, other: Any) -> int:
    """Return the sum of two integers, at most 100: the end of the second part of a bar."""
    return min(int(value) + int(other), 100)


@register.filter
def cells_of_map(tiles: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """Return the cells of a tile map, row by row: a tile with a hotline, else None."""
    placed = {(tile["row"], tile["column"]): tile for tile in tiles}
    rows = range(1, max((row for row, _ in placed), default=0) + 1)
    return [placed.get((row, column)) for row in rows for column in range(1, COLUMNS + 1)]


# --- Lists -------------------------------------------------------------------------------------------------------


@register.simple_tag
def position_now(stages: list[Any]) -> dict[str, Any]:
    """Return number and label of the current stage of a rail; the last one if all are done."""
    for number, stage in enumerate(stages, start=1):
        if _value_of(stage, "is_now"):
            return {"number": number, "label": _value_of(stage, "label")}
    done = [stage for stage in stages if _value_of(stage, "is_done")]
    last = done[-1] if done else stages[0]
    return {"number": max(len(done), 1), "label": _value_of(last, "label")}


@register.filter
def entry_of(entries: dict[str, Any] | str, key: str) -> Any:
    """Return the entry of a key; an empty tuple if there is none, or if the page has no entries at all."""
    return entries.get(key, ()) if isinstance(entries, dict) else ()


def _value_of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.simple_tag
def button_look(move: Any, main: bool, is_first: bool) -> str:
    """Return the class of a move's button: grave, quiet, the main one of the page, or any other."""
    if _value_of(move, "is_grave"):
        return "btn-danger"
    if _value_of(move, "is_quiet"):
        return "btn-quiet"
    return "btn-primary" if (main and is_first) or _value_of(move, "is_main") else "btn-outline-primary"


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """Return the query of the current address with some values changed; an empty value removes its name."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, name: str, number: int) -> str:
    """Return the query of the current address for another page of the list paginated by `name`."""
    return with_query(context, **{name: number})


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """Return the address of a named view, or an empty string if this installation has no such view."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# --- Forms -------------------------------------------------------------------------------------------------------


register.simple_tag(accepted_types)
register.simple_tag(describe_accepted)


@register.filter
def shape(field: BoundField) -> str:
    """Return the layout of a form field: `hidden`, `choices`, `check` or `line`."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "line"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Render the control of a field, described by its hint and its error, in that order."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    if isinstance(widget, forms.Select):
        attrs["class"] = "form-select"
    elif not isinstance(widget, forms.CheckboxInput):
        attrs["class"] = "form-control"
    if own := widget.attrs.get("class"):
        attrs["class"] = f"{own} {attrs.get('class', '')}".strip()
    return field.as_widget(attrs=attrs)


@register.filter
def first_id(field: BoundField) -> str:
    """Return the id that a link to a field refers to: the control, or the first of its choices."""
    if shape(field) == "choices":
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def without_stop(label: object) -> str:
    """Return a label without its full stop, for use before a colon. Marked-up labels stay as they are."""
    words = str(label)  # what is safe stays safe
    return type(words)(words.removesuffix("."))
