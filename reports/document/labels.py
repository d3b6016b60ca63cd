"""The fixed texts of the report: headings, column names, legends of the charts."""

from reports.document.composer import ReportLocale

SYSTEM = "116 000 Quality"
NUMBER = "116\u00a0000"
PUBLISHER = "Missing Children Europe"


def name_priority(priority: int, locale: ReportLocale) -> str:
    return {
        1: locale.pgettext("priority", "first"),
        2: locale.pgettext("priority", "next"),
        3: locale.pgettext("priority", "when possible"),
    }[priority]


def write_labels(locale: ReportLocale) -> dict[str, str]:
    """Return the texts by code, for the templates and the spreadsheet."""
    return {
        "system": SYSTEM,
        "number": NUMBER,
        "outcome": locale.gettext("Outcome"),
        "overall": locale.gettext("Overall"),
        "further_result": locale.gettext("Found from the same answers, beside the decision, which it does not change."),
        "rounded_down": locale.gettext("rounded down to one decimal"),
        "gates": locale.gettext("What it takes"),
        "met": locale.pgettext("condition", "met"),
        "not_met": locale.pgettext("condition", "not met"),
        "key_bar": locale.gettext("Bar: what counts, the assessors’ word first"),
        "key_ring": locale.gettext("Ring: the hotline’s own word"),
        "key_hatch": locale.gettext("Hatched: below it"),
        "score": locale.gettext("Score"),
        "standards": locale.gettext("Standards"),
        "indicators": locale.gettext("Indicators"),
        "code": locale.gettext("Code"),
        "indicator": locale.gettext("Indicator"),
        "obligation": locale.gettext("Obligation"),
        "hotline": locale.gettext("Hotline"),
        "assessor": locale.gettext("Assessor"),
        "open": locale.gettext("– not looked at: the hotline’s word or the figures count"),
        "missing": locale.gettext("no data"),
        "key_missing": locale.gettext("nothing was said; it counts as the lowest level"),
        "not_applicable": locale.gettext("not applicable"),
        "key_not_applicable": locale.gettext("it leaves the score"),
        "not_scored": locale.gettext("not scored"),
        "key_not_scored": locale.gettext("shown, and never counted"),
        "hotline_wrote": locale.gettext("The hotline wrote:"),
        "by": locale.gettext("By"),
        "who": locale.gettext("Who"),
        "look_for": locale.gettext("We will look for"),
        "levels": locale.gettext("The levels"),
        "standard": locale.gettext("Domain or standard"),
        "self_score": locale.gettext("Hotline’s word"),
        "points": locale.gettext("Points"),
        "key_points": locale.gettext("reached, of the most that was possible"),
        "assessors_answered": locale.gettext("The assessors answered:"),
        "file": locale.gettext("File"),
        "period": locale.gettext("Period"),
        "origin": locale.gettext("Definitions and source"),
    }
