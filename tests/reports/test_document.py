"""The composed document: every number from the scorecard, four kinds of missing values, a sentence for each result."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from evaluation.engine.scoring import Evidence, Judgement, Partial, as_tenths, measure, score
from reports.document import (
    ChangeFacts,
    DecisionFacts,
    Document,
    FrozenScorecard,
    HowDecided,
    IndicatorRow,
    RecommendationFacts,
    RequirementFacts,
    ResponseFacts,
    digest_of,
    write_document,
)
from standards.framework import Test, Wording, canonical
from standards.models import Texts
from tests.reports.small_report import EVIDENCE, GOLDEN, small_document, small_facts, small_texts, write_golden
from tests.small_edition import SMALL, wording_of

EVERYTHING = Evidence(
    answers={code: Judgement(level=3) for code, i in SMALL.indicators.items() if i.measure != "numeric"}
    | {"3.2.2": Judgement(value=Fraction(30))},
    figures={"A03": Fraction(1000), "A04": Fraction(1000), "A05": Fraction(0), "A06": Fraction(0)},
)


def row_of(document: Document, code: str) -> IndicatorRow:
    return next(row for part in document.domains for row in part.indicators if row.code == code)


def finding_for(**answers: Judgement) -> str:
    """Return the summary's sentence about the findings, with everything complete except these, written `i1_1_1=`."""
    changed = {name[1:].replace("_", "."): judgement for name, judgement in answers.items()}
    evidence = replace(EVERYTHING, answers={**EVERYTHING.answers, **changed})
    return str(small_document(small_facts(evidence, recommendations=())).summary.finding)


def test_the_document_is_as_it_was_kept() -> None:
    assert write_golden(small_document()) == GOLDEN.read_text()


def test_the_same_facts_give_the_same_digest_and_another_issue_another() -> None:
    assert digest_of(small_document()) == digest_of(small_document())
    assert digest_of(small_document()) != digest_of(small_document(small_facts(issue=2)))


def test_the_document_has_a_canonical_form_without_floats() -> None:
    assert canonical(write_document(small_document())).startswith('{"appendix":')


def test_every_score_is_the_scorecards_rounded_down() -> None:
    card, document = small_facts().scorecard.card, small_document()
    assert document.summary.overall.tenths == as_tenths(card.overall)
    assert [part.score.tenths for part in document.domains] == [as_tenths(domain.ratio) for domain in card.domains]
    assert [part.self_score.tenths for part in document.domains] == [
        as_tenths(domain.self_score) for domain in card.domains
    ]
    assert [
        (row.code, row.score.tenths, row.points, row.of) for part in document.domains for row in part.standards
    ] == [
        (standard.code, as_tenths(standard.ratio), standard.points, standard.of)
        for domain in card.domains
        for standard in domain.standards
    ]


def test_four_kinds_of_nothing_are_told_apart() -> None:
    document = small_document()
    rows = {code: row_of(document, code) for code in ("1.1.2", "1.2.1", "3.1.3", "3.2.1")}
    assert {code: (row.hotline.kind, row.hotline.level, row.assessor.kind) for code, row in rows.items()} == {
        "1.1.2": ("level", 0, "open"),
        "1.2.1": ("not_applicable", None, "not_applicable"),
        "3.1.3": ("value", None, "not_scored"),
        "3.2.1": ("missing", None, "open"),
    }
    assert [str(row.note) for row in rows.values()] == [
        "",
        "Leaves the score.",
        "8.3\u00a0% from the figures (A06 80; A03 1,000; A05 40).",
        "Missing: counts as level 0.",
    ]


def test_an_item_that_was_not_recorded_is_named_and_is_no_zero() -> None:
    evidence = replace(EVIDENCE, figures={**EVIDENCE.figures, "A05": None})
    row = row_of(small_document(small_facts(evidence)), "3.1.1")
    assert (row.hotline.kind, str(row.note)) == ("missing", "Not recorded: A05. Missing: counts as level 0.")


def test_a_domain_in_which_nothing_applies_has_no_score() -> None:
    nothing = Judgement(not_applicable=True)
    evidence = Evidence(answers={"1.2.1": nothing}, findings={"1.2.1": nothing})
    part = small_document(small_facts(evidence, recommendations=())).domains[0]
    assert [(row.code, row.score.tenths, row.score.text, row.terms) for row in part.standards] == [
        ("1.1", 0, "0.0\u00a0%", "0 of 15"),
        ("1.2", None, "no score", ""),
    ]


def test_the_summary_says_what_is_short() -> None:
    no, low, nothing = Judgement(level=0), Judgement(level=1), Judgement()
    assert finding_for() == "Everything that the Guide insists on is in place"
    assert finding_for(i9_1_2=nothing) == "1 indicator that the Guide insists on has no evidence yet"
    assert finding_for(i9_1_2=low) == "Every domain reaches the line; 1 indicator is short of what the Guide asks"
    assert finding_for(i1_1_1=no, i9_1_1=no, i9_1_2=low) == (
        "2 indicators and one domain are short of what the Guide asks"
    )
    assert finding_for(i9_1_1=no, i9_1_2=Judgement(level=2)) == "One domain is below the line: D9 short_title (en)"
    assert finding_for(i9_1_1=no, i9_1_2=Judgement(level=2), i1_1_2=no, i1_2_1=no) == "2 domains are below the line"
    assert finding_for(i1_2_1=low, i3_2_1=no, i9_1_2=Judgement(level=2)) == (
        "Each domain reaches the line; the whole does not yet"
    )


def test_what_stands_between_names_the_condition_and_the_recommendation() -> None:
    unmet = small_document().summary.unmet_conditions
    assert [(o.code, o.reason, o.remedy) for o in unmet] == [
        ("D9", "40.0\u00a0%. Each domain needs 60\u00a0%.", "recommendation 2"),
        ("All", "55.5\u00a0%. It needs 80\u00a0%.", ""),
    ]


def test_nothing_stands_between_when_every_condition_holds() -> None:
    summary = small_document(small_facts(EVERYTHING, recommendations=())).summary
    assert summary.unmet_conditions == ()
    assert str(summary.unmet_title) == "Nothing stands between this hotline and “Accredited (en)”"
    assert [(gate.is_met, gate.strong, str(gate.text)) for gate in summary.gates] == [
        (
            True,
            "all reach it",
            "Every indicator of the class “Essential (en)” reaches level 2 (2 (en)) or better.",
        ),
        (True, "all reach it", "Every domain reaches 60\u00a0%."),
        (True, "100.0\u00a0%", "The overall score reaches 80\u00a0%."),
    ]


def test_the_paper_says_what_the_scores_rest_on() -> None:
    basis = {pair.label: pair.text for pair in small_document().appendix.basis}
    assert basis == {
        "Found": "6 of 7, 85.7\u00a0%",
        "Missing": "1 of 7, 14.2\u00a0%: 3.2.1",
        "Not applicable": "1 of 8, 12.5\u00a0%: 1.2.1",
        "Seen otherwise": "1 of 2, 50.0\u00a0%: 9.1.1",
    }


def test_the_hotlines_response_stands_in_the_paper_with_its_day() -> None:
    response = small_document().response
    assert response.summary == "The hotline responded to the draft on 3 July 2026."
    assert response.words.text == "We thank the team."
    assert [(note.code, note.text.text, note.reply.text) for note in response.remarks] == [
        ("9.1.1", "The record is kept at the desk.", "We asked for it there and got none.")
    ]
    silent = small_document(small_facts(response=None)).response
    assert (silent.summary, silent.remarks) == ("The hotline did not respond to the draft.", ())
    content = small_document(small_facts(response=ResponseFacts(date(2026, 7, 3), " "))).response
    assert "change" not in write_document(small_document())["response"]["remarks"][0]
    assert content.summary == "The hotline has nothing to add to the draft. It said so on 3 July 2026."


@pytest.mark.parametrize(
    ("code", "was", "now", "words"),
    [
        ("9.1.1", Judgement(level=0), Judgement(level=3), "from “No” to “Yes”"),
        ("9.1.2", Judgement(level=1), Judgement(not_seen=True), "from “1 (en)” to “could not be looked at”"),
        ("9.1.2", Judgement(), Judgement(not_applicable=True), "from “no finding” to “not applicable”"),
        ("3.1.1", Judgement(value=Fraction(1)), Judgement(value=Fraction(3, 2)), "from “1\u00a0%” to “1.5\u00a0%”"),
    ],
)
def test_what_the_assessors_changed_after_the_response_stands_beside_their_reply(
    code: str, was: Judgement, now: Judgement, words: str
) -> None:
    response_facts = ResponseFacts(
        date(2026, 7, 3), "", {code: "Not so."}, {code: "So it is."}, {code: ChangeFacts(was, now)}, 5
    )
    response = small_document(small_facts(response=response_facts)).response
    assert response.summary == "The hotline responded to the draft on 3 July 2026. It accepts 5 findings."
    (note,) = response.remarks
    assert str(note.change) == f"The assessors changed the finding {words}."
    withheld = small_document(small_facts(response=response_facts, withheld=frozenset({code}), figures={}))
    assert withheld.response.remarks[0].change is None


def test_counts_that_are_too_small_are_not_told_on_paper() -> None:
    withheld = frozenset({"3.1.1", "3.1.3"})
    document = small_document(small_facts(withheld=withheld, figures={}))
    rows = {code: row_of(document, code) for code in withheld}
    assert {str(row.note) for row in rows.values()} == {"The counts behind it are too small to be told."}
    assert (rows["3.1.1"].hotline.kind, rows["3.1.1"].hotline.level) == ("level", 3)
    assert str(rows["3.1.3"].hotline.text) == "not told"


def test_a_decision_that_departs_says_so() -> None:
    decided = DecisionFacts("conditional", "A plan is under way.", True, date(2026, 9, 14), date(2027, 9, 14))
    summary = small_document(small_facts(decision=decided)).summary
    assert str(summary.proposal) == (
        "The rules propose “Not accredited (en)”. The panel departs from it, for these reasons:"
    )
    assert (summary.outcome, summary.until) == ("conditional", "until 14 September 2027")


def test_recommendations_are_numbered_by_priority_then_by_the_guide() -> None:
    assert [(r.number, r.code, r.priority_name) for r in small_document().recommendations] == [
        (1, "1.1.2", "first"),
        (2, "9.1.1", "next"),
    ]


def test_where_hotline_and_assessor_differ_both_speak() -> None:
    (difference,) = small_document().domains[2].differences
    assert (str(difference.levels), difference.assessor.text, difference.hotline.text) == (
        "hotline Yes, assessor No",
        "No record of it was found.",
        "We do this on every shift.",
    )


def test_numbers_and_dates_are_of_the_language_of_the_report() -> None:
    document = small_document(small_facts(language="fr"), small_texts("fr"))
    assert document.summary.overall.text == "55,5\u00a0%"
    assert {pair.label: pair.text for pair in document.cover.facts}["Décision"] == "14 septembre 2026"
    assert document.domains[0].title.language == ""


def test_a_text_that_is_not_translated_is_marked_with_its_language() -> None:
    partly = {path: text for path, text in wording_of(SMALL, "fr").items() if not path.startswith("domain/D1/")}
    texts = Texts("fr", Wording(partly), "en", Wording(wording_of(SMALL)))
    document = small_document(small_facts(language="fr"), texts)
    assert [part.title.language for part in document.domains] == ["en", "", ""]
    assert document.summary.reasons.language == "en"


def test_a_value_is_rounded_to_the_side_that_flatters_nobody() -> None:
    evidence = replace(EVIDENCE, figures={**EVIDENCE.figures, "A04": Fraction(863_999, 1000)})
    row = row_of(small_document(small_facts(evidence)), "3.1.1")
    assert (row.hotline.level, str(row.note)[:6]) == (2, "89.9\u00a0%")


def test_what_happens_next_has_every_day_in_order() -> None:
    def advice(code: str, month: int) -> RecommendationFacts:
        return RecommendationFacts(code, 1, "Do it", "", "", "Ilze", date(2027, month, 1))

    codes = ("1.1.1", "1.1.2", "3.2.1", "9.1.1")
    many = tuple(advice(code, month) for code, month in zip(codes, (1, 2, 3, 3), strict=True))
    decided = DecisionFacts(
        "conditional",
        "A plan is under way.",
        True,
        date(2026, 9, 14),
        date(2027, 9, 14),
        demands=(
            RequirementFacts("Keep it.", date(2027, 6, 1), "9.1.1"),
            RequirementFacts("Write.", date(2027, 1, 15)),
        ),
        last_day_to_appeal=date(2026, 10, 14),
    )
    summary = small_document(small_facts(recommendations=many, decision=decided)).summary
    assert [(step.day, str(step.text)) for step in summary.next] == [
        ("14 October 2026", "Last day on which the hotline may contest the decision."),
        ("1 January 2027", "Recommendation 1 is due."),
        ("15 January 2027", "Condition 1 must be met."),
        ("1 February 2027", "Recommendation 2 is due."),
        ("1 March 2027", "Recommendations 3 and 4 are due."),
        ("1 June 2027", "Condition 2 must be met."),
        ("14 September 2027", "“Accredited with conditions (en)” ends, unless there is a new decision."),
    ]
    assert [(demand.due, demand.text.text) for demand in summary.demands] == [
        ("by 15 January 2027", "Write."),
        ("by 1 June 2027", "Keep it."),
    ]


def test_the_headline_is_what_the_panel_decided_with_its_days() -> None:
    def headline(outcome: str, until: date | None = None, **other: Any) -> str:
        decided = DecisionFacts(outcome, "So.", True, date(2026, 9, 14), until, **other)
        return str(small_document(small_facts(decision=decided)).summary.title)

    demand, year = RequirementFacts("Write.", date(2027, 1, 15)), date(2027, 9, 14)
    assert headline("accredited", year) == "“Accredited (en)” until 14 September 2027"
    assert headline("conditional", year, demands=(demand, RequirementFacts("Keep it.", date(2027, 6, 1)))) == (
        "“Accredited with conditions (en)” until 14 September 2027, with 2 conditions to be met by 1 June 2027"
    )
    assert headline("deferred", hand_in_by=date(2027, 3, 14)) == (
        "“Deferred (en)”: what is missing is due by 14 March 2027"
    )
    assert headline("not_accredited") == "“Not accredited (en)”"


def test_the_summary_does_not_hold_against_the_panel_what_the_rules_say() -> None:
    def title_of_unmet(outcome: str, evidence: Evidence = EVIDENCE) -> str:
        decided = DecisionFacts(outcome, "So.", True, date(2026, 9, 14), date(2027, 9, 14))
        return str(small_document(small_facts(evidence, recommendations=(), decision=decided)).summary.unmet_title)

    assert title_of_unmet("accredited") == (
        "What the rules hold against “Accredited (en)”, which the panel gives all the same"
    )
    assert title_of_unmet("conditional") == "What stands between this hotline and “Accredited (en)”"
    assert title_of_unmet("conditional", EVERYTHING) == (
        "By the rules nothing stands between this hotline and “Accredited (en)”"
    )


def test_a_decision_says_by_which_way_it_came_and_what_it_takes_the_place_of() -> None:
    def decision_sentence(how: HowDecided, replaces: date | None = None) -> str:
        decided = DecisionFacts("accredited", "Well done.", False, date(2026, 9, 14), None, how, replaces)
        return small_document(small_facts(decision=decided)).summary.decided

    assert [decision_sentence(how) for how in HowDecided] == [
        "decided by the panel on 14 September 2026",
        "decided by the panel after a follow-up visit on 14 September 2026",
        "decided on an appeal on 14 September 2026",
        "corrected by the panel on 14 September 2026",
        "since 14 September 2026, when all conditions were met",
        "decided by the panel on 14 September 2026, as a condition was not met",
        "decided by the panel on 14 September 2026, after scoring again",
    ]
    assert decision_sentence(HowDecided.CONDITIONS_MET, date(2026, 8, 3)) == (
        "since 14 September 2026, when all conditions of the decision of 3 August 2026 were met"
    )
    assert decision_sentence(HowDecided.CORRECTION, date(2026, 8, 3)) == (
        "corrected by the panel on 14 September 2026, in place of the decision of 3 August 2026"
    )
    assert decision_sentence(HowDecided.FOLLOW_UP, date(2026, 8, 3)) == (
        "decided by the panel after a follow-up visit on 14 September 2026, in place of the decision of 3 August 2026"
    )


# --- Figures of part of the period -----------------------------------------------------------------------------------


def note_of(partial: dict[str, Partial]) -> str:
    """Return the report's note on 3.1.1 in an edition that accepts figures of nine months."""
    indicator = replace(SMALL.indicators["3.1.1"], minimum_months=9)
    domains = tuple(
        replace(
            domain,
            standards=tuple(
                replace(s, indicators=tuple(indicator if i.code == "3.1.1" else i for i in s.indicators))
                for s in domain.standards
            ),
        )
        for domain in SMALL.domains
    )
    framework = replace(SMALL, domains=domains)
    evidence = replace(EVERYTHING, figures={}, partial=partial)
    facts = replace(
        small_facts(),
        framework=framework,
        scorecard=FrozenScorecard(score(framework, evidence), "c" * 64, "d" * 64),
        figures={"3.1.1": measure(indicator, {}, partial)},
    )
    return str(row_of(small_document(facts), "3.1.1").note)


def over(count: int, value: int) -> Partial:
    return Partial(tuple(f"2025-{month:02}" for month in range(1, count + 1)), 12, Fraction(value))


def test_a_figure_of_a_part_of_the_time_says_of_how_many_months_it_is() -> None:
    partial = {"A03": over(9, 100), "A04": over(9, 90), "A05": over(9, 10)}
    assert note_of(partial) == "100\u00a0% from the figures (A04 90; A03 100; A05 10). From 9 of 12 months."


@pytest.mark.parametrize(
    ("months", "message"),
    [
        (8, "Recorded for 8 months, at least 9 are asked for: no figure."),
        (1, "Recorded for 1 month, at least 9 are asked for: no figure."),
    ],
)
def test_too_few_months_give_no_figure_and_say_so(months: int, message: str) -> None:
    partial = {"A03": over(months, 100), "A04": over(months, 90), "A05": over(months, 10)}
    assert note_of(partial) == f"{message} Missing: counts as level 0."


def test_items_of_different_months_give_no_figure_and_say_so() -> None:
    partial = {"A03": over(9, 100), "A04": over(10, 90), "A05": over(9, 10)}
    message = "Its items were recorded for different months: no figure. Missing: counts as level 0."
    assert note_of(partial) == message


def test_a_score_at_a_line_that_is_to_be_exceeded_is_said_not_to_be_above_it() -> None:
    def lines(strictly: bool) -> list[tuple[str, bool]]:
        best = SMALL.rule.ranked_outcomes[-1]
        conditions = tuple(
            replace(condition, strictly=strictly, percent=100) if condition.test is Test.DOMAINS else condition
            for condition in best.conditions
        )
        outcomes = tuple(replace(o, conditions=conditions) if o is best else o for o in SMALL.rule.outcomes)
        rule = replace(SMALL.rule, outcomes=outcomes)
        parts = small_document(small_facts(EVERYTHING, framework=replace(SMALL, rule=rule), recommendations=())).domains
        return [(part.line_text, part.is_below) for part in parts]

    assert lines(strictly=False) == [("At or above the line of 100\N{NO-BREAK SPACE}%.", False)] * 3
    assert lines(strictly=True) == [("Not above the line of 100\N{NO-BREAK SPACE}%.", True)] * 3
