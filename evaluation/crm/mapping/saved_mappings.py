"""Save the confirmed mappings of a hotline's exports, with keyed digests of this installation.

Names and words are not stored in clear: a column may be named after a person, and an unknown word may be a child's
name. With another SECRET_KEY no mapping is recognized, and users are asked again.
"""

from collections.abc import Iterable, Sequence

from django.utils.crypto import salted_hmac

from evaluation.crm.mapping.column_mapping import ColumnMapping, Seal, SealedMapping, nearest_mapping, signature
from evaluation.models import Hotline, Matching, User


def save_mapping(hotline: Hotline, names: Sequence[str], mapping: ColumnMapping, *, by: User) -> Matching:
    return Matching.objects.create(
        hotline=hotline,
        signature=_signature(hotline, names),
        level=mapping.level,
        meaning=SealedMapping.of(mapping, _seal_of(hotline)).as_data(),
        confirmed_by=by,
    )


def find_saved_mapping(hotline: Hotline, names: Sequence[str]) -> Matching | None:
    """Return the newest mapping of exactly these columns, or None."""
    return Matching.objects.filter(hotline=hotline, signature=_signature(hotline, names)).first()


def mapping_of(matching: Matching) -> SealedMapping:
    return SealedMapping.again(matching.meaning, _seal_of(matching.hotline))


def find_nearest(names: Sequence[str], matchings: Iterable[Matching]) -> ColumnMapping | None:
    """Return the mapping of the most similar columns, or None."""
    return nearest_mapping(names, map(mapping_of, matchings))


def _signature(hotline: Hotline, names: Sequence[str]) -> str:
    return _seal_of(hotline)(signature(names))


def _seal_of(hotline: Hotline) -> Seal:
    def seal(text: str) -> str:
        return salted_hmac(
            "evaluation.crm.mapping.saved_mappings", f"{hotline.uid}\0{text}", algorithm="sha256"
        ).hexdigest()

    return seal
