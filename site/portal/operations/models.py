"""The state of background jobs, and files that could not be read."""

from django.db import models
from django.utils import timezone


class RunningWorker(models.Model):
    """A worker that runs tasks, and its last heartbeat."""

    name = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class CalendarRun(models.Model):
    """When the calendar last ran: one row."""

    at = models.DateTimeField()
    seal_lines = models.PositiveIntegerField(default=0)
    """The number of lines of the seal file after this run, to detect that its end was cut off."""

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class MissingFile(models.Model):
    """A stored file that could not be read when somebody asked for it. Deleted when it can be read again."""

    name = models.CharField(max_length=200, unique=True)
    field = models.CharField(max_length=100)
    """The field that names it, as `app.Model.field`."""
    address = models.CharField(max_length=300)
    """The path of the page from which it is downloaded."""
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
