from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "116 000 Quality"

    def ready(self) -> None:
        from portal import checks, hooks  # noqa: F401, PLC0415 - registered when the models are ready

        Field.default_error_messages["required"] = _("Fill this in.")
