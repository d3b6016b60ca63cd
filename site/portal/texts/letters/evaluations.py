"""Letters about the steps of an evaluation up to the panel."""

from django.utils.translation import gettext_lazy as _

from portal.texts.letters.letter import NOTE, PAGE, SUBMIT_BY, THEIR_WORDS, Letter, texts_of

TEXTS = texts_of(
    "evaluations",
    Letter(
        "submit",
        _("%(hotline)s has submitted its self-assessment"),
        (
            _(
                "The hotline of %(hotline)s has submitted its self-assessment in the round %(round)s. The desk "
                "review can begin."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "send_back",
        _("Your self-assessment came back to you"),
        (
            _(
                "Missing Children Europe sent the self-assessment of %(hotline)s in the round %(round)s back to "
                "you. Everything you wrote is there; complete what is named below and submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
    ),
    Letter(
        "reopen_answers",
        _("Some of your indicators came back to you"),
        (
            _(
                "Missing Children Europe sent indicators of the self-assessment of %(hotline)s in the round %(round)s "
                "back to you. Only these can be changed; all others stay as submitted. Change them or reply why they "
                "stay, then submit again."
            ),
            SUBMIT_BY,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"day"},
    ),
    Letter(
        "set_traits",
        _("%(hotline)s: other indicators are asked of you"),
        (
            _(
                "Missing Children Europe changed the traits of %(hotline)s in the round %(round)s, by which some "
                "indicators are asked of a hotline. Everything you wrote is there."
            ),
            _("From now on asked: %(newly)s."),
            _("No longer asked: %(no_longer)s."),
            PAGE,
        ),
        optional=frozenset(("newly", "no_longer")),
        examples={"newly": "1.1.2, 4.1.2", "no_longer": "9.1.1"},
    ),
    Letter(
        "accept",
        _("%(hotline)s: the study visit can begin"),
        (
            _(
                "Missing Children Europe accepted the self-assessment of %(hotline)s in the round %(round)s. You "
                "are on the team of its study visit."
            ),
            PAGE,
        ),
    ),
    Letter(
        "count_corrections",
        _("%(hotline)s: corrected figures count from now on"),
        (
            _(
                "Figures of %(hotline)s were corrected and accepted after its self-assessment in the round "
                "%(round)s was submitted. Missing Children Europe has let the corrected figures count from now on."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "sign_off",
        _("The findings about %(hotline)s are signed off"),
        (
            _(
                "The findings about %(hotline)s in the round %(round)s are signed off. The recommendations are "
                "drafted: edit them if need be, then score the findings and send the draft to the hotline."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "reopen_findings",
        _("%(hotline)s: the findings are open again"),
        (
            _(
                "The findings about %(hotline)s in the round %(round)s are open again. Look at what is named "
                "below, change what has to be changed, and sign off once more."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "propose",
        _("%(hotline)s: the draft is ready for your response"),
        (
            _(
                "The findings about %(hotline)s in the round %(round)s are scored. Read the draft and say where "
                "the facts are wrong, or that you have nothing to add, by %(day)s, 23:59 (time zone %(zone)s). After that "
                "the panel may decide without your word."
            ),
            PAGE,
        ),
    ),
    Letter(
        "take_back",
        _("%(hotline)s: the draft is taken back"),
        (
            _(
                "The draft about %(hotline)s in the round %(round)s is taken back to be worked on. You need not "
                "respond now; what you have typed is kept, and you get the draft again."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        "respond",
        _("%(hotline)s has responded to the draft"),
        (
            _(
                "%(hotline)s has given its response to the draft in the round %(round)s. It lies before the panel, "
                "and you can read it here:"
            ),
            PAGE,
        ),
    ),
    Letter(
        "contested",
        _("%(hotline)s contests findings of the draft"),
        (
            _(
                "%(hotline)s has given its response to the draft in the round %(round)s and contests some of the "
                "findings. The assessors answer each of them; then the panel can vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        "answer_remarks",
        _("%(hotline)s: the assessors have answered you"),
        (
            _(
                "The assessors have answered what %(hotline)s contests in the draft of the round %(round)s. The page says "
                "which findings stay, which have changed, and why. The panel reads it with your response."
            ),
            PAGE,
        ),
    ),
    Letter(
        "before_the_panel",
        _("%(hotline)s is ready for your decision"),
        (
            _(
                "The findings about %(hotline)s in the round %(round)s are scored, and the hotline has had its "
                "time to respond. Declare whether you have a stake, then vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        "vote_again",
        _("%(hotline)s: vote once more"),
        (
            _(
                "The votes about %(hotline)s in the round %(round)s were a tie, and the votes were cleared. Every member "
                "votes once more. There is no third vote."
            ),
            PAGE,
        ),
    ),
    Letter(
        "send_back_to_assessors",
        _("%(hotline)s came back from the panel"),
        (
            _("The panel sent the evaluation of %(hotline)s in the round %(round)s back to you."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
)
