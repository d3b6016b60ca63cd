"""Composing: the cover, and the parts put together in the order of the paper."""

from reports.document.advice import compose_demands, compose_recommendations
from reports.document.appendix import compose_appendix
from reports.document.domains import compose_domain
from reports.document.facts import Facts
from reports.document.labels import PUBLISHER, write_labels
from reports.document.shape import AnsweredNote, Cover, Document, Pair, ResponsePart
from reports.document.speech import Speech, Teller, Words
from reports.document.summary import compose_summary
from standards.presentation.sentences import Passage


def compose(facts: Facts, words: Words, say: Speech) -> Document:
    """Tell one decision in the language of `facts`: the Guide's texts from `words`, everything else through `say`."""
    tell = Teller(facts, words, say)
    recommendations = compose_recommendations(tell)
    return Document(
        language=facts.language,
        title=say.gettext("Report on the 116 000 hotline of {place}, {round}").format(
            place=facts.hotline.name, round=facts.examined.round
        ),
        author=PUBLISHER,
        issue=facts.issue,
        edition=facts.edition.code,
        hotline=facts.hotline.code,
        place=facts.hotline.name,
        foot=_foot(tell),
        sample=_sample(tell),
        labels=write_labels(say),
        cover=_cover(tell),
        summary=compose_summary(tell, recommendations),
        domains=tuple(compose_domain(tell, place) for place in range(len(facts.framework.domains))),
        demands=compose_demands(tell),
        recommendations=recommendations,
        response=_response(tell),
        appendix=compose_appendix(tell),
    )


def _response(tell: Teller) -> ResponsePart:
    """What the hotline said to the draft, or that it said nothing."""
    say, response = tell.say, tell.facts.response
    if response is None:
        return ResponsePart(say.gettext("The hotline did not respond to the draft."), Passage(""), ())
    day = say.day(response.given_on)
    order = {code: place for place, code in enumerate(tell.framework.indicators)}
    remarks = tuple(
        AnsweredNote(code, tell.written(response.remarks[code]), tell.written(response.replies.get(code, "")))
        for code in sorted(response.remarks, key=lambda c: order[c])
    )
    if not response.words.strip() and not remarks:
        nothing = say.gettext("The hotline has nothing to add to the draft. It said so on {day}.")
        return ResponsePart(nothing.format(day=day), Passage(""), ())
    said = say.gettext("The hotline responded to the draft on {day}.").format(day=day)
    return ResponsePart(said, tell.written(response.words), remarks)


def _cover(tell: Teller) -> Cover:
    facts, say = tell.facts, tell.say
    pairs = [Pair(say.gettext("Run by"), facts.hotline.operator or say.gettext("not recorded"))]
    if visit := facts.visit:
        days = say.day(visit.starts_on)
        if visit.ends_on != visit.starts_on:
            days = say.gettext("{first} to {last}").format(first=days, last=say.day(visit.ends_on))
        pairs.append(Pair(say.gettext("Remote visit") if visit.is_remote else say.gettext("Study visit"), days))
        team = visit.lead or say.gettext("not recorded")
        if visit.team:
            team = say.gettext("{lead}, with {others}").format(lead=team, others=tell.listed(visit.team))
        pairs.append(Pair(say.gettext("Lead assessor"), team))
    pairs += [
        Pair(say.gettext("Decision"), say.day(facts.decided.decided_on)),
        Pair(
            say.gettext("Issue"),
            say.gettext("{number} of {code}, {round}").format(
                number=facts.issue, code=facts.hotline.code, round=facts.examined.round
            ),
        ),
    ]
    return Cover(
        title=say.gettext("Report on the hotline of {place}").format(place=facts.hotline.name),
        subtitle=say.gettext("Evaluated against the Practical Guide for hotline operators, edition {edition}").format(
            edition=facts.edition.code
        ),
        facts=tuple(pairs),
        motto=say.gettext("The European number for missing children: one number, the same answer everywhere."),
        publisher=PUBLISHER,
    )


def _sample(tell: Teller) -> str:
    """What is invented, said on the cover and in the foot; empty when nothing is."""
    say, invented, sample = tell.say, tell.facts.hotline.is_invented, tell.facts.edition.is_sample
    if invented and sample:
        return say.gettext("Sample report: an invented hotline, and a sample text of the Guide")
    if invented:
        return say.gettext("Sample report: an invented hotline")
    if sample:
        return say.gettext("Made with a sample text of the Guide")
    return ""


def _foot(tell: Teller) -> str:
    facts, say = tell.facts, tell.say
    issue = say.gettext("{code}, {round}, issue {number}").format(
        code=facts.hotline.code, round=facts.examined.round, number=facts.issue
    )
    if not facts.address:
        return issue
    return say.gettext("{issue} · check at {address}").format(issue=issue, address=facts.address)
