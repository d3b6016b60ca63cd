"""Print the reference page of edition files."""

from typing import Any

from django.core.management.base import BaseCommand

from standards.editions.reference import describe_format


class Command(BaseCommand):
    help = "Print the reference page of edition files in Markdown; docs/edition_files.md is what it prints."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(describe_format(), ending="")
