import smtplib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

_REMEDIES: list[tuple[type[OSError], str]] = [
    (smtplib.SMTPAuthenticationError, "The mail server refuses user or password of EMAIL_URL."),
    (smtplib.SMTPSenderRefused, "The mail server refuses the sender: see DEFAULT_FROM_EMAIL."),
    (smtplib.SMTPRecipientsRefused, "The mail server refuses the recipient: see the address."),
    (TimeoutError, "The mail server does not answer: see host and port of EMAIL_URL, and the firewall."),
    (ConnectionError, "The mail server does not take the connection: see host and port of EMAIL_URL."),
    (OSError, "See host, port and encryption of EMAIL_URL."),
]
"""What to look at after an error, the most special one first."""


class Command(BaseCommand):
    help = "Sends a letter to an address at once, past the queue, and says what goes wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        try:
            validate_email(address)
        except ValidationError as invalid:
            raise CommandError(f"“{address}” is no address of mail.") from invalid
        text = f"{settings.WAGTAIL_SITE_NAME} at {settings.WAGTAILADMIN_BASE_URL} can send letters.\n"
        answers = [settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None
        try:
            EmailMessage(f"{settings.WAGTAIL_SITE_NAME}: test", text, to=[address], reply_to=answers).send()
        except OSError as error:  # smtplib's errors are OSErrors, too
            remedy = next(remedy for kind, remedy in _REMEDIES if isinstance(error, kind))
            raise CommandError(f"Not sent: {type(error).__name__}: {error}. {remedy}") from error
        self.stdout.write(f"Sent to {address} from {settings.DEFAULT_FROM_EMAIL}. See whether it arrives.")
