"""What a person said of a hotline's export is remembered under seals that only this installation can make.

None of its names and words is kept: a column may be named after somebody, and a word that is no code may be a child.
With another SECRET_KEY nothing is known again, and people are asked once more.
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
    """The newest of these columns."""
    return Matching.objects.filter(hotline=hotline, signature=_signature(hotline, names)).first()


def mapping_of(matching: Matching) -> SealedMapping:
    return SealedMapping.again(matching.meaning, _seal_of(matching.hotline))


def find_nearest(names: Sequence[str], matchings: Iterable[Matching]) -> ColumnMapping | None:
    """What was said of the columns most like these."""
    return nearest_mapping(names, map(mapping_of, matchings))


def _signature(hotline: Hotline, names: Sequence[str]) -> str:
    return _seal_of(hotline)(signature(names))


def _seal_of(hotline: Hotline) -> Seal:
    def seal(text: str) -> str:
        return salted_hmac(
            "evaluation.crm.mapping.saved_mappings", f"{hotline.uid}\0{text}", algorithm="sha256"
        ).hexdigest()

    return seal
