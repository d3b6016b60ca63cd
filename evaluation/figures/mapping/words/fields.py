"""Define the fields of the record formats and the parts of a table of totals, with their translatable names. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.figures.dictionary.items import record_fields
from evaluation.figures.mapping.column_mapping import CASE, CONTACT


class Kind(StrEnum):
    """The kind of value in a column of this use."""

    KEY = "key"
    MONTH = "month"
    CODE = "code"
    CODES = "codes"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    PERIOD = "period"
    YEAR = "year"
    ITEM = "item"
    ANY_CODE = "any code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """A possible use of a column. `list` names its code list, if any."""

    name: str
    label: Any
    kind: Kind
    list: str = ""
    is_required: bool = False


_LABELS = {
    "contact_key": _("Key of the contact, random in each export"),
    "contact_month": _("Month of the contact"),
    "weekday_type": _("Kind of day"),
    "time_band": _("Part of the day"),
    "channel": _("Channel"),
    "direction": _("Direction"),
    "result": _("Result of the contact"),
    "wait_seconds": _("Waiting time in seconds"),
    "language": pgettext_lazy("of a contact", "Language"),
    "interpreter_used": _("Interpreter used"),
    "contact_role": _("Role of the contact person"),
    "contact_type": _("Type of contact"),
    "category": pgettext_lazy("of a missing child", "Category"),
    "risk_level": _("Level of risk"),
    "passed_to_police": _("Passed to the police"),
    "cross_border": _("Cross-border"),
    "linked_to_case": _("Linked to a case"),
    "case_key": _("Key of the case, random in each export"),
    "child_seq": _("Number of the child in the case"),
    "opened_month": _("Month in which the case was opened"),
    "closed_month": _("Month in which the case was closed"),
    "status_end": _("State at the end of the period"),
    "new_in_period": _("New in the period"),
    "category_scope": _("National or international"),
    "at_risk_only": _("Child at risk, not missing"),
    "sex": pgettext_lazy("of a child", "Sex"),
    "age_band": pgettext_lazy("of a child", "Age"),
    "missing_from": _("Place the child went missing from"),
    "country_missing_from": _("Country the child went missing from"),
    "country_found_or_suspected": _("Country where the child is found or thought to be"),
    "region": _("Region of the other country"),
    "repeat_band": _("Earlier disappearances"),
    "main_reason": _("Main reason"),
    "harm_type": _("Violence, abuse or exploitation"),
    "first_reporter": _("Who reported first"),
    "police_informed": _("Police informed"),
    "first_risk_level": _("First level of risk"),
    "manager_assigned_24h": _("Case manager named within 24 hours"),
    "services": _("Services given"),
    "publicity": pgettext_lazy("for a missing child", "Publicity"),
    "child_alert": _("Child alert"),
    "partner_hotline": _("Other hotline involved"),
    "hague_application": _("Hague application"),
    "unaccompanied": pgettext_lazy("of a child", "Unaccompanied"),
    "outcome": pgettext_lazy("of a case", "Outcome"),
    "found_how": _("How the child was found"),
    "duration_band": _("Duration"),
    "aftercare_offered": _("Aftercare offered"),
}


def label(name: str) -> Any:
    """Return the translatable name of a field of the record formats."""
    return _LABELS[name]


@cache
def fields_of(level: str) -> Mapping[str, Field]:
    """Return the fields of a record format, in the order of the dictionary."""
    return {
        name: Field(name, _LABELS[name], Kind(found.type), found.list, found.is_required)
        for name, found in record_fields()[level].items()
    }


PARTS = {
    part.name: part
    for part in (
        Field("period", _("Month, quarter or year"), Kind.PERIOD),
        Field("year", _("Year, beside a column of months or quarters"), Kind.YEAR),
        Field("item", _("What is counted in this row"), Kind.ITEM),
        Field("code1", _("What it is divided by"), Kind.ANY_CODE),
        Field("code2", _("What it is divided by, the second time"), Kind.ANY_CODE),
        Field("value", pgettext_lazy("of a figure", "Number"), Kind.NUMBER),
        Field("quality", pgettext_lazy("of a figure", "Quality"), Kind.CODE, "quality"),
    )
}
"""The uses of columns in a table of totals, in addition to figures and to lists that divide them."""

YES_AND_NO = ("true", "false")


def list_labels() -> dict[str, Any]:
    """Return the translatable names of the code lists that divide figures."""
    found = {f.list: f.label for level in (CONTACT, CASE) for f in fields_of(level).values() if f.list}
    return found | {
        "vulnerability": _("Vulnerability"),
        "referral_to": _("Referred to"),
        "worker_type": _("Paid or voluntary"),
        "funding_source": _("Source of funds"),
    }
