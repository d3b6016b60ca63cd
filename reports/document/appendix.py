"""The appendix: the rule, the method, the sources and the digests, so that the paper can be checked without us."""

from evaluation.scoring.explanation import Counted, basis
from reports.document.facts import FiguresFile
from reports.document.rule import write_rule
from reports.document.shape import Appendix, FiguresSource, Note, Pair
from reports.document.speech import Teller
from standards.presentation.sentences import Sentence


def compose_appendix(tell: Teller) -> Appendix:
    facts, say = tell.facts, tell.say
    return Appendix(
        rule=tuple(write_rule(tell, outcome) for outcome in tell.framework.rule.outcomes),
        method=_method(tell),
        levels=tuple(Note(str(level), tell.guide(f"level/{level}")) for level in tell.framework.scale.levels),
        basis=_basis(tell),
        sources=tuple(_source(tell, file) for file in facts.files),
        proof=(
            Pair(say.gettext("Edition {code}, sha256").format(code=facts.edition.code), facts.edition.sha256),
            Pair(say.gettext("What went in, sha256"), facts.kept.input_digest),
            Pair(say.gettext("Scorecard, sha256"), facts.kept.sha256),
            Pair(say.gettext("Version of the engine"), facts.kept.card.engine),
        ),
    )


def _method(tell: Teller) -> tuple[Sentence, ...]:
    say, told, scale = tell.say, tell.facts.told, tell.framework.scale
    first = say.gettext(
        "What an assessor saw counts; where nobody looked, what was counted; "
        "where nothing is counted, what the hotline says."
    )
    levels = say.gettext("Yes counts as level {best}, no as level {worst}. A number becomes a level by its bands.")
    meaning = say.gettext("“{obligation}”: {sentences}")
    exactly = say.gettext(
        "Everything is computed with exact fractions and compared before it is rounded; "
        "what is shown is rounded down to one decimal."
    )
    return (
        tell.sentence(first),
        tell.sentence(levels, best=scale.best, worst=scale.worst),
        *(
            tell.sentence(meaning, obligation=tell.obligation(code), sentences=Sentence.joined(sentences))
            for code, sentences in told.obligations.items()
        ),
        *map(tell.sentence, told.methods),
        tell.sentence(exactly),
    )


def _basis(tell: Teller) -> tuple[Pair, ...]:
    """What was found of what counts, what is missing, what does not apply, and what was seen otherwise."""
    say = tell.say
    names = {
        "found": say.gettext("Found"),
        "missing": say.gettext("Missing"),
        "excused": say.gettext("Not applicable"),
        "differing": say.gettext("Seen otherwise"),
        "not_asked": say.gettext("Not asked yet"),
    }
    return tuple(Pair(names[part.name], _of(tell, part)) for part in basis(tell.card))


def _of(tell: Teller, part: Counted) -> str:
    """`2 of 124, 1.6 %: 4.1.2, 9.3.1`."""
    say = tell.say
    values = {"count": part.count, "all": part.of, "share": tell.score(part.ratio).text, "codes": ", ".join(part.codes)}
    if part.ratio is None:
        return say.gettext("{count} of {all}").format(**values)
    if not part.codes:
        return say.gettext("{count} of {all}, {share}").format(**values)
    return say.gettext("{count} of {all}, {share}: {codes}").format(**values)


def _source(tell: Teller, file: FiguresFile) -> FiguresSource:
    say = tell.say
    return FiguresSource(
        name=file.name,
        period=say.gettext("{first} to {last}").format(first=say.day(file.period_start), last=say.day(file.period_end)),
        origin=", ".join(part for part in (file.definitions, file.source_system, file.completeness) if part),
        sha256=file.sha256,
    )
