from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from evaluation.models import Membership, Role
from portal.accounts.invitations import WORKS_FOR, invite_first_coordinator


class Command(BaseCommand):
    help = "Invites the first coordinator of Missing Children Europe, and prints the link. They invite everybody else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=list(dict(settings.LANGUAGES)))

    def handle(self, *_args: Any, email: str, name: str, language: str, **_options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"{email} is not an e-mail address.") from wrong
        holder = Membership.objects.today().filter(role=Role.MCE_COORDINATOR, user__is_active=True).first()
        if holder is not None:
            raise CommandError(f"{holder.user.name} is coordinator already, and invites others on the page People.")
        link = invite_first_coordinator(email=email, name=name, language=language)
        self.stdout.write(f"Open this link within {WORKS_FOR.days} days and choose a password:\n{link}")
