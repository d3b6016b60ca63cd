"""The entries of `edition.toml`: the title page, the scale, the rule and the procedure, and the tests of conditions."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import zip_longest

from standards.editions.entries.entry import (
    ANY_NUMBER,
    MONTHS,
    PERCENT,
    WEIGHTS,
    WEIGHTS_OF_OBLIGATIONS,
    Entry,
    Table,
)
from standards.framework import LEVELS, Aggregation, Method, Obligation, Procedure, Test

_METHODS: Mapping[str, str] = {
    "standard": "How the score of a standard is made of its indicators: `weighted_mean` by the weight of their obligation, "
    "`mean` each counted once, `sum` of their points, `share` of those that reach `level`, `lowest` of them.",
    "domain": "How the score of a domain is made: `mean` of its standards by their weight; any other method takes all its "
    "indicators together.",
    "group": "How the score of a group of domains is made: `mean` of them by their weight, or `lowest` of them.",
    "overall": "How the score of the whole is made: `mean` of the domains by their weight; any other method takes all "
    "indicators together.",
}
_METHODS_OF_TIERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("weighted_mean", tuple(Method)),
    ("mean", tuple(Method)),
    ("lowest", (Method.MEAN, Method.LOWEST)),
    ("share", tuple(Method)),
)
"""For each tier of `_METHODS`, an example and the methods that it may have."""
_PROCEDURE: Mapping[str, str] = {
    "response_days": "Days in which the hotline may answer the draft report.",
    "quorum": "Members of the panel who must vote.",
    "departing": "Members who must vote for an outcome other than the one proposed.",
    "appeal_days": "Days in which the hotline may appeal, from the day it is told.",
    "deferral_months": "Months within which a deferred hotline hands in what is missing.",
    "midterm_months": "Months from the decision to the check of the recommendations.",
    "reminder_months": "Months before the end of an accreditation at which a reminder comes.",
    "publishes_refusals": "Whether the register says of a hotline that it was examined and not accredited.",
    "voting_days": "Days from the first vote in which a decision waits for members who declared and have not voted.",
    "votes_again_on_ties": "Whether members vote once more on a tie. Otherwise, and on a second tie, the less favourable "
    "outcome holds.",
    "chair_breaks_ties": "Whether the vote of the panel's chair counts double on a tie. Without a chair among those who "
    "voted, the rule before applies.",
}

_LEVELS = ('"Not in place"', '"Begun"', '"Largely in place"', '"In place and shown"')

TITLE_PAGE = Table(
    "edition.toml",
    "The title page: what the edition is called, its scale, its rule and its procedure. The entries without brackets stand "
    "before the first table.",
    (
        Entry("code", str, "How the edition is called for good: letters, digits, dots and hyphens.", '"2027"'),
        Entry("title", str, "Its title.", '"Practical Guide for hotline operators, edition 2027"', longest=255),
        Entry("language", str, "The language it is written in, by its code.", '"en"'),
        Entry("introduction", str, "What it is for and what is new in it.", '"What a good hotline does."', ""),
        Entry(
            "examined",
            str,
            "What it calls whom it examines, inside a sentence. Left out: `hotline`.",
            '"hotline"',
            "",
            40,
        ),
        Entry(
            "sample", bool, "Whether the text only stands in for a real Guide. Every page then says so.", "true", False
        ),
        Entry("sample_notice", str, "What the pages of a sample say about it.", '"This text accredits nobody."', ""),
        Entry("scale", dict, "The levels, in a table of their own.", "[scale]"),
        Entry(
            "obligations",
            list,
            "How much the edition insists on an indicator, the most insistent first.",
            "[[obligations]]",
        ),
        Entry("aggregation", dict, "How scores are made, in a table of its own.", "[aggregation]", {}),
        Entry(
            "excused_at_most",
            int,
            "The percentage of a standard that “not applicable” may take out of a score. The rest counts as not reached.",
            "50",
            100,
            bounds=PERCENT,
        ),
        Entry(
            "redistributes",
            bool,
            "Whether the points of what does not apply go to the rest of its standard, so that a standard keeps its share of a "
            "larger score.",
            "false",
            False,
        ),
        Entry(
            "passing",
            list,
            "The conditions by which each standard passes, for the test `failing`. They are conditions as below, without "
            "`group`, `domain`, `standard`, `codes` and `outcome`.",
            '[{ test = "below", level = 2, count = 1 }]',
            [],
        ),
        Entry(
            "procedure", dict, "Periods and numbers of the way to a decision, in a table of its own.", "[procedure]", {}
        ),
        Entry("outcomes", list, "What the panel may decide, in the order in which it is tried.", "[[outcomes]]"),
        Entry(
            "results",
            list,
            "Further results that are found from the same answers and shown beside the decision, which they do not change.",
            "[[results]]",
            [],
        ),
        Entry(
            "traits",
            list,
            "What a hotline may be, for indicators that are asked of such hotlines only, by `asked_if`.",
            "[[traits]]",
            [],
        ),
        Entry(
            "groups",
            list,
            "Groups of domains, in their order. Left out: there are none, and the domains are the highest parts.",
            "[[groups]]",
            [],
        ),
    ),
)
SCALE = Table(
    "[scale]",
    f"The levels by their number, without a gap: any from {LEVELS[0]} to {LEVELS[-1]}, two at least, each with its name.",
    (
        *(
            Entry(str(level), str, f"The name of level {level}, if the scale has it.", example, "", 60)
            for level, example in zip_longest(LEVELS, _LEVELS, fillvalue='"…"')
        ),
        Entry("falling", bool, "Whether the lowest number is the best level.", "false", False),
        Entry(
            "points",
            list,
            "The points of each level, from the lowest number up, never fewer for a better one; they may be negative. Left out, the worst level "
            "has 0 and each better one has 1 more.",
            "[0, 1, 2, 3]",
            [],
        ),
    ),
)
AGGREGATION = Table(
    "[aggregation]",
    "How scores are made.",
    (
        *(
            Entry(tier, str, meaning, f'"{example}"', getattr(Aggregation(), tier).value, choices=choices)
            for (tier, meaning), (example, choices) in zip(_METHODS.items(), _METHODS_OF_TIERS, strict=True)
        ),
        Entry(
            "of_groups",
            bool,
            "Whether the parts of the whole are the groups of domains, by their weight, in place of the domains; then its method "
            "is `mean`.",
            "false",
            False,
        ),
        Entry("level", int, "The level from which a `share` counts; only where something is a share.", "2", None),
    ),
)
PROCEDURE_TABLE = Table(
    "[procedure]",
    "Periods, numbers and choices of the way to a decision and after it.",
    tuple(
        Entry(name, type(usual), _PROCEDURE[name], str(usual).lower(), usual, bounds=(1, ANY_NUMBER[1]))
        for name, usual in asdict(Procedure()).items()
    ),
)
OBLIGATION = Table(
    "[[obligations]]",
    "One class of indicators, by how much the edition insists on it.",
    (
        Entry("code", str, "A short word of small letters and underscores, the same in every language.", '"essential"'),
        Entry("name", str, "What it is called in public.", '"Essential"', longest=60),
        Entry(
            "weight",
            int,
            "How many times such an indicator counts in a mean by weight and in a sum; 0 where it does not.",
            "3",
            Obligation("").weight,
            bounds=WEIGHTS_OF_OBLIGATIONS,
        ),
        Entry(
            "wanted",
            int,
            "The level it asks for: a recommendation is drafted where it is not reached. Left out, none ever is.",
            "2",
            Obligation("").wanted,
        ),
        Entry(
            "excusable", bool, "Whether its indicators may allow “not applicable”.", "false", Obligation("").excusable
        ),
    ),
)
OUTCOME = Table(
    "[[outcomes]]",
    "One outcome. The first whose conditions all hold is proposed to the panel; the last one has none.",
    (
        Entry(
            "code", str, "A short word of small letters and underscores, the same in every language.", '"accredited"'
        ),
        Entry("name", str, "What it is called in public.", '"Accredited"', longest=60),
        Entry(
            "months", int, "How long the accreditation holds; 0 for an outcome that gives none.", "36", bounds=MONTHS
        ),
        Entry(
            "result",
            str,
            "The further result that it is an outcome of, by its code. Left out: the panel decides on it.",
            '"seal"',
            "",
            20,
        ),
        Entry(
            "becomes",
            str,
            "The better outcome that replaces it, for the rest of its months, when all conditions that the panel set "
            "are met, by its code. Left out: it stays.",
            '"accredited"',
            "",
            30,
        ),
        Entry("conditions", list, "Its conditions, each a table in a line.", '[{ test = "score", percent = 80 }]'),
    ),
)
RESULT = Table(
    "[[results]]",
    "One further result. Its outcomes are among the others, with its code, in the order in which they are tried; the last "
    "one of it has no condition.",
    (
        Entry("code", str, "A short word of small letters and underscores, the same in every language.", '"seal"'),
        Entry("name", str, "What it is called in public.", '"Seal for digital services"', longest=60),
    ),
)
TRAIT = Table(
    "[[traits]]",
    "One trait of a hotline. Missing Children Europe says of each evaluation which traits the hotline has.",
    (
        Entry(
            "code", str, "A short word of small letters and underscores, the same in every language.", '"own_number"'
        ),
        Entry("name", str, "What it is called in public.", '"Answers a number of its own"', longest=60),
    ),
)
GROUP = Table(
    "[[groups]]",
    "One group of domains. Every domain is in one of them.",
    (
        Entry("code", str, "G and a number from 1 to 99.", '"G1"'),
        Entry("name", str, "What it is called in public.", '"Prevention"', longest=120),
        Entry("domains", list, "The domains in it, by their codes.", '["D1"]', longest=500),
        Entry("weight", int, "How many times it counts in a mean of the groups.", "1", 1, bounds=WEIGHTS),
    ),
)
CONDITION = Table(
    "{ test = … }",
    "One condition, as a table in a line. It looks at all scored indicators, or at those that `obligation`, `group`, "
    "`domain`, `standard` and `codes` together leave.",
    (
        Entry("test", str, "What must be so: one of the tests below.", '"every"', choices=tuple(Test)),
        Entry("obligation", str, "Only the indicators of this obligation, by its code.", '"essential"', ""),
        Entry("group", str, "Only the indicators of this group of domains, or its score.", '"G1"', ""),
        Entry("domain", str, "Only the indicators of this domain, or its score.", '"D1"', ""),
        Entry("standard", str, "Only the indicators of this standard, or its score.", '"1.1"', ""),
        Entry("codes", list, "Only these indicators.", '["1.1.1", "1.1.2"]', [], 255),
        Entry("level", int, "The level that indicators must reach.", "2", None),
        Entry("count", int, "How many, as the test says.", "1", None),
        Entry(
            "percent",
            int,
            'The percentage that must be reached, compared exactly: a whole number, or a text such as "66.5" or "66 2/3".',
            "80",
            None,
            bounds=PERCENT,
            or_text=True,
        ),
        Entry("strictly", bool, "Whether more than the percentage must be reached.", "true", False),
        Entry("figure", str, "What a figure must be: `>=`, `>`, `<=` or `<` and a number.", '">=90"', "", 20),
        Entry("outcome", str, "Another outcome, by its code.", '"accredited"', ""),
        Entry(
            "conditions",
            list,
            "The conditions of which some must hold, each a table in a line.",
            '[{ test = "score", percent = 80 }]',
            [],
        ),
        Entry(
            "method",
            str,
            "How the score of some indicators (by `obligation` or `codes`) is made of them: `weighted_mean`, `mean`, `sum`, "
            "`share` or `lowest`. A release asks for it, because such a choice has no score of its own.",
            '"sum"',
            "",
            choices=tuple(Method),
        ),
    ),
)
TESTS: Mapping[Test, tuple[str, str]] = {
    Test.INCOMPLETE: (
        "Something is missing. An outcome with this test holds the decision up.",
        '{ test = "incomplete", obligation = "essential" }',
    ),
    Test.COMPLETE: ("Nothing is missing.", '{ test = "complete" }'),
    Test.EVERY: ("Every indicator reaches the level; one that is missing does not.", '{ test = "every", level = 1 }'),
    Test.SHARE: (
        "At least the percentage of the indicators reaches the level.",
        '{ test = "share", obligation = "core", level = 2, percent = 75 }',
    ),
    Test.AT_LEAST: (
        "At least so many indicators reach the level; one that is missing does not.",
        '{ test = "at_least", obligation = "core", level = 2, count = 1 }',
    ),
    Test.BELOW: (
        "At most so many indicators are below the level or missing.",
        '{ test = "below", level = 2, count = 1 }',
    ),
    Test.SCORE: (
        "The score of the whole, of a group, of a domain, of a standard or of some indicators reaches the percentage.",
        '{ test = "score", codes = ["1.1.1", "1.1.2"], percent = 60, method = "sum" }',
    ),
    Test.DOMAINS: (
        "Each domain that has a score reaches the percentage, or `count` of them do.",
        '{ test = "domains", percent = 40 }',
    ),
    Test.GROUPS: (
        "Each group of domains that has a score reaches the percentage, or `count` of them do.",
        '{ test = "groups", count = 1, percent = 50 }',
    ),
    Test.STANDARDS: (
        "Each standard that has a score reaches the percentage, or `count` of them do.",
        '{ test = "standards", percent = "33 1/3", strictly = true }',
    ),
    Test.FAILING: (
        "At most so many standards do not pass, by the conditions of `passing`.",
        '{ test = "failing", count = 0 }',
    ),
    Test.FIGURE: (
        "The figure of each named indicator, which is shown and not scored, is within the bound. A missing one is not.",
        '{ test = "figure", codes = ["1.1.3"], figure = "<=30" }',
    ),
    Test.ANY: (
        "At least `count` of the conditions hold; one, if left out.",
        '{ test = "any", conditions = [{ test = "score", percent = 90 }, { test = "every", level = 1 }] }',
    ),
    Test.REACHED: ("What another outcome asks for holds as well.", '{ test = "reached", outcome = "conditional" }'),
}
"""The meaning of each test, with an example."""
