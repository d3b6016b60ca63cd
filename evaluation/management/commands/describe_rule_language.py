"""Print the page of the rule language."""

from typing import Any

from django.core.management.base import BaseCommand

from evaluation.recomputation.rule_language import describe_rule_language


class Command(BaseCommand):
    help = "Print the worked examples of the rule language in Markdown; docs/rule_language.md is what it prints."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(describe_rule_language(), ending="")
