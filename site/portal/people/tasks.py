"""What is to be done next for the people of the network: changes to confirm, letters that failed, missing files."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import PersonChange
from portal.accounts import person_changes
from portal.letters.outbox import failing_letters
from portal.requests.stored_files import still_missing
from portal.tasks import Task, TaskKind, TaskSearch, Waiting

CONFIRM = Task("people.confirm", "people", gettext_lazy("Confirm or drop"))
READ_LETTER = Task("outbox.view", "letter", gettext_lazy("To the letter"))
RESTORE = Task("network.follow", "", gettext_lazy("To the file"))


def _changes_of_people(_search: TaskSearch) -> Iterator[Waiting]:
    proposed = PersonChange.objects.filter(state=PersonChange.State.PROPOSED)
    for change in proposed.select_related("hotline", "proposed_by"):
        url = f"{reverse('workspace:people')}#waiting"
        yield Waiting(change, change.name, url, change.proposed_at, person_changes.describe(change))


def _failed(_search: TaskSearch) -> Iterator[Waiting]:
    for letter in failing_letters().select_related("to_user"):
        name = letter.to_user.name if letter.to_user else letter.to_address
        yield Waiting(letter, name, READ_LETTER.url(letter), letter.written_at, letter.subject, is_late=True)


def _missing_files(_search: TaskSearch) -> Iterator[Waiting]:
    for missing in still_missing():
        why = _("It was stored and cannot be read. Ask who runs the server to put it back from a backup.")
        yield Waiting(None, missing.name, missing.address, missing.asked_at, why, is_late=True)


CHANGES = (TaskKind("people", gettext_lazy("Changes of people to confirm"), CONFIRM, _changes_of_people),)
FAILURES = (
    TaskKind("letters", gettext_lazy("Letters that failed"), READ_LETTER, _failed),
    TaskKind("files", gettext_lazy("Files that are missing"), RESTORE, _missing_files),
)
