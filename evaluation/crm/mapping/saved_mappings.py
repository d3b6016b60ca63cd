"""What a person said of a hotline's export is remembered under seals that only this installation can make.

None of its names and words is kept: a column may be named after somebody, and a word that is no code may be a child.
With another SECRET_KEY nothing is known again, and people are asked once more.
"""

from collections.abc import Iterable, Sequence

from django.utils.crypto import salted_hmac

from evaluation.crm.mapping.column_mapping import Meaning, Seal, Sealed, nearest, signature
from evaluation.models import Hotline, Matching, User


def remember(hotline: Hotline, names: Sequence[str], meaning: Meaning, *, by: User) -> Matching:
    return Matching.objects.create(
        hotline=hotline,
        signature=_signature(hotline, names),
        level=meaning.level,
        meaning=Sealed.of(meaning, _seal_of(hotline)).as_data(),
        confirmed_by=by,
    )


def find_matching(hotline: Hotline, names: Sequence[str]) -> Matching | None:
    """The newest of these columns."""
    return Matching.objects.filter(hotline=hotline, signature=_signature(hotline, names)).first()


def meaning_of(matching: Matching) -> Sealed:
    return Sealed.again(matching.meaning, _seal_of(matching.hotline))


def find_nearest(names: Sequence[str], matchings: Iterable[Matching]) -> Meaning | None:
    """What was said of the columns most like these."""
    return nearest(names, map(meaning_of, matchings))


def _signature(hotline: Hotline, names: Sequence[str]) -> str:
    return _seal_of(hotline)(signature(names))


def _seal_of(hotline: Hotline) -> Seal:
    def seal(text: str) -> str:
        return salted_hmac(
            "evaluation.crm.mapping.saved_mappings", f"{hotline.uid}\0{text}", algorithm="sha256"
        ).hexdigest()

    return seal
