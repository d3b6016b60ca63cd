"""The step log: every move of every machine, in a hash chain whose order the database enforces."""

import secrets

from django.conf import settings
from django.db import models

from standards.framework import canonical, digest

GENESIS = "0" * 64


class Step(models.Model):
    """One move, with codes and times. The user and the note are stored in `StepWords`; this row has their seals."""

    kind = models.CharField(max_length=20)
    uid = models.UUIDField()
    """Identifies, with `kind`, the object that moved. Not a foreign key, so that the log outlives the object."""
    seq = models.PositiveIntegerField()
    move = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_seal = models.CharField(max_length=64)
    note_seal = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["kind", "uid", "seq"]
        constraints = [models.UniqueConstraint(fields=["kind", "uid", "seq"], name="one_step_at_a_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}: {self.move}"

    @property
    def own_digest(self) -> str:
        """The digest computed from its content; equal to `digest` unless the row was changed."""
        return digest(
            canonical(
                {
                    "kind": self.kind,
                    "uid": str(self.uid),
                    "seq": self.seq,
                    "move": self.move,
                    "source": self.source,
                    "target": self.target,
                    "at": self.at.isoformat(timespec="microseconds"),
                    "by": self.by_seal,
                    "note": self.note_seal,
                    "previous": self.previous,
                }
            )
        )


class StepWords(models.Model):
    """The user and the note of a step. Deleting this row erases the personal data and leaves the chain valid."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="words")
    salt = models.CharField(max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True)

    @classmethod
    def seal(cls, salt: str, words: str) -> str:
        return digest(f"{salt}\n{words}")

    @staticmethod
    def new_salt() -> str:
        return secrets.token_hex(16)
