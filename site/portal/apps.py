from importlib import import_module

from django.apps import AppConfig
from django.forms import ChoiceField, DateField, Field, IntegerField, ModelChoiceField
from django.utils.dateformat import DateFormat
from django.utils.translation import gettext_lazy as _

from standards.presentation.reading_language import interface_language

WORDS = (
    "portal.rounds.words",
    "portal.evaluation.words",
    "portal.answers.words",
    "portal.visits.words",
    "portal.response.words",
    "portal.panel.words",
    "portal.scorecards.words",
    "portal.accreditation.words",
    "portal.recommendations.words",
    "portal.practices.words",
    "portal.exchanges.words",
    "portal.figures.words",
    "portal.consultation.words",
    "portal.people.words",
)
"""The modules that declare the texts of moves and of reasons."""

LETTERS = (
    "portal.rounds.letters",
    "portal.evaluation.letters",
    "portal.discussions.letters",
    "portal.visits.letters",
    "portal.panel.letters",
    "portal.accreditation.letters",
    "portal.accreditation.condition_letters",
    "portal.reminders.letters",
    "portal.recommendations.letters",
    "portal.practices.letters",
    "portal.exchanges.letters",
    "portal.figures.letters",
    "portal.consultation.letters",
    "portal.approval.letters",
    "portal.accounts.letters",
    "portal.accounts.person_changes",
)
"""The modules that declare letters, in the order of the list in which MCE edits their texts."""


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "116 000 Quality"

    def ready(self) -> None:
        import portal.texts.pages  # noqa: F401, PLC0415 - declared when translations are ready
        from portal import signals  # noqa: F401, PLC0415 - registered when the models are ready
        from portal.handbook import practice_pages  # noqa: F401, PLC0415 - registers acts when models are ready
        from portal.operations import checks  # noqa: F401, PLC0415 - registered when the models are ready

        for module in (
            *WORDS,
            *LETTERS,
        ):  # declared when the models are ready, and before Wagtail connects its own letters
            import_module(module)
        _replace_library_texts()
        DateFormat.S = _format_ordinal  # type: ignore[assignment] # replaces a method of Django
        _escape_formulas_of_reports()


def _replace_library_texts() -> None:
    """Replace the error messages of Django's own fields with those of this site."""
    Field.default_error_messages["required"] = _("Fill this in.")
    DateField.default_error_messages["invalid"] = _("This is not a day of the calendar. Write it as in 2026-11-24.")
    IntegerField.default_error_messages["invalid"] = _("Write a whole number, such as 12.")
    for field in (ChoiceField, ModelChoiceField):
        field.default_error_messages["invalid_choice"] = _("This is not among the choices. Choose one that is shown.")


_FIRST = {"fr": "er", "it": "º"}
"""What follows the number of a month’s first day, by language. No other day has an ordinal there."""


def _format_ordinal(date: DateFormat) -> str:
    """Return what follows the number of a day in the formats of `portal.formats`. Django's own is English only."""
    return _FIRST.get(interface_language(), "") if date.j() == 1 else ""


def _escape_formulas_of_reports() -> None:
    """Escape the cells of Wagtail's reports in CSV as those of our own; in its XLSX files they are texts already."""
    from wagtail.admin.views.mixins import SpreadsheetExportMixin  # noqa: PLC0415 - when the models are ready

    from portal.presentation.tables import escape_formula  # noqa: PLC0415 - when translations are ready

    preprocess = SpreadsheetExportMixin.preprocess_field_value

    def escaped(view: SpreadsheetExportMixin, field: str, value: object, export_format: str) -> object:
        cell = preprocess(view, field, value, export_format)
        return escape_formula(cell) if isinstance(cell, str) and export_format == view.FORMAT_CSV else cell

    SpreadsheetExportMixin.preprocess_field_value = escaped
