from django.apps import AppConfig
from django.forms import ChoiceField, DateField, Field, IntegerField, ModelChoiceField
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "116 000 Quality"

    def ready(self) -> None:
        import portal.texts.letters  # noqa: PLC0415 - declared when translations are ready
        import portal.texts.pages  # noqa: F401, PLC0415 - declared when translations are ready
        from portal.accounts import signals  # noqa: F401, PLC0415 - registered when the models are ready
        from portal.handbook import practice_pages  # noqa: F401, PLC0415 - registers acts when models are ready
        from portal.letters import approvals  # noqa: F401, PLC0415 - before Wagtail connects its own letters
        from portal.operations import checks  # noqa: F401, PLC0415 - registered when the models are ready

        _replace_library_texts()


def _replace_library_texts() -> None:
    """Replace the error messages of Django's own fields with those of this site."""
    Field.default_error_messages["required"] = _("Fill this in.")
    DateField.default_error_messages["invalid"] = _("This is not a day of the calendar. Write it as in 2026-11-24.")
    IntegerField.default_error_messages["invalid"] = _("Write a whole number, such as 12.")
    for field in (ChoiceField, ModelChoiceField):
        field.default_error_messages["invalid_choice"] = _("This is not among the choices. Choose one that is shown.")
