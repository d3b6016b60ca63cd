"""The appendix: the rule, the method, the sources and the digests, so that the paper can be checked without us."""

from reports.document.facts import FiguresFile
from reports.document.labels import name_obligation
from reports.document.rule import write_rule
from reports.document.shape import Appendix, FiguresSource, Note, Pair
from reports.document.speech import Teller


def compose_appendix(tell: Teller) -> Appendix:
    facts, say = tell.facts, tell.say
    return Appendix(
        rule=tuple(write_rule(tell, outcome) for outcome in tell.framework.rule.outcomes),
        method=_method(tell),
        levels=tuple(Note(str(level), tell.guide(f"level/{level}")) for level in tell.framework.scale.levels),
        sources=tuple(_source(tell, file) for file in facts.files),
        proof=(
            Pair(say.gettext("Edition {code}, sha256").format(code=facts.edition.code), facts.edition.sha256),
            Pair(say.gettext("What went in, sha256"), facts.kept.input_digest),
            Pair(say.gettext("Scorecard, sha256"), facts.kept.sha256),
            Pair(say.gettext("Version of the engine"), facts.kept.card.engine),
        ),
    )


def _method(tell: Teller) -> tuple[str, ...]:
    say, rule = tell.say, tell.framework.rule
    weights = tell.listed(
        [
            say.gettext("{obligation} {weight}").format(obligation=name_obligation(obligation, say), weight=weight)
            for obligation, weight in sorted(rule.weights.items(), key=lambda pair: -pair[1])
        ]
    )
    return (
        say.gettext(
            "What an assessor saw counts; where nobody looked, what was counted; "
            "where nothing is counted, what the hotline says."
        ),
        say.gettext(
            "Yes counts as level {highest}, no as level {lowest}. A number becomes a level by its bands."
        ).format(highest=tell.framework.scale.highest, lowest=tell.framework.scale.lowest),
        say.gettext(
            "A standard is the weighted mean of its indicators, as points of the most that was possible. "
            "Weights: {weights}."
        ).format(weights=weights),
        say.gettext("A domain is the mean of its standards; the whole is the mean of the domains."),
        say.gettext("Not applicable and not scored leave the score. Missing stays in it, at the lowest level."),
        say.gettext(
            "Everything is computed with exact fractions and compared before it is rounded; "
            "what is shown is rounded down to one decimal."
        ),
    )


def _source(tell: Teller, file: FiguresFile) -> FiguresSource:
    say = tell.say
    return FiguresSource(
        name=file.name,
        period=say.gettext("{first} to {last}").format(first=say.day(file.period_start), last=say.day(file.period_end)),
        origin=", ".join(part for part in (file.definitions, file.source_system, file.completeness) if part),
        sha256=file.sha256,
    )
