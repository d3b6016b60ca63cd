"""Write docs/state_machines.md from the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from evaluation.workflow.diagrams import describe_machines

DOCUMENT = Path("docs") / "state_machines.md"


class Command(BaseCommand):
    help = "Writes the diagram and the moves of each state machine into docs/state_machines.md."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        (settings.BASE_DIR / DOCUMENT).write_text(describe_machines())
        self.stdout.write(f"{DOCUMENT} is written.")
