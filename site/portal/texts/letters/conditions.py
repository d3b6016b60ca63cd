"""Letters about a condition that the panel set, and about its last day."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import PAGE, THEIR_REASONS, THEIR_WORDS, Letter, texts_of

CONDITION = (_("The condition:"), "\n{condition}")
_EXAMPLES = {"condition": "4.1.2", "days": 30, "outcome": _("Accredited")}


def _letter(name: str, subject: object, *body: object) -> Letter:
    return Letter(name, subject, body, examples=_EXAMPLES)  # type: ignore[arg-type] # pieces of `Letter`


TEXTS = texts_of(
    "conditions",
    _letter(
        "condition/send",
        _("%(hotline)s: evidence for a condition"),
        _("%(hotline)s sent evidence that a condition of the panel is met. Check it and record what you see."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/send_back",
        _("%(hotline)s: the evidence for a condition is sent back"),
        _("The evidence is not complete. Add what is missing and send it by %(day)s."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/record_check",
        _("%(hotline)s: the panel rules on a condition"),
        _("A condition of %(hotline)s was checked. A member of the panel rules whether it is met."),
        CONDITION,
        THEIR_WORDS,
        PAGE,
    ),
    _letter(
        "condition/meet",
        _("%(hotline)s: a condition is met"),
        _("The panel ruled that a condition of %(hotline)s is met."),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/meet_last",
        _("%(hotline)s: all conditions are met"),
        _(
            "All conditions of %(hotline)s are met. The outcome is now “%(outcome)s”, until %(day)s as before. The "
            "register shows it once Missing Children Europe publishes it."
        ),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/fail",
        _("%(hotline)s: a condition is not met"),
        _(
            "The panel ruled that a condition of %(hotline)s is not met. The panel may extend it or decide anew. The "
            "hotline can still send evidence until then."
        ),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "condition/extend",
        _("%(hotline)s: a condition is extended to %(day)s"),
        _("The panel extended a condition of %(hotline)s. Its last day is now %(day)s."),
        CONDITION,
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "reconsider",
        _("%(hotline)s: the panel decides anew"),
        _("The panel takes its decision about %(hotline)s up again and votes anew. Until then the outcome stays."),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "keep_decision",
        _("%(hotline)s: the decision stays as it is"),
        _("The panel leaves its decision about %(hotline)s as it is. It may still extend the unmet condition."),
        THEIR_REASONS,
        PAGE,
    ),
    _letter(
        "date_condition",
        _("%(hotline)s: a condition is due on %(day)s"),
        _(
            "Evidence for a condition of %(hotline)s can be sent until %(day)s, 23:59 %(zone)s time. Days left: "
            "%(days)s."
        ),
        CONDITION,
        PAGE,
    ),
    _letter(
        "date_condition_late",
        _("%(hotline)s: a condition is overdue"),
        _(
            "No evidence came by %(day)s for a condition of %(hotline)s. The panel extends it or decides anew. The "
            "hotline can still send evidence until then."
        ),
        CONDITION,
        PAGE,
    ),
)
