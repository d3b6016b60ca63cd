from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demonstration import people
from portal.demonstration.building import build, is_built


class Command(BaseCommand):
    help = "Build the demonstration round, once, or print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", action="store_true", help="print the sign-in of each role")

    def handle(self, *, sign_ins: bool, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The demonstration is off: it is for a machine of one's own, never for a server.")
        if not sign_ins:
            if is_built():
                self.stdout.write("The demonstration round is there.")
            else:
                build(report_progress=self.stdout.write)
            return
        for role, address in people.sign_ins():
            self.stdout.write(f"  {role:42}{address}")
        self.stdout.write(f"  {'Password of all':42}{people.PASSWORD}")
