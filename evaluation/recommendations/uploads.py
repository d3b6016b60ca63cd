"""Upload a proof of a recommendation in parts."""

from functools import partial

from evaluation.answers.evidence.uploads import begin_upload_for, finish_upload_with
from evaluation.files.inspection import Upload
from evaluation.models import PartialUpload, Recommendation, User
from evaluation.recommendations.progress import add_proof, require_under_way


def begin_proof(
    recommendation: Recommendation, *, words: str, name: str, size: int, digest: str, limit: int, by: User
) -> PartialUpload:
    """Return the upload of a file, with its description: a new one, an interrupted one, or one that is a proof already.

    Raises InvalidPart. Raises Unacceptable if the file is empty or too big, and unless the work is under way.
    """
    target = {
        "evaluation": recommendation.evaluation,
        "code": recommendation.code,
        "recommendation": recommendation,
    }
    require = partial(require_under_way, recommendation, name)
    upload = begin_upload_for(target, require, name=name, size=size, digest=digest, limit=limit, by=by)
    if upload.words != words:
        upload.words = words
        upload.save(update_fields=["words"])
    return upload


def finish_proof(upload: PartialUpload, *, limit: int) -> PartialUpload:
    """Check the complete file and add it as a proof. See `finish_upload_with`."""
    assert upload.recommendation is not None  # set by begin_proof
    return finish_upload_with(upload, partial(require_under_way, upload.recommendation, upload.name), _add, limit=limit)


def _add(upload: PartialUpload, inspected: Upload) -> None:
    assert upload.recommendation is not None
    upload.proof = add_proof(upload.recommendation, by=upload.by, upload=inspected, words=upload.words)
