"""A page with each component in each of its states and invented content, to view and test the design."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.presentation.tiles import INVENTED
from standards.presentation.sentences import Passage

ZONE = ZoneInfo("Europe/Brussels")


class ContactForm(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(label="Name of the contact", help_text="As it stands in the protocol.")
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("hr", "Hrvatski")], required=False)
    since = forms.DateField(label="In force from")
    kind = forms.ChoiceField(
        label="Where is it kept?",
        choices=[("paper", "On paper"), ("crm", "In the case system")],
        widget=forms.RadioSelect,
        help_text="Choose the place an operator would look at night.",
    )
    words = forms.CharField(label="In your words", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="Document", required=False)
    agreed = forms.BooleanField(label="Both sides have signed it")


def _stages(now: int, *, is_blocked: bool = False) -> list[dict[str, Any]]:
    labels = ("Self-assessment", "Desk review", "Study visit", "Report", "Response", "Decision", "Follow-up")
    notes = ("to 31 March", "April", "18–19 May", "June", "July", "14 September", "18 months")
    return [
        {
            "label": label,
            "note": note,
            "is_done": index < now,
            "is_now": index == now,
            "is_held": is_blocked and index == now,
        }
        for index, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def _level_choices() -> list[dict[str, Any]]:
    meanings = (
        ("Not in place", "No meeting in the last 12 months"),
        ("Started, or on paper only", "Planned or agreed, not yet held"),
        ("Largely in place", "Held, with small gaps such as late minutes"),
        ("In place and shown", "Held every year, minuted, with follow-up"),
    )
    return [
        {"value": str(level), "label": label, "meaning": meaning, "level": level, "tint": level}
        for level, (label, meaning) in enumerate(meanings)
    ]


OUTCOMES = (
    ("accredited", "Accredited"),
    ("conditional", "Accredited with conditions"),
    ("deferred", "Deferred"),
    ("not_accredited", "Not accredited"),
    ("running", ""),
    ("withdrawn", "Accreditation withdrawn"),
    ("given_up", "Accreditation given up"),
    ("expired", "Accreditation expired"),
    ("none", ""),
)

TODO = [
    {
        "kind": "wait",
        "icon": "back",
        "what": "Look again at 3 answers that came back",
        "why": "Marek sent back 5.1.1, 8.2.1 and 9.2.2, the last one yesterday at 16:40.",
        "url": "#todo",
        "act": "Open the first",
        "is_main": True,
    },
    {
        "kind": "stop",
        "what": "31 indicators have no answer",
        "why": "The Guide insists most on 4 of them.",
        "url": "#todo",
    },
    {"kind": "stop", "what": "D6 Cross-border: 40.7 %, below 60 %", "url": "#todo", "aside": "short by 19.3"},
    {"kind": "good", "what": "Overall at least 65 %", "aside": "79.0 %"},
    {"kind": "info", "what": "Go on with 4.3 Procedures by category", "url": "#todo", "act": "Go on"},
]

MOVES = [
    {"act": "Submit", "url": "#moves"},
    {"act": "Send to internal review", "url": "#moves"},
    {"act": "Take it back", "url": "#moves", "is_quiet": True},
    {"act": "Withdraw", "url": "#moves", "is_grave": True},
    {"act": "Publish", "shut": "opens when the report is printed"},
]

STEPS = [
    {
        "done": "9.2.2 sent back",
        "by": "Marek Dvořák",
        "at": datetime(2027, 3, 6, 16, 40, tzinfo=ZONE),
        "note": "Which schedule? The one of 2023 has no deletion log.",
        "is_back": True,
    },
    {"done": "Figures read, 52 of 54 items", "at": datetime(2027, 2, 2, 9, 12, tzinfo=ZONE)},
    {
        "done": "Self-assessment opened",
        "by": "Missing Children Europe",
        "at": datetime(2026, 10, 1, 9, 0, tzinfo=ZONE),
    },
]

EVIDENCE = [
    {
        "name": "Protokół współpracy z Policją 2023.pdf",
        "url": "#evidence",
        "meta": "412 kB · in force 14 May 2023 to 14 May 2026 · used in 3 answers",
        "tag": "ended",
        "tag_kind": "stop",
    },
    {"name": "Verlängerungsvereinbarung.pdf", "meta": "checking for viruses, then saved", "going_up": 62},
    {"name": "Agreement.pdf", "url": "#evidence", "meta": "2.1 MB · Ilze Kalniņa, 11 January", "tag": "checked"},
    {"name": "https://hotline.example/protocol", "url": "#evidence", "is_address": True, "remove_url": "#evidence"},
]

METERS = [
    {"percent": 76, "value": "10 of 13", "label": "10 of 13 answered, 1 sent back", "back": 7},
    {"percent": 94, "value": "94.7 %", "label": "94.7 per cent", "mark": 60},
    {
        "percent": 40,
        "value": "40.7 %",
        "label": "40.7 per cent, below the line of 60 per cent",
        "mark": 60,
        "low": True,
    },
    {"percent": None, "value": "", "label": ""},
]


def _tiles() -> list[dict[str, Any]]:
    kinds = ("accredited", "conditional", "running", "none", "deferred", "refused", "withdrawn", "expired")
    return [
        {
            "column": column,
            "row": row,
            "code": code,
            "name": f"Hotline {code}",
            "kind": kinds[index % 5],
            "label": kinds[index % 5],
            "url": "#tilemap",
        }
        for index, (code, (column, row)) in enumerate(sorted(INVENTED.items()))
        if code < "QS" or code > "QZ"
    ]


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Render all components on one page. Raises Http404 outside of development and the demonstration."""
    if not (settings.DEBUG or settings.DEMONSTRATION):
        raise Http404
    wrong = ContactForm({"name": "", "since": "yesterday"})
    wrong.is_valid()
    return render(
        request,
        "gallery.html",
        {
            "rails": [_stages(0), _stages(2), _stages(2, is_blocked=True), _stages(7)],
            "choices": _level_choices(),
            "yes_no": [
                {"value": "3", "label": "Yes", "meaning": "Signed by both sides and reviewed", "level": 3},
                {"value": "0", "label": "No", "meaning": "No protocol, or one that has ended", "level": 0},
            ],
            "decisions": [
                {"value": code, "label": label, "meaning": "", "level": None, "outcome": code}
                for code, label in OUTCOMES[:4]
            ],
            "outcomes": OUTCOMES,
            "todo": TODO,
            "moves": MOVES,
            "steps": STEPS,
            "evidence": EVIDENCE,
            "meters": METERS,
            "tiles": _tiles(),
            "form": ContactForm(prefix="idle"),
            "wrong": wrong,
            "passage": Passage("Pisani protokol o suradnji, na snazi", "hr"),
            "question": Passage("Joint review meeting at least once a year", "en"),
            "crumbs": [{"label": "Self-assessment", "url": "#crumbs"}, {"label": "D5 Police", "url": ""}],
            "ratio": Fraction(7999, 10000),
            "rows": Paginator(range(60), 20).page(2),
            "tag_kinds": ["essential", "core", "developmental", "wait", "stop", "good", "info"],
        },
    )
