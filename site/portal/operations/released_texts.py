"""The released texts of the Guide for the seal and `verify_log`: each edition and each wording, by its digest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from standards.framework import digest
from standards.models import Edition, EditionWording

EDITION, WORDING = "edition", "wording"
ONLY = 1
"""The number of a released text in the seal file, where steps have their number. A released text has one version."""


@dataclass(frozen=True, slots=True)
class ReleasedText:
    """A frozen structure or wording. `sha256` is the digest stored in its row, `actual` that of its text.

    `name` is the code of the edition, with the language for a wording.
    """

    kind: str
    name: str
    sha256: str
    actual: str
    at: datetime


def read_released_texts() -> Iterator[ReleasedText]:
    """Yield the released editions and wordings. Two queries."""
    for edition in Edition.objects.order_by("code").iterator(chunk_size=10):
        yield ReleasedText(EDITION, edition.code, edition.sha256, digest(edition.structure), edition.released_at)
    wordings = EditionWording.objects.select_related("edition").defer("edition__structure")
    for one in wordings.order_by("edition__code", "language").iterator(chunk_size=10):
        name = f"{one.edition.code}/{one.language}"
        yield ReleasedText(WORDING, name, one.sha256, digest(one.payload), one.published_at)


def compare_text(text: ReleasedText, sealed: Mapping[int, str], sealed_until: datetime | None) -> Iterator[str]:
    """Yield the problems of a released text, by itself and against the seal.

    `sealed` has its digests in the seal. The seal must contain the text if it is older than `sealed_until`.
    """
    place = f"{text.kind} {text.name}"
    if text.actual != text.sha256:
        yield f"{place}: the text was changed. Its row still has the digest of the one that was released."
    known = sealed.get(ONLY)
    if known is not None and known != text.sha256:
        yield f"{place}: its digest is not the one that was sealed. It was changed or replaced after it was sealed."
    if known is None and sealed_until and text.at < sealed_until:
        yield (
            f"{place}: the seal file lacks it, and it is older than the last run of `keep_dates`. The file was cut, or "
            "it was inserted."
        )
