"""The consultations of the demonstration on the draft of the next edition: one is closed, with its report, one open."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from wagtail.models import Page

from evaluation.consultation.comments import answer_comment, save_comment
from evaluation.consultation.draft_text import read_data
from evaluation.consultation.moves import prepare_consultation
from evaluation.models import Consultation, Hotline, User
from evaluation.workflow import perform
from portal.demonstration.clock import Clock, at, working_day
from standards.editions.next_edition import begin_edition, next_title
from standards.editions.release import find_edition_page
from standards.models import DomainPage, EditionPage, IndicatorPage

WORDS = Path("fixtures/demonstration/consultations.toml")
BEGUN, FIRST, FIRST_ENDS, SECOND, SECOND_ENDS = 100, 90, 62, 12, -24
"""Days since the draft was begun, since the first consultation opened and closed, and so on."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """Who takes part: the invited hotlines by country, their coordinators, an assessor, and MCE's people."""

    hotlines: Mapping[str, Hotline]
    coordinators: Mapping[str, User]
    assessor: User
    editor: User
    mce: User


def consult(clock: Clock, former_code: str, who: Consulted, today: date) -> Iterator[datetime]:
    """Begin the next edition as a copy of the former one, consult on it twice, reword what was accepted, and approve a domain."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    yield at(today - timedelta(days=BEGUN), 9, 30)
    former = find_edition_page(former_code)
    year = max(today.year, int(former.code)) + 1
    draft = begin_edition(former, code=str(year), title=next_title(former, year), user=who.editor)
    yield from _run(clock, draft, who, words["first"], today, (FIRST, FIRST_ENDS))
    yield at(today - timedelta(days=FIRST_ENDS - 5), 10)
    for code, wording in words["reworded"].items():
        indicator = IndicatorPage.objects.descendant_of(draft).get(code=code)
        indicator.wording = wording
        indicator.save_revision(user=who.editor)
    yield at(today - timedelta(days=FIRST_ENDS - 8), 14)
    domain = DomainPage.objects.descendant_of(draft).get(code=words["approved"])
    _approve(domain, who)
    yield from _run(clock, draft, who, words["second"], today, (SECOND, SECOND_ENDS))


def _run(
    clock: Clock, draft: EditionPage, who: Consulted, words: dict[str, Any], today: date, days: tuple[int, int]
) -> Iterator[datetime]:
    """Open a consultation, comment and answer, and close it if its last day is over."""
    opens, ends = (working_day(today - timedelta(days=ago)) for ago in days)
    yield at(opens, 9, 15)
    consultation = Consultation(name=words["name"] % {"code": draft.code}, page=draft, opens_on=opens, closes_on=ends)
    prepare_consultation(consultation, who.hotlines.values(), [who.assessor], by=who.mce)
    clock.wait(20)
    perform(consultation, "open", by=who.mce)
    keys = {one.code: key for key, one in read_data(consultation.text.content).indicators.items()}
    yield from _comments(clock, consultation, who, words["comments"], keys, opens)
    if ends < today:
        yield at(ends, 17)
        perform(consultation, "close", by=who.mce)


def _comments(
    clock: Clock,
    consultation: Consultation,
    who: Consulted,
    comments: Iterable[dict[str, Any]],
    keys: Mapping[str, str],
    opens: date,
) -> Iterator[datetime]:
    """Save the comments, each some days after the consultation opened; MCE answers some of them soon after."""
    for number, comment in enumerate(comments):
        by = who.assessor if comment["by"] == "assessor" else who.coordinators.get(comment["by"])
        if by is None:  # the hotline is not part of a small demonstration
            continue
        yield at(opens + timedelta(days=comment["day"]), 9 + number % 7, 11 * number % 60)
        code = comment["code"]
        save_comment(
            consultation, keys[code], code, words=comment.get("words", ""), urgency=comment.get("urgency"), by=by
        )
        if answer := comment.get("answer"):
            clock.wait(45)
            given = consultation.comments.get(by=by, code=code)
            answer_comment(
                given,
                resolution=answer["resolution"],
                words=answer["words"],
                comment_version=given.version,
                version=0,
                by=who.mce,
            )


def _approve(page: Page, who: Consulted) -> None:
    """Submit a page as its editor, who reviews it, and approve it as MCE's coordinator."""
    workflow = page.get_workflow()
    workflow.start(page, who.editor)
    for person in (who.editor, who.mce):
        state = Page.objects.get(pk=page.pk).current_workflow_task_state
        state.task.specific.on_action(state, person, "approve")
