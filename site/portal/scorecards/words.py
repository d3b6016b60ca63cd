"""The texts of reasons against publishing an outcome."""

from django.utils.translation import gettext_lazy as _

from portal.presentation.reasons import declare_reasons

declare_reasons(
    {
        "no_extent": (_("It is not chosen what becomes public"), _("Choose it.")),
        "decision_is_newer": (_("A newer decision came in between"), _("Look at what becomes public now.")),
    }
)

declare_reasons(
    {
        "no_public_report": (
            _("The version of the report for the public is not printed in every language of the report"),
            _("Prepare it on the page of the publication."),
        ),
    },
    page="publish",
)

declare_reasons(
    {
        "no_report": (_("The report of the decision that stands is not printed"), _("Print it, then publish.")),
    },
    page="report",
)
