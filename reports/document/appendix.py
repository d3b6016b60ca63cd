"""The appendix: the rule, the method, the sources, and the digests by which anybody can verify the report."""

from collections.abc import Iterator

from evaluation.engine.scoring.explanation import CoverageCount, coverage
from reports.document.composer import Composer
from reports.document.facts import FiguresFile
from reports.document.rule import compose_result, compose_rule
from reports.document.shape import Appendix, FiguresSource, Note, Pair
from standards.presentation.sentences import Sentence


def compose_appendix(composer: Composer) -> Appendix:
    facts, locale = composer.facts, composer.locale
    return Appendix(
        parts=locale.order("appendix_parts"),
        rule=tuple(compose_rule(composer, outcome) for outcome in composer.framework.rule.outcomes),
        results=tuple(compose_result(composer, code) for code in composer.framework.by_result),
        method=_method(composer),
        levels=tuple(Note(str(level), composer.guide(f"level/{level}")) for level in composer.framework.scale.levels),
        basis=_basis(composer),
        sources=tuple(_source(composer, file) for file in facts.files),
        proof=(
            *_submission(composer),
            Pair(locale.gettext("Edition {code}, sha256").format(code=facts.edition.code), facts.edition.sha256),
            Pair(locale.gettext("What went in, sha256"), facts.scorecard.input_digest),
            Pair(locale.gettext("Scorecard, sha256"), facts.scorecard.sha256),
            Pair(locale.gettext("Version of the engine"), facts.scorecard.card.engine),
        ),
    )


def _submission(composer: Composer) -> Iterator[Pair]:
    """Yield the digest of the submission that was examined, if any, and whether the coordinator signed it."""
    submission, locale = composer.facts.submission, composer.locale
    if submission is None:
        return
    words = (
        locale.gettext("Self-assessment, signed by the hotline’s coordinator on {day}, sha256")
        if submission.is_signed
        else locale.gettext("Self-assessment, submitted on {day}, sha256")
    )
    yield Pair(words.format(day=locale.day(submission.submitted_on)), submission.sha256)


def _method(composer: Composer) -> tuple[Sentence, ...]:
    locale, texts, scale = composer.locale, composer.facts.rule_texts, composer.framework.scale
    first = locale.gettext(
        "What an assessor saw counts; where nobody looked, what was counted; "
        "where nothing is counted, what the hotline says."
    )
    levels = locale.gettext("Yes counts as level {best}, no as level {worst}. A number becomes a level by its bands.")
    meaning = locale.gettext("“{obligation}”: {sentences}")
    exactly = locale.gettext(
        "Everything is computed with exact fractions and compared before it is rounded; "
        "what is shown is rounded down to one decimal."
    )
    return (
        composer.sentence(first),
        composer.sentence(levels, best=scale.best, worst=scale.worst),
        *(
            composer.sentence(meaning, obligation=composer.obligation(code), sentences=Sentence.joined(sentences))
            for code, sentences in texts.obligations.items()
        ),
        *map(composer.sentence, texts.methods),
        composer.sentence(exactly),
    )


def _basis(composer: Composer) -> tuple[Pair, ...]:
    """Return the counts of indicators that the scores are based on: found, missing, not applicable, and so on."""
    locale = composer.locale
    names = {
        "found": locale.gettext("Found"),
        "missing": locale.gettext("Missing"),
        "excused": locale.gettext("Not applicable"),
        "differing": locale.gettext("Seen otherwise"),
        "not_asked": locale.gettext("Not asked yet"),
        "not_asked_here": locale.gettext("Not asked of this hotline"),
    }
    return tuple(Pair(names[part.name], _format_count(composer, part)) for part in coverage(composer.card))


def _format_count(composer: Composer, part: CoverageCount) -> str:
    """Format a count: `2 of 124, 1.6 %: 4.1.2, 9.3.1`."""
    locale = composer.locale
    values = {
        "count": part.count,
        "all": part.of,
        "share": composer.score(part.ratio).text,
        "codes": ", ".join(part.codes),
    }
    if part.ratio is None:
        return locale.gettext("{count} of {all}").format(**values)
    if not part.codes:
        return locale.gettext("{count} of {all}, {share}").format(**values)
    return locale.gettext("{count} of {all}, {share}: {codes}").format(**values)


def _source(composer: Composer, file: FiguresFile) -> FiguresSource:
    locale = composer.locale
    return FiguresSource(
        name=file.name,
        period=locale.gettext("{first} to {last}").format(
            first=locale.day(file.period_start), last=locale.day(file.period_end)
        ),
        origin=", ".join(part for part in (file.definitions, file.source_system, file.completeness) if part),
        sha256=file.sha256,
    )
