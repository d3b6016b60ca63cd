"""The shipped criteria in every language of the interface: in words of our own, linked to the sample Guide."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate

TEST_CONTACTS, SHARE_TO_PASS = 10, 80
"""The number of test contacts, and the percentage of them that must meet each criterion, as AIRS asks."""

_KEYS: dict[str, tuple[str, ...]] = {Kind.CONTACTS: ("3.3.1",), Kind.LISTENING: ("3.3.2",)}
"""The permanent keys of the indicators to which the result of a whole sheet is linked."""
_CRITERIA: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    Kind.CONTACTS: (
        ("answered", _("It was answered within the time that the hotline promises."), ()),
        ("service", _("Whoever answered said clearly that this is the hotline for missing children."), ()),
        ("listening", _("They listened: without hurry, without interrupting, without blame."), ()),
        ("danger", _("They asked early whether a child is in danger now."), ()),
        ("questions", _("They asked for what is needed to act, and for nothing more."), ()),
        ("next", _("They said what happens next, who does it and when."), ()),
        ("kept", _("They explained what is kept of the contact, and who may learn of it."), ()),
        ("again", _("They said how to reach the hotline again."), ()),
    ),
    Kind.LISTENING: (
        ("listening", _("The operator listens and leaves room to speak."), ()),
        ("clarity", _("The operator speaks plainly and checks that they are understood."), ()),
        ("child", _("The safety and the view of the child stay at the centre."), ()),
        ("steps", _("The next steps are right, and the other side knows them."), ()),
        ("adapted", _("The operator adapts to whether a child or an adult is speaking."), ("3.3.3",)),
    ),
    Kind.FILES: (
        ("intake", _("The intake is complete."), ("3.2.4",)),
        ("risk", _("A level of risk was recorded at the first contact."), ("3.2.2",)),
        ("actions", _("Every action has its day, and the role that did it."), ()),
        ("transfer", _("What was handed over to others shows what was sent, and that it arrived."), ("6.1.2",)),
        ("closing", _("If it is closed, it says why and on what information."), ("4.4.2",)),
    ),
}


def shipped_sheet(kind: str) -> SheetTemplate:
    """Return the shipped sheet of a kind, its criteria in every language of the interface."""
    is_contacts = kind == Kind.CONTACTS
    return SheetTemplate(
        str(kind),
        settings.LANGUAGE_CODE,
        tuple(Criterion(key, _translate(text), keys) for key, text, keys in _CRITERIA.get(kind, ())),
        asked=TEST_CONTACTS if is_contacts else 0,
        threshold=SHARE_TO_PASS if is_contacts else None,
        keys=_KEYS.get(kind, ()),
    )


def _translate(text: str) -> dict[str, str]:
    found = {}
    for code, _name in settings.INTERFACE_LANGUAGES:
        with translation.override(code):
            found[str(code)] = gettext(text)
    return found
