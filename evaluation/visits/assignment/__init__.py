"""Assign assessors to the visits of a round: a lead and a second for each visit, computed from plain data."""

from evaluation.visits.assignment.costs import COSTS, Cost, cost_of_team, cost_of_teams
from evaluation.visits.assignment.explanation import Alternative, SeatExplanation, explain_seat, find_alternatives
from evaluation.visits.assignment.problem import Assessor, Need, Period, Problem, Seat, Team, visits_by_assessor
from evaluation.visits.assignment.rules import Break, Rule, find_breaks, find_exclusions, speaks
from evaluation.visits.assignment.solving import Assignment, assign

__all__ = [
    "COSTS",
    "Alternative",
    "Assessor",
    "Assignment",
    "Break",
    "Cost",
    "Need",
    "Period",
    "Problem",
    "Rule",
    "Seat",
    "SeatExplanation",
    "Team",
    "assign",
    "cost_of_team",
    "cost_of_teams",
    "explain_seat",
    "find_alternatives",
    "find_breaks",
    "find_exclusions",
    "speaks",
    "visits_by_assessor",
]
