"""Print the JSON Schema of the document of an edition."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from standards.editions.files.schema import edition_schema


class Command(BaseCommand):
    help = "Print the JSON Schema of the document of an edition; docs/edition.schema.json is what it prints."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(edition_schema(), ensure_ascii=False, indent=2))
