"""The form of a row of a sheet: the fields of its kind, a field for each criterion, and a text without names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Channel, Hotline, LateRow, SheetRow, Visit
from evaluation.visits.sheets.rows import FIELDS, LONGEST_WORDS, MARKS, MOST_FILES, MOST_ROWS, InvalidRow, RowInput
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.presentation.form_days import DayInput
from portal.presentation.passages import language_name
from portal.settings.languages import OF_COUNTRIES
from portal.visits.shown.sheets import name_criterion
from standards.presentation.collation import sort_key
from standards.presentation.marking import marked

_NO_NAMES = gettext_lazy("Roles and facts only: no name, no number, nothing by which a person could be recognised.")
_OF_CONTACTS = gettext_lazy("How it went, as you would tell it to the hotline. No name of whoever answered.")
_OF_LISTENING = gettext_lazy("How the contact was led. Nothing of what it was about, of the caller or of the child.")
_OF_FILES = gettext_lazy("What was missing where, in general. No number of a file, nothing of a case.")
_HINTS = {Kind.CONTACTS: _OF_CONTACTS, Kind.LISTENING: _OF_LISTENING, Kind.FILES: _OF_FILES}
PREFIX = "mark-"


def _channel() -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=[("", "–"), *((channel, capfirst(name)) for channel, name in Channel.choices)],
    )


def _language() -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Language"))


def _day() -> forms.Field:
    return forms.DateField(label=gettext_lazy("Day"), widget=DayInput)


def _starts() -> forms.Field:
    return ClockField(
        label=gettext_lazy("Time"),
        help_text=gettext_lazy("On the clocks of the hotline, such as 13:30."),
        widget=forms.TimeInput(attrs={"size": 6}, format="%H:%M"),
    )


CLOCK = r"([01]?[0-9]|2[0-3])([:.][0-5][0-9])?"
"""A time as assessors write it: hours, or hours and minutes. The device reads this expression, too."""


class ClockField(forms.TimeField):
    """A time that matches `CLOCK`."""

    default_error_messages = {"invalid": gettext_lazy("Write hours and minutes, such as 13:30.")}

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time) or value in self.empty_values:
            return value or None
        found = re.fullmatch(CLOCK, str(value).strip())
        if not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return time(int(found[1]), int((found[2] or ":0")[1:]))


def _looked_at() -> forms.Field:
    return forms.IntegerField(
        label=gettext_lazy("Files looked at"),
        min_value=1,
        max_value=MOST_FILES,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _role() -> forms.Field:
    return forms.CharField(
        label=gettext_lazy("Role of the person"),
        max_length=SheetRow.LONGEST_ROLE,
        help_text=gettext_lazy("Such as “shift lead” or “new volunteer”. Never a name."),
    )


def _topic(kind: str) -> forms.Field:
    if kind == Kind.FILES:
        hint = gettext_lazy("Such as “closed in September, runaways, drawn at random”. No number of a file.")
        return forms.CharField(
            label=gettext_lazy("Which files"), max_length=SheetRow.LONGEST_TOPIC, required=False, help_text=hint
        )
    return forms.CharField(label=gettext_lazy("Topic"), max_length=SheetRow.LONGEST_TOPIC)


_MAKERS = {
    "channel": _channel,
    "language": _language,
    "day": _day,
    "starts": _starts,
    "looked_at": _looked_at,
    "role": _role,
}


SENTENCES: dict[str, Any] = {
    "required": gettext_lazy("This field is required."),
    "unknown": gettext_lazy("Choose one of those that are offered."),
    "too_long": gettext_lazy("This is too long. Shorten it."),
    "too_many": format_lazy(gettext_lazy("A sheet has at most {count} rows of one person."), count=MOST_ROWS),
    "looks_personal": gettext_lazy("This looks like an e-mail address, a telephone number or a date. Say it without."),
    "in_the_future": gettext_lazy("This day has not come yet. Give the day on which it was."),
    "not_of_the_visit": gettext_lazy("This is no day of the visit. Give one of its days."),
    "more_than_looked_at": gettext_lazy("This is more than the files looked at. Correct one of the two."),
}
"""The message of an invalid field, by code."""

ADD = {
    Kind.CONTACTS: gettext_lazy("Add a test contact"),
    Kind.LISTENING: gettext_lazy("Add a contact you listened to"),
    Kind.FILES: gettext_lazy("Add files you looked at"),
    Kind.INTERVIEWS: gettext_lazy("Add an interview"),
}
"""The label of the link to the form of a new row of each kind, which is also the heading of that form."""


class RowForm(forms.Form):
    """A row of a sheet. The criteria are those of the template, in the active language."""

    def __init__(self, *args: Any, template: SheetTemplate, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, hotline = template, visit.evaluation.hotline
        for name in FIELDS[template.kind]:
            self.fields[name] = _topic(template.kind) if name == "topic" else _MAKERS[name]()
        if "language" in self.fields:
            offered = self.fields["language"]
            assert isinstance(offered, forms.ChoiceField)
            offered.choices = _languages(hotline, self["language"].value())
        if "day" in self.fields and (days := visit.held_days):
            self.fields["day"].widget.attrs.update(min=days[0].isoformat(), max=days[1].isoformat())
        for criterion in template.criteria:
            label = marked(name_criterion(criterion, template))
            self.fields[f"{PREFIX}{criterion.key}"] = _criterion_field(template.kind, label)
        self.fields["words"] = forms.CharField(
            label=gettext_lazy("In your words"),
            required=template.kind == Kind.INTERVIEWS,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_HINTS.get(Kind(template.kind), _NO_NAMES),
        )

    def details(self) -> list[forms.BoundField]:
        """Return the fields before the criteria."""
        return [self[name] for name in FIELDS[self.sheet.kind]]

    def criteria(self) -> list[forms.BoundField]:
        return [self[f"{PREFIX}{criterion.key}"] for criterion in self.sheet.criteria]

    def row(self) -> RowInput:
        """Return the submitted row. The form must be valid."""
        submitted = self.cleaned_data
        fields = {name: submitted[name] for name in (*FIELDS[self.sheet.kind], "words")}
        marks = {criterion.key: submitted[f"{PREFIX}{criterion.key}"] for criterion in self.sheet.criteria}
        return RowInput(**fields, marks=marks)

    def add_problems(self, invalid: InvalidRow) -> None:
        for name, code in invalid.problems.items():
            field = name.replace("marks.", PREFIX)
            if field in self.fields:
                self.add_error(field, SENTENCES[code])
            else:
                self.add_error(None, _("The criteria were changed meanwhile. Look at them again, then save."))


def describe_checks(form: RowForm) -> dict[str, dict[str, Any]]:
    """Return the checks of each field for the device, which applies them as the form and `find_problems` do.

    Each has the message for an empty required field, and the bounds or the expression of its kind with their messages.
    What only the server can judge, such as a text that looks personal, is left out.
    """
    return {name: dict(_describe_checks(field)) for name, field in form.fields.items()}


def _describe_checks(field: forms.Field) -> Iterator[tuple[str, Any]]:
    if field.required:
        yield "required", str(field.error_messages["required"])
    invalid = str(field.error_messages.get("invalid", ""))
    match field:
        case ClockField():
            yield from {"pattern": CLOCK, "invalid": invalid}.items()
        case forms.DateField():
            yield from {"first": field.widget.attrs.get("min"), "last": field.widget.attrs.get("max")}.items()
            yield from {"outside": str(SENTENCES["not_of_the_visit"]), "invalid": invalid}.items()
        case forms.IntegerField():
            yield from {"least": field.min_value, "most": field.max_value, "invalid": invalid}.items()
            yield (
                "outside",
                _("Write a number from %(least)s to %(most)s.")
                % {
                    "least": field.min_value,
                    "most": field.max_value,
                },
            )
        case forms.CharField(max_length=int(longest)):
            yield from {"longest": longest, "outside": str(SENTENCES["too_long"])}.items()


def values_of(row: SheetRow | LateRow, kind: str) -> dict[str, Any]:
    """Return a stored row as the values of its form."""
    fields = {name: getattr(row, name) for name in (*FIELDS[kind], "words")}
    return fields | {f"{PREFIX}{key}": mark for key, mark in row.marks.items()}


def first_values(hotline: Hotline, today: date) -> dict[str, Any]:
    """Return the initial values of a new row."""
    return {"day": today, "language": next(iter(hotline.language_codes), "")}


def _criterion_field(kind: str, label: str) -> forms.Field:
    if kind == Kind.FILES:
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST_FILES,
            localize=False,
            help_text=gettext_lazy("How many of the files."),
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
    choices = [(mark, capfirst(name)) for mark, name in MARKS.items()]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )


def _languages(hotline: Hotline, present: Any) -> Iterable[tuple[str, str]]:
    """Return the languages of the hotline, then those of the network by name, and the one that the row already has."""
    own = [code for code in hotline.language_codes if code in LANG_INFO]
    others = {code for codes in OF_COUNTRIES.values() for code in codes if code in LANG_INFO} - {*own}
    if isinstance(present, str) and present in LANG_INFO and present not in own:
        others.add(present)
    named: Mapping[str, str] = {code: capfirst(language_name(code)) for code in (*own, *others)}
    return [
        ("", "–"),
        *((code, named[code]) for code in own),
        *sorted(((code, named[code]) for code in others), key=lambda one: sort_key(one[1])),
    ]
