"""The newest reset link of each user."""

import uuid

from django.conf import settings
from django.db import models


class PasswordReset(models.Model):
    """The nonce that makes the newest reset link valid and all earlier ones invalid."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nonce = models.UUIDField(default=uuid.uuid4)
