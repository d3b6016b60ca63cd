"""The texts of reasons against publishing a year of the network."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models.reasons import Reason


def _too_few_hotlines(reason: Reason) -> tuple[str, str]:
    why = ngettext(
        "So far %(have)d hotline has an accepted file. It takes %(need)d with every number of a table.",
        "So far %(have)d hotlines have an accepted file. It takes %(need)d with every number of a table.",
        reason.have,
    )
    return _("Too few hotlines for any table"), why % {"have": reason.have, "need": reason.need}


def _too_few_changed(reason: Reason) -> tuple[str, str]:
    why = ngettext(
        "Since the last release %(have)d hotline came, left or corrected its figures. What only one or two brought "
        "could be read as theirs by whoever kept the last release: it takes %(need)d.",
        "Since the last release %(have)d hotlines came, left or corrected their figures. What only one or two brought "
        "could be read as theirs by whoever kept the last release: it takes %(need)d.",
        reason.have,
    )
    return _("Too few hotlines have changed for a new release"), why % {"have": reason.have, "need": reason.need}


RELEASE_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "too_few_hotlines": _too_few_hotlines,
    "too_few_changed": _too_few_changed,
    "nothing_new": lambda _reason: (
        _("Nothing has changed since the last release"),
        _("A new one opens when other figures are accepted."),
    ),
    "changed_meanwhile": lambda _reason: (
        _("The figures have changed since you looked at them"),
        _("Below is what would be made public now. Look at it and decide again."),
    ),
}
