"""The editable texts of public pages: home, register, outcomes, the emergency number, how accreditation works."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.letters.examples import EXAMPLES
from reports.texts.declaration import Kind, Piece, Text, declare

LONGEST_LINE = 120
HOME = "home_page"
"""Stands for the home page, which has no view of its own."""


def _line(key: str, place: Piece, default: Piece, page: str = "") -> Text:
    return Text(key, key.partition(".")[0], place, Kind.LINE, (default,), EXAMPLES, longest=LONGEST_LINE, page=page)


def _paragraph(key: str, place: Piece, default: Piece, page: str = "", counted: str = "") -> Text:
    group = key.partition(".")[0]
    return Text(key, group, place, Kind.LINE, (default,), EXAMPLES, longest=600, page=page, counted=counted)


def _home() -> Iterator[Text]:
    heading, sentence = _("A heading of the home page."), _("A sentence of the home page, below a heading.")
    yield _line("home.register_title", heading, _("The register"), HOME)
    yield _paragraph(
        "home.register", sentence, _("Every 116 000 hotline, who runs it, and whether it is accredited."), HOME
    )
    yield _line("home.guide_title", heading, _("The Practical Guide"), HOME)
    yield _paragraph(
        "home.guide", sentence, _("What a good hotline does, standard by standard, and how it is looked at."), HOME
    )
    yield _line("home.work_title", heading, _("For hotlines and assessors"), HOME)
    yield _paragraph(
        "home.work",
        sentence,
        _("Self-assessment, study visits, figures and reports. One comes by invitation of Missing Children Europe."),
        HOME,
    )
    yield _paragraph(
        "home.search",
        _("What search engines show of pages that have no description of their own."),
        _("Accreditation and quality of the European hotlines for missing children, 116 000."),
    )
    yield _paragraph(
        "home.foot",
        _("The foot of every public page."),
        _(
            "Missing Children Europe coordinates the 116 000 hotlines. Texts of the Practical Guide may be used with "
            "its name."
        ),
    )


def _register() -> Iterator[Text]:
    page = "pages:register"
    yield _line("register.title", _("The heading of the register."), _("The hotlines, and where they stand"), page)
    yield _paragraph(
        "register.lead",
        _("The lead of the register, and what search engines show of it."),
        _(
            "Each hotline for missing children is visited and judged against the same Practical Guide. Here you see "
            "where each one stands, and when it was last looked at."
        ),
        page,
    )
    yield _paragraph(
        "register.map",
        _("A sentence above the map of the register."),
        _("One square is one hotline, whatever the size of the country, roughly where the country lies."),
        page,
    )
    yield _paragraph(
        "register.none",
        _("A sentence below the numbers of the register."),
        _(
            "“No accreditation” says nothing bad about the people who answer: most hotlines have not been looked at yet."
        ),
        page,
    )
    yield _paragraph(
        "register.refusals_hidden",
        _("What follows it where an edition does not make refusals public."),
        _("A hotline that was looked at and not accredited stands there, too: such decisions are not published."),
        page,
    )


def _number() -> Iterator[Text]:
    place = _("The bar with the number 116 000 on every public page.")
    yield _line("number.question", place, _("Is a child missing?"))
    yield _line("number.free", place, _("The call is free."))
    yield _line("number.danger", place, _("A child in danger right now? %(emergency_number)s."))


def _outcomes() -> Iterator[Text]:
    place = _("What the outcome of a hotline means, on its public page.")
    yield _paragraph(
        "outcomes.accredited", place, _("The hotline does what the Practical Guide asks of an accredited hotline.")
    )
    yield _paragraph(
        "outcomes.accredited_works_on",
        place,
        ngettext_lazy(
            "It works on one recommendation, listed on this page.",
            "It works on %(number)s recommendations, listed on this page.",
            "number",
        ),
        counted="number",
    )
    yield _paragraph("outcomes.conditional", place, _("The hotline does most of what the Practical Guide asks."))
    yield _paragraph(
        "outcomes.conditional_works_on",
        place,
        ngettext_lazy(
            "The panel set one condition that is not met yet; it is listed on this page.",
            "The panel set %(number)s conditions that are not met yet; they are listed on this page.",
            "number",
        ),
        counted="number",
    )
    yield _paragraph(
        "outcomes.suspended",
        place,
        _(
            "The accreditation of this hotline has been suspended since %(date)s. While it is suspended the hotline is "
            "not accredited."
        ),
    )
    yield _paragraph(
        "outcomes.deferred",
        place,
        _("The panel has not decided yet: not everything that the Practical Guide asks could be looked at."),
    )
    yield _paragraph(
        "outcomes.running",
        place,
        _("The hotline is being looked at now. The outcome is published when the panel has decided."),
    )
    yield _paragraph(
        "outcomes.expired",
        place,
        _("The accreditation of this hotline ended on %(date)s. It may apply again in any round."),
    )
    yield _paragraph(
        "outcomes.withdrawn",
        place,
        _("The accreditation of this hotline was withdrawn on %(date)s: it is not accredited."),
    )
    yield _paragraph(
        "outcomes.given_up",
        place,
        _("The hotline gave up its accreditation on %(date)s: it is not accredited."),
    )
    yield _paragraph(
        "outcomes.refused",
        place,
        _(
            "The hotline was looked at and does not do enough of what the Practical Guide asks. The decision was "
            "published on %(date)s. It may apply again in any round."
        ),
    )
    yield _paragraph(
        "outcomes.none",
        place,
        _("The hotline has not been looked at yet. This says nothing bad about the people who answer."),
    )
    yield _paragraph(
        "outcomes.none_or_refused",
        place,
        _(
            "The hotline has no accreditation. It has not been looked at yet, or it was not accredited: such decisions "
            "are not published."
        ),
    )


def _accreditation() -> Iterator[Text]:
    page = "pages:accreditation"
    yield _line(
        "accreditation.title", _("The heading of the page, and the links to it."), _("How accreditation works"), page
    )
    yield _paragraph(
        "accreditation.lead",
        _("The lead of the page."),
        _("From the first answer to the published outcome: who looks at a hotline, and who decides."),
        page,
    )
    steps = (
        _("The hotline answers each indicator of the Practical Guide and shows what its answer rests on."),
        _("Assessors read the answers and visit the hotline. None of them has a stake in it."),
        _("The system computes scores from what was seen, and a proposal. Every number can be explained."),
        _("The hotline reads the draft of the report and says where the facts are wrong."),
        _("A panel decides, with written reasons. Nobody on it took part in the visit. The hotline may appeal."),
        _("The outcome is published in the register, and the recommendations are followed up until the next round."),
    )
    body = ("<ol>", *(piece for step in steps for piece in ("<li>", step, "</li>")), "</ol>")
    yield Text("accreditation.body", "accreditation", _("The page itself."), Kind.RICH, body, longest=20_000, page=page)


for texts in (_home(), _register(), _number(), _outcomes(), _accreditation()):
    declare(texts)
