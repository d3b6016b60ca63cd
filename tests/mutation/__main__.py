"""`./go prove mutation [MODULE …]`: make every possible change to the engine, one at a time, and expect a test to fail.

Hypothesis draws the same examples each time, so that a mutant that only some examples detect is always detected.
"""

import argparse
import sys
import tomllib
from pathlib import Path

import pytest

from tests.mutation.mutants import find_mutants
from tests.mutation.running import KILLED, SURVIVED, TIMED_OUT, Laboratory

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("scoring", "improvement")
"""The pure packages of the engine, in `evaluation/` and in `tests/evaluation/`."""
EXPLAINED = Path(__file__).with_name("survivors.toml")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./go prove mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="only these modules of the engine, such as `methods`")
    chosen = parser.parse_args().modules
    paths = [path for package in PACKAGES for path in sorted((ROOT / "evaluation" / package).glob("*.py"))]
    paths = [path for path in paths if path.stem != "__init__" and (not chosen or path.stem in chosen)]
    mutants = [mutant for path in paths for mutant in find_mutants(path, f"evaluation.{path.parent.name}.{path.stem}")]
    laboratory = Laboratory(mutants)
    status = pytest.main(
        [
            "-p",
            "no:cacheprovider",
            "-p",
            "no:terminal",
            "--hypothesis-seed=0",
            *(f"tests/evaluation/{package}" for package in PACKAGES),
        ],
        plugins=[laboratory],
    )
    if len(laboratory.results) < len(mutants):
        print(f"The tests broke off ({status!r}).", file=sys.stderr)
        return 1
    explained = {entry["mutant"]: entry["why"] for entry in tomllib.loads(EXPLAINED.read_text())["survivor"]}
    modules = {f"{path.parent.name}.{path.stem} " for path in paths}
    expected = {name for name in explained if any(name.startswith(module) for module in modules)}
    survivors = {mutant.name: mutant for mutant, result in laboratory.results.items() if result == SURVIVED}
    print()
    for name in sorted(survivors.keys() & expected):
        print(f"survives: {name}\n          {explained[name]}")
    unexplained = sorted(survivors.keys() - expected)
    for name in unexplained:
        place = survivors[name]
        print(f"SURVIVES UNEXPLAINED: {name}  ({place.path.name}:{place.line})")
    gone = sorted(expected - survivors.keys())
    for name in gone:
        print(f"EXPLAINED, BUT NO SURVIVOR: {name}")
    count = {
        kind: sum(result == kind for result in laboratory.results.values()) for kind in (KILLED, SURVIVED, TIMED_OUT)
    }
    say = "each explained" if not unexplained else f"{len(unexplained)} unexplained"
    print(
        f"{len(mutants):,} mutants, {count[KILLED]:,} killed, {count[SURVIVED]:,} survived ({say}), "
        f"{count[TIMED_OUT]:,} timeouts"
    )
    return 1 if unexplained or gone else 0


if __name__ == "__main__":
    sys.exit(main())
