"""Compose the document from its cover and its parts, in the order of the printed report."""

from reports.document.advice import compose_demands, compose_recommendations
from reports.document.appendix import compose_appendix
from reports.document.composer import Composer, GuideTexts, ReportLocale
from reports.document.domains import compose_domain
from reports.document.facts import Facts
from reports.document.labels import PUBLISHER, write_labels
from reports.document.response import compose_response
from reports.document.shape import Cover, Document, Pair
from reports.document.summary import compose_summary


def compose(facts: Facts, words: GuideTexts, locale: ReportLocale) -> Document:
    """Compose the report on one decision in the language of `facts`, with the Guide's texts from `words`."""
    composer = Composer(facts, words, locale)
    recommendations = compose_recommendations(composer)
    return Document(
        language=facts.language,
        title=locale.gettext("Report on the 116 000 hotline of {place}, {round}").format(
            place=facts.hotline.name, round=facts.examined.round
        ),
        author=PUBLISHER,
        issue=facts.issue,
        edition=facts.edition.code,
        hotline=facts.hotline.code,
        place=facts.hotline.name,
        foot=_foot(composer),
        sample=_sample(composer),
        labels=write_labels(locale),
        texts=locale.texts(),
        parts=tuple(code for code in locale.order("parts") if facts.extent != "summary" or code == "appendix"),
        cover=_cover(composer),
        summary=compose_summary(composer, recommendations),
        domains=tuple(compose_domain(composer, place) for place in range(len(facts.framework.domains))),
        demands=compose_demands(composer),
        recommendations=recommendations,
        response=compose_response(composer),
        appendix=compose_appendix(composer),
    )


def _cover(composer: Composer) -> Cover:
    facts, locale = composer.facts, composer.locale
    pairs = [Pair(locale.gettext("Run by"), facts.hotline.operator or locale.gettext("not recorded"))]
    if visit := facts.visit:
        days = locale.day(visit.starts_on)
        if visit.ends_on != visit.starts_on:
            days = locale.gettext("{first} to {last}").format(first=days, last=locale.day(visit.ends_on))
        pairs.append(Pair(locale.gettext("Remote visit") if visit.is_remote else locale.gettext("Study visit"), days))
        team = visit.lead or locale.gettext("not recorded")
        if visit.team:
            team = locale.gettext("{lead}, with {others}").format(lead=team, others=composer.listed(visit.team))
        if not facts.extent:
            pairs.append(Pair(locale.gettext("Lead assessor"), team))
    if facts.extent:
        is_whole = facts.extent == "whole"
        version = locale.gettext("For the public") if is_whole else locale.gettext("Summary for the public")
        pairs.append(Pair(locale.gettext("Version"), version))
    pairs += [
        Pair(locale.gettext("Decision"), locale.day(facts.decision.decided_on)),
        Pair(
            locale.gettext("Issue"),
            locale.gettext("{number} of {code}, {round}").format(
                number=facts.issue, code=facts.hotline.code, round=facts.examined.round
            ),
        ),
    ]
    return Cover(
        title=locale.gettext("Report on the hotline of {place}").format(place=facts.hotline.name),
        subtitle=locale.gettext(
            "Evaluated against the Practical Guide for hotline operators, edition {edition}"
        ).format(edition=facts.edition.code),
        facts=tuple(pairs),
        publisher=PUBLISHER,
    )


def _sample(composer: Composer) -> str:
    """Return the note on invented data and sample texts, for the cover and the footer. It is empty for real data."""
    locale, invented, sample = composer.locale, composer.facts.hotline.is_invented, composer.facts.edition.is_sample
    if invented and sample:
        return locale.gettext("Sample report: an invented hotline, and a sample text of the Guide")
    if invented:
        return locale.gettext("Sample report: an invented hotline")
    if sample:
        return locale.gettext("Made with a sample text of the Guide")
    return ""


def _foot(composer: Composer) -> str:
    facts, locale = composer.facts, composer.locale
    issue = locale.gettext("{code}, {round}, issue {number}").format(
        code=facts.hotline.code, round=facts.examined.round, number=facts.issue
    )
    if not facts.address:
        return issue
    return locale.gettext("{issue} · check at {address}").format(issue=issue, address=facts.address)
