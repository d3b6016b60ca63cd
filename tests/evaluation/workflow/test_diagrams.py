"""docs/state_machines.md agrees with the machines."""

import re

from django.conf import settings

from evaluation.management.commands.describe_machines import DOCUMENT
from evaluation.workflow import MACHINES, moves_of
from evaluation.workflow.diagrams import describe_machines


def test_the_document_is_what_the_code_says():
    written = (settings.BASE_DIR / DOCUMENT).read_text()
    assert written == describe_machines(), "Run ./go manage describe_machines"


def test_each_arrow_of_each_machine_is_drawn_once():
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", describe_machines(), flags=re.MULTILINE)
    arrows = [
        (one.source, one.target or one.source, name)
        for machine in MACHINES
        for name, move in moves_of(machine()).items()
        for one in move.transitions.values()
    ]
    assert sorted(drawn) == sorted(arrows)
