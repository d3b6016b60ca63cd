"""A small edition with one of everything: three domains, nine indicators, every measure and every source."""

from standards.framework import (
    Condition,
    Domain,
    Formula,
    Framework,
    Indicator,
    Measure,
    Obligation,
    Outcome,
    Rule,
    Source,
    Standard,
    Test,
    read_bands,
)

ESSENTIAL, CORE, DEVELOPMENTAL = "essential", "core", "developmental"

OBLIGATIONS = (
    Obligation(ESSENTIAL, weight=3, wanted=3, excusable=False),
    Obligation(CORE, weight=2, wanted=2),
    Obligation(DEVELOPMENTAL, weight=1, wanted=1),
)

RULE = Rule(
    obligations=OBLIGATIONS,
    outcomes=(
        Outcome("deferred", 0, (Condition(Test.INCOMPLETE, ESSENTIAL),)),
        Outcome(
            "accredited",
            36,
            (
                Condition(Test.EVERY, ESSENTIAL, level=2),
                Condition(Test.DOMAINS, percent=60),
                Condition(Test.SCORE, percent=80),
            ),
        ),
        Outcome(
            "conditional",
            12,
            (
                Condition(Test.EVERY, ESSENTIAL, level=1),
                Condition(Test.BELOW, ESSENTIAL, level=2, count=3),
                Condition(Test.SCORE, percent=65),
            ),
            becomes="accredited",
        ),
        Outcome("not_accredited", 0),
    ),
)

SMALL = Framework(
    code="T1",
    rule=RULE,
    domains=(
        Domain(
            "D1",
            (
                Standard(
                    "1.1",
                    (
                        Indicator("1.1.1", ESSENTIAL, Measure.YES_NO, evidence_required=True),
                        Indicator("1.1.2", CORE, Measure.SCALE),
                    ),
                ),
                Standard("1.2", (Indicator("1.2.1", DEVELOPMENTAL, Measure.SCALE, not_applicable=True),)),
            ),
        ),
        Domain(
            "D3",
            (
                Standard(
                    "3.1",
                    (
                        Indicator(
                            "3.1.1",
                            ESSENTIAL,
                            Measure.NUMERIC,
                            Source.STATISTICS,
                            unit="percent",
                            bands=read_bands(">=90:3;>=80:2;>=60:1"),
                            formula=Formula("A04/(A03-A05)"),
                        ),
                        Indicator(
                            "3.1.3",
                            DEVELOPMENTAL,
                            Measure.NUMERIC,
                            Source.STATISTICS,
                            unit="percent",
                            formula=Formula("A06/(A03-A05)"),
                        ),
                    ),
                ),
                Standard(
                    "3.2",
                    (
                        Indicator("3.2.1", CORE, Measure.SCALE, Source.VISIT),
                        Indicator(
                            "3.2.2", CORE, Measure.NUMERIC, unit="hours", bands=read_bands(">=24:3;>=16:2;>=8:1")
                        ),
                    ),
                ),
            ),
        ),
        Domain(
            "D9",
            (
                Standard(
                    "9.1",
                    (
                        Indicator("9.1.1", CORE, Measure.YES_NO, Source.VISIT, not_applicable=True),
                        Indicator("9.1.2", ESSENTIAL, Measure.SCALE, Source.VISIT),
                    ),
                ),
            ),
        ),
    ),
)


def wording_of(framework: Framework, language: str = "en") -> dict[str, str]:
    """Return a text for every path, which names the path and the language: `1.1.1 wording (en)`."""
    named = {
        "title": f"Small edition ({language})",
        "obligation/essential": f"Essential ({language})",
        "obligation/core": f"Core ({language})",
        "obligation/developmental": f"Developmental ({language})",
        "outcome/deferred": f"Deferred ({language})",
        "outcome/accredited": f"Accredited ({language})",
        "outcome/conditional": f"Accredited with conditions ({language})",
        "outcome/not_accredited": f"Not accredited ({language})",
    }
    return {path: named.get(path) or f"{' '.join(path.split('/')[1:])} ({language})" for path in framework.text_paths()}
