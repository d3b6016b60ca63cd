"""Download all documents of an evaluation as a ZIP file with a manifest, for users who may see the evaluation."""

import csv
from io import StringIO
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from evaluation.answers.evidence.archive import Entry, stream_archive
from evaluation.answers.evidence.listing import list_evidence
from portal.access import find_evaluation
from portal.presentation.tables import escape_formula
from portal.presentation.uploaded_files import DOWNLOAD_POLICY
from portal.requests.signed_in import SignedInRequest

COLUMNS = (
    *("file", "content", "name_or_address", "bytes", "sha256", "in_force_from", "in_force_until"),
    *("answers", "added_by", "added_at"),
)
"""The columns of the manifest, the same in every language."""


@require_safe
def archive(request: SignedInRequest, uid: UUID) -> StreamingHttpResponse:
    """Stream the evidence that the answers of the evaluation have now."""
    evaluation = find_evaluation(request, uid)
    blocks = stream_archive(list_evidence(evaluation), write_manifest)
    response = StreamingHttpResponse(blocks, content_type="application/zip")
    name = slugify(f"evidence {evaluation.hotline.country} {evaluation.round.name}")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def write_manifest(entries: list[Entry]) -> bytes:
    """Return the manifest as CSV, with the digest of each written file. Cells are escaped against formula injection."""
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    for entry in entries:
        thing = entry.thing
        is_written = bool(entry.file)
        sheet.writerow(
            [
                *(escape_formula(entry.file), entry.content.value, escape_formula(thing.name)),
                *((entry.size, entry.sha256) if is_written else ("", "")),
                *(day.isoformat() if day else "" for day in (thing.begins_on, thing.ends_on)),
                *(
                    " ".join(thing.codes),
                    escape_formula(thing.added_by.name),
                    thing.added_at.isoformat(timespec="seconds"),
                ),
            ]
        )
    return ("\ufeff" + written.getvalue()).encode()
