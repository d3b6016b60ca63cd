"""The editable texts of the printed report: titles and introductions of its sections, and the order of its parts."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from reports.texts.declaration import Kind, Piece, Text, declare

TITLES: dict[str, Piece] = {
    "motto": _("The European number for missing children: one number, the same answer everywhere."),
    "summary": _("Summary"),
    "domains": _("Domains"),
    "does_well": _("What it does well"),
    "next": _("What happens next"),
    "seen": _("What was seen"),
    "good_practice": _("Good practice"),
    "differences": _("Where hotline and assessors differ"),
    "what_comes_next": _("What comes next"),
    "recommendations": _("Recommendations"),
    "demands": _("Conditions of this accreditation"),
    "response": _("The hotline’s response"),
    "appendix": _("Appendix"),
    "how_decided": _("How this was scored and decided"),
    "rule": _("The rule"),
    "method": _("How it is computed"),
    "all_scores": _("All scores"),
    "basis": _("What it rests on"),
    "sources": _("Where the figures come from"),
    "proof": _("Proof"),
}
SENTENCES: dict[str, Piece] = {
    "no_good_practice": _("The assessors noted no good practice on this visit."),
    "key_differences": _("the assessors’ word counts"),
    "no_recommendations": _("There are none."),
    "key_rule": _("Outcomes are tried in this order; the first whose conditions all hold is proposed."),
    "key_basis": _("of the indicators that count; what is not applicable, of all that are asked"),
    "no_sources": _("No file of figures was confirmed for this period."),
    "key_proof": _("Whoever holds the files can compute these digests again."),
}
INTRODUCTIONS = ("summary_introduction", "recommendations_introduction", "appendix_introduction")
"""Texts whose default is empty. They are printed only if an editor has written one."""

PARTS: dict[str, Piece] = {
    "domains": TITLES["domains"],
    "recommendations": TITLES["recommendations"],
    "appendix": TITLES["appendix"],
}
APPENDIX: dict[str, Piece] = {
    code: TITLES[code] for code in ("rule", "method", "all_scores", "basis", "sources", "proof")
}


def key_of(code: str) -> str:
    return f"report.{code}"


def _texts() -> Iterator[Text]:
    for code, title in TITLES.items():
        yield Text(key_of(code), "report", _("A title in the printed report."), Kind.LINE, (title,), longest=120)
    for code, sentence in SENTENCES.items():
        yield Text(key_of(code), "report", _("A sentence in the printed report."), Kind.LINE, (sentence,), longest=300)
    for code in INTRODUCTIONS:
        place = {
            "summary_introduction": _(
                "An introduction to the summary of the printed report. There is none by default."
            ),
            "recommendations_introduction": _(
                "An introduction to the recommendations of the printed report. There is none by default."
            ),
            "appendix_introduction": _(
                "An introduction to the appendix of the printed report. There is none by default."
            ),
        }[code]
        yield Text(key_of(code), "report", place, Kind.LINES, ("",), longest=3_000)
    for code, place, parts in (
        ("parts", _("The order of what follows the summary of the printed report."), PARTS),
        ("appendix_parts", _("The order of the sections of the appendix of the printed report."), APPENDIX),
    ):
        yield Text(key_of(code), "report", place, Kind.ORDER, ("\n".join(parts),), parts=parts)


declare(_texts())
