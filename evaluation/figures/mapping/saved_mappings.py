"""Save the confirmed mappings of a hotline's exports, with keyed digests of this installation.

Names and words are not stored in clear: a column may be named after a person, and an unknown word may be a child's
name. With another SECRET_KEY no mapping is recognized, and users are asked again.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.crypto import salted_hmac

from evaluation.figures.formats import Limits, Source, TableLayout
from evaluation.figures.formats.sheets import read_sheets
from evaluation.figures.mapping.column_mapping import ColumnMapping, Seal, SealedMapping, nearest_mapping, signature
from evaluation.figures.mapping.saved_layouts import find_layout_again, has_layout
from evaluation.models import Hotline, Matching, User

MOST_REMEMBERED = 20
"""The most saved mappings of a hotline that are shown and looked through."""


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


def newest_matchings(hotline: Hotline) -> list[Matching]:
    """Return the newest saved mapping for each set of columns of a hotline, without deleted ones."""
    found: dict[str, Matching] = {}
    for row in Matching.objects.filter(hotline=hotline).select_related("confirmed_by"):
        found.setdefault(row.signature, row)
    return [row for row in found.values() if row.meaning["columns"]][:MOST_REMEMBERED]


def find_saved_layout(hotline: Hotline, source: Source, limits: Limits) -> TableLayout | None:
    """Return where the table of a file is, as a user chose it for an earlier file that was written in the same way.

    The sheets are read at most once, and only if a user of the hotline ever chose a layout. Raises Unreadable.
    """
    seal = cache(_seal_of(hotline))
    mappings = [SealedMapping.again(matching.meaning, seal) for matching in newest_matchings(hotline)]
    chosen = [mapping for mapping in mappings if has_layout(mapping)]
    sheets = read_sheets(source, limits) if chosen else ()
    return next((layout for mapping in chosen if (layout := find_layout_again(mapping, sheets))), None)


def _signature(hotline: Hotline, names: Sequence[str]) -> str:
    return _seal_of(hotline)(signature(names))


def _seal_of(hotline: Hotline) -> Seal:
    def seal(text: str) -> str:
        return salted_hmac(
            "evaluation.figures.mapping.saved_mappings", f"{hotline.uid}\0{text}", algorithm="sha256"
        ).hexdigest()

    return seal
