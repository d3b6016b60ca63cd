"""A file that a browser sends in parts, so that a lost connection costs one part."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from evaluation.models.judgements import private_storage


class PartialUpload(models.Model):
    """A file for an answer or a recommendation, identified by its digest.

    The same file goes on where it stopped, even from another page.

    `evaluation.assessment.evidence.uploads` is the only writer. It goes when nothing was added to it for a while.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey("evaluation.Evaluation", on_delete=models.CASCADE, related_name="uploads")
    code = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """The SHA-256 of the whole file, by the browser. The file is checked against it when it is complete."""
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    """How many bytes are stored: the offset of the next part."""
    recommendation = models.ForeignKey(
        "evaluation.Recommendation", on_delete=models.CASCADE, null=True, related_name="uploads"
    )
    """That it is to prove, with its evaluation and its code; None for the evidence of an answer."""
    words = models.TextField(blank=True, default="")
    """What it shows, of a proof."""
    link = models.ForeignKey("evaluation.Evidence", on_delete=models.SET_NULL, null=True, related_name="+")
    proof = models.ForeignKey("evaluation.Proof", on_delete=models.SET_NULL, null=True, related_name="+")
    """What it became, one of both, so that a browser that did not hear so hears it when it asks again."""
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "code", "by", "digest"],
                condition=models.Q(recommendation=None),
                name="one_upload_a_file_answer_and_person",
            ),
            models.UniqueConstraint(
                fields=["recommendation", "by", "digest"], name="one_upload_a_file_proved_and_person"
            ),
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="no_more_is_received_than_was_announced"
            ),
        ]
        indexes = [models.Index(fields=["changed_at"], name="uploads_that_expire")]

    @property
    def is_taken(self) -> bool:
        """Whether it became something that is still there."""
        return self.link_id is not None or self.proof_id is not None

    @property
    def is_complete(self) -> bool:
        return self.received == self.size


def part_path(part: "UploadPart", _name: str) -> str:
    return f"uploads/{part.upload_id}/{part.offset}"


class UploadPart(models.Model):
    """Some bytes of an upload, stored privately."""

    is_temporary = True
    """Its file is deleted in regular operation."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveIntegerField()
    file = models.FileField(storage=private_storage, upload_to=part_path, max_length=200)

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_part_an_offset")]
