"""The photos and documents of a visit on its pages, for users who may read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from evaluation.models import User, Visit
from evaluation.visits.files import own_files, signed_off_at
from evaluation.visits.recording import is_recording
from portal.visits.recording.progress import Original, readable_files
from portal.visits.shown.files import show_recorded_file


def show_files(
    visit: Visit, user: User, originals: Mapping[str, Sequence[Original]] | None
) -> dict[str, list[dict[str, Any]]]:
    """Return the files attached to observations, by indicator, for the evidence component.

    A file whose author is among the `originals` of its indicator is added to that original instead. Without
    `originals`, these are the user's own files, which they can remove while they record, unless they are signed off. At
    most three queries.
    """
    evaluation = visit.evaluation
    found: dict[str, list[dict[str, Any]]] = {}
    is_own = originals is None
    files = own_files(visit, user).select_related("by") if is_own else readable_files(visit, user)
    may_remove = is_own and is_recording(visit, user)
    signed_at = signed_off_at(visit) if may_remove else None
    for file in files:
        item = show_recorded_file(file, evaluation.uid)
        if may_remove and (signed_at is None or file.at > signed_at):
            standard = evaluation.framework.standard_of[file.code].code
            place = [evaluation.uid, standard, file.code, file.uid]
            item["remove_url"] = reverse("workspace:remove_recorded_file", args=place)
        of_author = [one.files for one in (originals or {}).get(file.code, ()) if one.seen.by_id == file.by_id]
        (of_author[0] if of_author else found.setdefault(file.code, [])).append(item)
    return found
