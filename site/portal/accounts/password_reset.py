"""Password resets by letter: the same time for known and unknown addresses; only the newest link is valid."""

import uuid

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import int_to_base36
from django_tasks import task

from evaluation.models import User
from portal.accounts.models import PasswordReset
from portal.letters import outbox


class NewestLinkOnly(PasswordResetTokenGenerator):
    """A token that is valid until the next one is requested or it is used, for at most PASSWORD_RESET_TIMEOUT."""

    def make_token(self, user: User) -> str:
        PasswordReset.objects.update_or_create(user=user, defaults={"nonce": uuid.uuid4()})
        return super().make_token(user)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        nonce = PasswordReset.objects.filter(user=user).values_list("nonce", flat=True).first()
        return f"{super()._make_hash_value(user, timestamp)}{nonce}"


def ask_for_letter(user: User | None) -> None:
    """Queue a task that sends the letter. For an unknown address there is a task too, which does nothing."""
    write_reset_letter.enqueue(str(user.uid if user else uuid.uuid4()))


@task(queue_name=outbox.QUEUE, priority=outbox.URGENT)
def write_reset_letter(uid: str) -> None:
    user = User.objects.filter(uid=uid, is_active=True).first()
    if user is None:
        return
    key = NewestLinkOnly().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(user.pk), "key": key})
    outbox.write_letter("password_reset_key", {"link": outbox.address_of(path)}, to=user, is_urgent=True)
