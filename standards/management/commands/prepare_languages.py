"""Create a Locale for each language of the setting, so that pages can be translated."""

from typing import Any

from django.core.management.base import BaseCommand

from standards.editions.page_loader import prepare_locales


class Command(BaseCommand):
    help = (
        "Let editors translate pages into each language of GUIDE_LANGUAGES. Run it once after the setting has changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_locales()
