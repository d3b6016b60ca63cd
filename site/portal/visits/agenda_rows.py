"""The sessions of an agenda as rows of a form: submitted, moved, added, removed, and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Visit
from evaluation.visits.agendas import (
    LONGEST_GUIDANCE,
    LONGEST_PEOPLE,
    LONGEST_SESSION,
    LONGEST_TITLE,
    MOST_SESSIONS,
    SHORTEST_SESSION,
    Session,
    SessionProblem,
    compute_times,
)
from portal.handbook.keys import CodesField
from portal.visits.shown.agenda import describe_session_problem, describe_times, name_day
from standards.framework import Framework

FIELDS = ("title", "day", "starts", "minutes", "people", "keys", "guidance")
Row = dict[str, Any]
"""The values of a row by field, as submitted or as stored."""


class SessionForm(forms.Form):
    """A row. The choices of the day are those of the visit, and the one that the row has already."""

    title = forms.CharField(
        label=gettext_lazy("Session"),
        max_length=LONGEST_TITLE,
        error_messages={"required": gettext_lazy("Give the session a title.")},
    )
    day = forms.TypedChoiceField(label=gettext_lazy("Day"), coerce=int)
    starts = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        help_text=gettext_lazy("Such as 13:30. Empty: when the session before it ends."),
        input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput(attrs={"size": 6}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write hours and minutes, such as 13:30.")},
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=SHORTEST_SESSION, max_value=LONGEST_SESSION, localize=False
    )
    people = forms.CharField(
        label=gettext_lazy("Who takes part"),
        max_length=LONGEST_PEOPLE,
        required=False,
        help_text=gettext_lazy("Roles, such as “shift lead”."),
    )
    keys = CodesField(
        label=gettext_lazy("What it examines"),
        required=False,
        max_length=1000,
        with_domains=True,
        help_text=gettext_lazy("Codes of domains, standards or indicators with commas between, such as “D2, 5.1”."),
    )
    guidance = forms.CharField(
        label=gettext_lazy("What to look at"),
        max_length=LONGEST_GUIDANCE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the team; the hotline does not see it."),
    )

    def __init__(self, *args: Any, visit: Visit, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day, keys = self.fields["day"], self.fields["keys"]
        assert isinstance(day, forms.TypedChoiceField)
        assert isinstance(keys, CodesField)
        keys.framework = framework
        present = read_number(str(self["day"].value() or ""))
        numbers = [*range(1, visit.days + 1)]
        if present is not None and visit.days < present <= MOST_SESSIONS:
            numbers.append(present)
        day.choices = [(number, name_day(visit, number)) for number in numbers]

    def span(self) -> Session | None:
        """Return a session with the submitted day and times; None if they are invalid."""
        self.is_valid()  # validates the fields, once
        submitted = self.cleaned_data
        if {"day", "starts", "minutes"} <= submitted.keys():
            return Session("", submitted["day"], submitted["minutes"], _minute(submitted["starts"]))
        return None

    def session(self) -> Session:
        """Return the submitted session. The form must be valid."""
        submitted = self.cleaned_data
        return Session(
            title=submitted["title"],
            day=submitted["day"],
            minutes=submitted["minutes"],
            starts=_minute(submitted["starts"]),
            people=submitted["people"],
            keys=tuple(submitted["keys"]),
            guidance=submitted["guidance"],
        )


def _minute(starts: time | None) -> int | None:
    return None if starts is None else starts.hour * 60 + starts.minute


def row_of(session: Session) -> Row:
    starts = session.starts
    return session.write() | {"starts": None if starts is None else time(starts // 60, starts % 60)}


def read_number(sent: str) -> int | None:
    """Return a number from 0 to 99999; None for any other text."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 6 else None


def read_rows(sent: Mapping[str, str]) -> list[Row]:
    """Return the rows of a submitted form, unvalidated."""
    number = min(read_number(sent.get("count", "")) or 0, MOST_SESSIONS)
    return [{name: sent.get(f"s{place}-{name}", "") for name in FIELDS} for place in range(number)]


# --- Changing the list ----------------------------------------------------------------------------------------------


def _day(row: Row) -> str:
    return str(row["day"])


def _number(row: Row) -> int | None:
    """Return the day as a number, or None if it is invalid."""
    return read_number(_day(row))


def change_rows(rows: list[Row], act: str, place: int, days: int) -> int:
    """Move, add or remove a row in place; return the new index of the row.

    `act` is `up`, `down`, `add` (below the place) or `remove`. A row at the end of its day moves to the next day.
    """
    if act == "remove":
        del rows[place]
        return min(place, len(rows) - 1)
    if act == "add":
        below = place + 1 if rows else 0
        day = _day(rows[place]) if rows else "1"
        rows.insert(below, dict.fromkeys(FIELDS, "") | {"day": day, "minutes": "60"})
        return below
    other = place + (-1 if act == "up" else 1)
    if 0 <= other < len(rows) and _day(rows[other]) == _day(rows[place]):
        rows[place], rows[other] = rows[other], rows[place]
        return other
    if (present := _number(rows[place])) is not None:
        next_day = present + (-1 if act == "up" else 1)
        rows[place]["day"] = str(min(max(next_day, 1), days))
    return place


def in_order(rows: list[Row]) -> list[Row]:
    """Return the rows sorted by day; one with an invalid day stays behind the one before it."""
    last, keyed = 0, []
    for row in rows:
        number = _number(row)
        last = last if number is None else number
        keyed.append((last, row))
    return [row for _day_number, row in sorted(keyed, key=lambda one: one[0])]


# --- The rows as forms ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ShownRow:
    """A row of the page, with its times if those of its whole day can be computed."""

    number: int
    form: SessionForm
    day: str
    title: str
    times: str = ""
    minutes: str = ""
    is_open: bool = False
    has_focus: bool = False


@dataclass(frozen=True, slots=True)
class WrongField:
    """A line of the error summary, linked to its field."""

    text: str
    target: str


class AgendaForms:
    """The forms of all rows. They are validated if they are `sent`; otherwise they only show the values."""

    def __init__(self, rows: list[Row], visit: Visit, framework: Framework, *, sent: bool) -> None:
        self.visit = visit
        self.forms = [
            SessionForm(
                {f"s{place}-{name}": value for name, value in row.items()} if sent else None,
                initial=row,
                prefix=f"s{place}",
                visit=visit,
                framework=framework,
            )
            for place, row in enumerate(rows)
        ]
        self._checked = (
            self.forms
            if sent
            else [
                SessionForm(
                    {f"s{place}-{name}": form[name].value() for name in FIELDS},
                    prefix=f"s{place}",
                    visit=visit,
                    framework=framework,
                )
                for place, form in enumerate(self.forms)
            ]
        )

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    def sessions(self) -> list[Session]:
        return [form.session() for form in self.forms]

    def add_problems(self, problems: list[SessionProblem]) -> None:
        sessions = self.sessions()
        for problem in problems:
            self.forms[problem.place].add_error(problem.field, describe_session_problem(problem, sessions))

    def wrong_fields(self) -> list[WrongField]:
        return [
            WrongField(
                _("Session %(number)s, %(field)s: %(problem)s")
                % {"number": place + 1, "field": form[name].label, "problem": error},
                form[name].id_for_label,
            )
            for place, form in enumerate(self.forms)
            for name, errors in form.errors.items()
            for error in errors
        ]

    def shown(self, focus: int | None = None) -> list[ShownRow]:
        """Return the rows, each with its times if the rows of its day are valid."""
        readable = {place: span for place, form in enumerate(self._checked) if (span := form.span())}
        places = list(readable)
        times = {places[timed.place]: describe_times(timed) for timed in compute_times(readable.values())}
        unread = {str(form["day"].value()) for place, form in enumerate(self._checked) if place not in readable}
        return [
            ShownRow(
                number=place + 1,
                form=form,
                day=str(form["day"].value() or ""),
                title=str(form["title"].value() or ""),
                times=times.get(place, "") if str(form["day"].value()) not in unread else "",
                minutes=str(form["minutes"].value() or ""),
                is_open=bool(form.errors) or place == focus,
                has_focus=place == focus,
            )
            for place, form in enumerate(self.forms)
        ]
