"""The fixed words of the paper: headings, column names, keys of the charts."""

from reports.document.speech import Speech

SYSTEM = "116 000 Quality"
NUMBER = "116\u00a0000"
PUBLISHER = "Missing Children Europe"


def name_priority(priority: int, say: Speech) -> str:
    return {
        1: say.pgettext("priority", "first"),
        2: say.pgettext("priority", "next"),
        3: say.pgettext("priority", "when possible"),
    }[priority]


def write_labels(say: Speech) -> dict[str, str]:
    """By code, as the templates and the spreadsheet ask for them."""
    return {
        "system": SYSTEM,
        "number": NUMBER,
        "summary": say.gettext("Summary"),
        "outcome": say.gettext("Outcome"),
        "overall": say.gettext("Overall"),
        "rounded_down": say.gettext("rounded down to one decimal"),
        "gates": say.gettext("What it takes"),
        "met": say.pgettext("condition", "met"),
        "not_met": say.pgettext("condition", "not met"),
        "domains": say.gettext("Domains"),
        "key_bar": say.gettext("Bar: what counts, the assessors’ word first"),
        "key_ring": say.gettext("Ring: the hotline’s own word"),
        "key_hatch": say.gettext("Hatched: below it"),
        "does_well": say.gettext("What it does well"),
        "no_good_practice": say.gettext("The assessors noted no good practice on this visit."),
        "next": say.gettext("What happens next"),
        "score": say.gettext("Score"),
        "standards": say.gettext("Standards"),
        "indicators": say.gettext("Indicators"),
        "code": say.gettext("Code"),
        "indicator": say.gettext("Indicator"),
        "obligation": say.gettext("Obligation"),
        "hotline": say.gettext("Hotline"),
        "assessor": say.gettext("Assessor"),
        "open": say.gettext("– not looked at: the hotline’s word or the figures count"),
        "missing": say.gettext("no data"),
        "key_missing": say.gettext("nothing was said; it counts as the lowest level"),
        "not_applicable": say.gettext("not applicable"),
        "key_not_applicable": say.gettext("it leaves the score"),
        "not_scored": say.gettext("not scored"),
        "key_not_scored": say.gettext("shown, and never counted"),
        "seen": say.gettext("What was seen"),
        "good_practice": say.gettext("Good practice"),
        "differences": say.gettext("Where hotline and assessors differ"),
        "key_differences": say.gettext("the assessors’ word counts"),
        "hotline_wrote": say.gettext("The hotline wrote:"),
        "what_comes_next": say.gettext("What comes next"),
        "recommendations": say.gettext("Recommendations"),
        "demands": say.gettext("Conditions of this accreditation"),
        "no_recommendations": say.gettext("There are none."),
        "by": say.gettext("By"),
        "who": say.gettext("Who"),
        "look_for": say.gettext("We will look for"),
        "appendix": say.gettext("Appendix"),
        "how_decided": say.gettext("How this was scored and decided"),
        "rule": say.gettext("The rule"),
        "key_rule": say.gettext("Outcomes are tried in this order; the first whose conditions all hold is proposed."),
        "method": say.gettext("How it is computed"),
        "levels": say.gettext("The levels"),
        "all_scores": say.gettext("All scores"),
        "standard": say.gettext("Domain or standard"),
        "said": say.gettext("Hotline’s word"),
        "points": say.gettext("Points"),
        "key_points": say.gettext("reached, of the most that was possible"),
        "basis": say.gettext("What it rests on"),
        "key_basis": say.gettext("of the indicators that count; what is not applicable, of all that are asked"),
        "response": say.gettext("The hotline’s response"),
        "assessors_answered": say.gettext("The assessors answered:"),
        "sources": say.gettext("Where the figures come from"),
        "no_sources": say.gettext("No file of figures was confirmed for this period."),
        "file": say.gettext("File"),
        "period": say.gettext("Period"),
        "origin": say.gettext("Definitions and source"),
        "proof": say.gettext("Proof"),
        "key_proof": say.gettext("Whoever holds the files can compute these digests again."),
    }
