"""Define how each figure is counted from records, by level. Other figures cannot be derived from records. Pure.

A contact is *handled* if it was answered and the hotline did not initiate it: inbound or a call-back. It is *relevant*
to missing children unless its type is not relevant, silent, prank or abusive.

A case is *counted* once, by its child with the lowest number, unless it is prevention only (`at_risk_only`): then no
child is missing and no figure counts it. Children are counted by row. *New*, *reopened* and *closed* are those of the
period, so that months add up to a year.

If an optional field is empty in all rows that count, its figure is not recorded. If it is empty in some of them, these
count as the code `unknown` if the list has one; otherwise the figure is not recorded. It is never zero.
"""

CONTACT = {
    "A03": "inbound calls on 116000",
    "A04": "inbound calls on 116000 that were answered",
    "A05": "inbound calls on 116000 that were abandoned within 10 seconds",
    "A06": "inbound calls on 116000 with another result: abandoned later, busy, out of hours or technical failure",
    "A07": "A04 with wait_seconds up to 20; not recorded if one of them has no wait_seconds",
    "A08": "the mean of wait_seconds over A04; not recorded if one of them has none, or if A04 is 0",
    "A09": "contacts handled",
    "A10": "contacts handled that are relevant",
    "A11": "contacts handled by channel",
    "A12": "contacts handled by role",
    "A13": "contacts handled by language, only those that occur; not recorded if one of them has no language",
    "A15": "inbound contacts in writing, answered or not, by channel",
    "A33": "reports of a missing child, handled, passed to the police within 60 minutes",
    "A34": "reports of a missing child, handled, that had to be passed to the police, whether they were passed or not",
}

CASE = {
    "A20": "cases carried over, by category",
    "A21": "cases new in the period, by category",
    "A22": "cases reopened in the period, by category",
    "A23": "cases closed at the end, by category",
    "A24": "cases open at the end, by category",
    "A25": "children of new cases, by category",
    "A26": "new cases of international scope, by category",
    "A27": "children of new cases by sex and age",
    "A28": "children of new cases by category and earlier disappearances; empty as unknown",
    "A29": "children of new cases by category and each harm reported; empty as unknown",
    "A30": "new cases of runaways by main reason",
    "A31": "new cases whose manager was named within 24 hours; not recorded if the field is empty in one of them",
    "A35": "new cases of international scope by region",
    "A38": "new cases by the place that the child went missing from; empty as unknown",
    "A40": "cases closed at the end by category and outcome of the child with the lowest number",
    "A41": "A40 without unknown",
    "A42": "children of closed cases who were found, by category and time missing",
    "A43": "children of closed cases who were found, by the way they were found",
}

DERIVED = {"contact": CONTACT, "case": CASE}
"""By level, then by item, how the figure is counted.

Contacts do not provide hours, handling times, response times and call-backs. Cases do not provide follow-up in 30 days,
requests of other hotlines, vulnerability (never), and appeals, alerts and referrals, as a record has no date of them.
"""

TEXT_CHANNELS = ("sms", "email", "chat", "app", "social_media", "web_form")
NOT_RELEVANT = ("not_relevant", "silent_prank_abusive")
HAD_TO_BE_PASSED = ("yes_60min", "yes_later", "no")
FOUND = ("found_safe", "returned_alone", "found_harmed", "found_deceased")
