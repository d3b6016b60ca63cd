"""An example for each placeholder, for previews. Names of hotlines, people and rounds work in every language."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from reports.texts.declaration import Example

EXAMPLES: dict[str, Example] = {
    "agenda": "09:00 – 09:30  116 000",
    "appeal": "https://www.example.org/",
    "before": date(2027, 3, 1),
    "busy": "Polska, Hrvatska",
    "by": "Ivan Horvat",
    "calendar": "https://www.example.org/",
    "code": "4.1.2",
    "conditions": "1. 24/7 (18.05.2028)",
    "contact": "quality@example.org",
    "date": date(2027, 3, 31),
    "day": date(2027, 5, 18),
    "days": date(2027, 4, 20),
    "emergency_number": "112",
    "end": date(2026, 12, 31),
    "file": "2026-h2.csv",
    "first": date(2027, 4, 20),
    "hotline": "Portugal",
    "indicators": "Portugal: 1.1.2, 4.1.2\nhttps://www.example.org/",
    "invited": "Marie Dupont",
    "key": "CRM",
    "lead": "Anna Nowak",
    "link": "https://www.example.org/",
    "name": "Anna Nowak",
    "note": _("The hotline does most of what the Practical Guide asks."),
    "now": "Italia",
    "number": 3,
    "open": "- 1.1.2, 4.1.2",
    "outcome": _("Accredited with conditions"),
    "page": "https://www.example.org/",
    "public": "https://www.example.org/",
    "reasons": _("The hotline does most of what the Practical Guide asks."),
    "recommendations": _("The hotline does what the Practical Guide asks of an accredited hotline."),
    "role": _("Assessor"),
    "round": "2027",
    "start": date(2026, 7, 1),
    "team": "Anna Nowak, Ivan Horvat",
    "time": date(2027, 3, 1),
    "title": "116 000",
    "unreached": "Polska",
    "until": date(2029, 5, 18),
    "zone": "Europe/Brussels, UTC+2",
}
