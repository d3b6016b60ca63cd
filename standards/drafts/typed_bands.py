"""Typed bands in the editor's form: the line that shows them, or their problems."""

from dataclasses import dataclass

from standards.drafts.fields import Values
from standards.drafts.part_checks import translate_problem
from standards.framework import Formula, Indicator, MalformedEdition, Measure, Scale, find_bands_off_scale, read_bands
from standards.presentation.band_line import BandLine, draw_bands


@dataclass(frozen=True, slots=True)
class TypedBands:
    """The line of typed bands, if it can be drawn, and the problems of the bands as a whole."""

    line: BandLine | None
    sentences: tuple[str, ...] = ()


def draw_typed_bands(values: Values, scale: Scale) -> TypedBands:
    """Return the bands of an indicator's form, from its `code`, `bands`, `unit` and `formula`."""
    try:
        bands = read_bands(values["bands"])
    except MalformedEdition as unreadable:
        return TypedBands(None, tuple(map(translate_problem, unreadable.problems)))
    indicator = Indicator(
        code=values["code"],
        obligation="",
        measure=Measure.NUMERIC,
        unit=values["unit"].strip(),
        bands=bands,
        formula=_read_formula(values["formula"]),
    )
    line = draw_bands(indicator, scale)
    if line is None:
        return TypedBands(None, tuple(map(translate_problem, find_bands_off_scale(indicator, scale))))
    return TypedBands(line, line.sentences)


def _read_formula(text: str) -> Formula | None:
    """Return the formula; None while it is not readable. The line is then drawn as that of an entered number."""
    try:
        return Formula.read(text.strip())
    except MalformedEdition:
        return None
