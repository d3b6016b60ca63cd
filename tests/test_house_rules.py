"""The rules of the house, each a test: what a review would otherwise have to see."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db import connection
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from evaluation.workflow import MACHINES
from standards.frozen import HISTORIES, REGISTRY, present_triggers, trigger_names

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("standards", "evaluation", "reports", "site/portal")
OURS = ("standards", "evaluation", "reports", "portal")
NOT_OURS = {"var", "node_modules", "__pycache__"}


def files(*patterns: str, below: tuple[str, ...] = ROOMS) -> list[Path]:
    return sorted(path for room in below for pattern in patterns for path in (ROOT / room).rglob(pattern))


def committed() -> Iterator[tuple[Path, str]]:
    """Every text file that belongs to the project, with its text. Other hidden folders are the tools' own."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and (name[0] != "." or name == ".ci")]
        for name in names:
            path = Path(folder) / name
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a font, a picture


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "COV_"))}
    return subprocess.run(
        command, check=False, cwd=ROOT, env=inherited | environment, capture_output=True, text=True, timeout=300
    )


def told(done: subprocess.CompletedProcess[str]) -> str:
    return f"{done.stdout}\n{done.stderr}"


def test_what_a_tool_is_told_to_ignore_has_its_code_and_a_reason():
    ignored = re.compile(
        r"# (?:type: ignore|noqa)(?!\[[a-z-]+(?:, [a-z-]+)*\] # \w|: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* - \w)"
    )
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files("*.py")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if ignored.search(line)
    ] == []


# --- Where things live -------------------------------------------------------------------------------------------


def test_imports_go_one_way(capsys, monkeypatch):
    # It would configure the logging of this process, and disable every logger that there is.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda verbose: None)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_site_is_a_folder_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_no_module_takes_the_name_of_another_ones_package():
    own = {path.stem for place in (ROOT, ROOT / "site") for path in place.glob("*.py")}
    own |= {path.parent.name for place in (ROOT, ROOT / "site") for path in place.glob("*/__init__.py")}
    others = {
        name for name, owners in packages_distributions().items() if set(owners) - {"quality-116000", "quality_116000"}
    }
    assert own & (others | sys.stdlib_module_names) == set()


def test_every_module_is_named_after_the_trade():
    empty = {"utils", "helpers", "common", "core", "services", "managers", "misc"}
    assert [path for path in files("*.py") if empty & {path.stem, path.parent.name}] == []


def test_heavy_libraries_are_not_loaded_at_the_start():
    program = (
        "import sys, django; django.setup(); import portal.urls; "
        "print(*sorted({'pandas', 'numpy', 'matplotlib', 'weasyprint', 'pikepdf'} & set(sys.modules)))"
    )
    done = run(sys.executable, "-c", program, DJANGO_SETTINGS_MODULE="portal.settings.test")
    assert (done.returncode, done.stdout.strip()) == (0, ""), told(done)


# --- How it is written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "--no-cache", "."], ["ruff", "format", "--check", "--no-cache", "."]],
    ids=["rules", "format"],
)
def test_ruff_has_nothing_to_say(command):
    done = run(sys.executable, "-m", *command)
    assert done.returncode == 0, told(done)


@pytest.mark.long
def test_pure_rooms_are_strictly_typed():
    """With the cache of `./go lint`: what it has read already is not read again."""
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, told(done)


def test_nothing_names_a_registry_or_a_machine():
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "debian" + ".org/debian", "proxy.golang" + "."]
    # Not the folder above as such: where it is called work, our own addresses begin like it.
    places = [f"{ROOT}/", f"{ROOT.parent}/shared/", f"{ROOT.parent}/.", "/root/", "/home/", "/Users/"]
    named = re.compile("|".join(map(re.escape, hosts + places)))
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path, text in committed()
        if path != Path(__file__) and (hit := named.search(text))
    ]
    assert found == []


def test_nothing_is_left_to_do_in_a_comment():
    unfinished = re.compile(r"(#|<!--|\*)\s*(TODO|FIXME)\b")
    assert [path for path in files("*.py", "*.html", "*.css") if unfinished.search(path.read_text("utf-8"))] == []


def test_templates_hold_no_style_no_script_and_no_handler():
    inline = re.compile(
        r"""<style|<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)|\sstyle=["']|\son[a-z]+=["']""", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in files("*.html", below=("site/portal",))
        if (hit := inline.search(path.read_text("utf-8")))
    ]
    assert found == []


def test_no_line_of_a_template_is_longer_than_120_characters():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files("*.html", below=("site/portal", "reports"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert found == []


def _changes_a_state(node: ast.AST) -> bool:
    """`….update(state=…)`, or `bulk_update` of a field `state`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr == "update":
        return any(keyword.arg == "state" for keyword in node.keywords)
    if node.func.attr == "bulk_update":
        return any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node))
    return False


NO_MACHINES = {
    "reports/printing.py": "a Printing tells how far the printer is; it walks no arrows",
}


def test_no_state_changes_but_by_perform():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files("*.py")
        if path.relative_to(ROOT).as_posix() not in NO_MACHINES and "update(" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if _changes_a_state(node)
    ]
    assert found == []


STATES = [set(machine.State.values) for machine in MACHINES]


def _words(*nodes: ast.AST | None) -> set[str]:
    """The strings that stand there as such, or in a tuple, a list or a set."""
    parts = [part for node in nodes for part in (getattr(node, "elts", None) or [node])]
    return {
        part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    }


def _writes_a_state_out(node: ast.AST) -> bool:
    """A string compared with a state, given or filtered as one, or several of one machine's states side by side."""
    match node:
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return bool(_words(*sides)) and any(
                isinstance(side, ast.Attribute) and side.attr == "state" for side in sides
            )
        case ast.keyword(arg=str(name)):
            return bool(re.search(r"(^|__)state(__|$)", name)) and bool(_words(node.value))
        case ast.Dict(keys=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return len(parts) > 1 and len(_words(*parts)) == len(parts) and any(_words(*parts) <= one for one in STATES)
    return False


NO_STATES = {"evaluation/figures/dictionary/names.py": "a case is open or closed, which is no state of a machine"}


def test_a_state_is_never_written_out():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files("*.py")
        if "migrations" not in path.parts and path.relative_to(ROOT).as_posix() not in NO_STATES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if _writes_a_state_out(node)
    ]
    compared = re.compile(r"""\bstate (==|!=|in) ["']|["'] (==|!=|in) [\w.]*\bstate\b""")
    found += [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in files("*.html", below=("site/portal",))
        if (hit := compared.search(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'thing.state == "open"',
        'thing.state in ("decided", "published")',
        '"open" != thing.evaluation.state',
        'rows.filter(state="open")',
        'rows.exclude(evaluation__state__in=["open"])',
        'LATER = ("decided", "published")',
        'TAGS = {"valid": 1, "withdrawn": 2}',
    ],
)
def test_a_state_that_is_written_out_is_found(line):
    assert any(map(_writes_a_state_out, ast.walk(ast.parse(line))))


@pytest.mark.parametrize("catalogue", files("*.po"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_translation_compiles(catalogue):
    done = run("msgfmt", "--check", "--output-file", os.devnull, str(catalogue))
    assert done.returncode == 0, told(done)


@pytest.mark.parametrize("catalogue", files("*.po"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_entry_of_a_catalogue_is_translated(catalogue):
    for unfinished in ("--untranslated", "--only-fuzzy"):
        done = run("msgattrib", unfinished, "--no-obsolete", str(catalogue))
        assert (done.returncode, done.stdout) == (0, ""), told(done)


# --- The database ------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
@pytest.mark.django_db
def test_every_frozen_table_has_its_triggers():
    tables = set(connection.introspection.table_names())
    assert {*REGISTRY, *HISTORIES, *HISTORIES.values()} - tables == set()
    assert present_triggers(connection) == trigger_names(connection.vendor)


ERRORS_OF_THE_DATABASE = {"DataError", "DatabaseError", "IntegrityError", "InternalError", "ProgrammingError"}
RAISED_BY_THE_TEST = {"test_an_exception_is_told_by_class_and_place_and_not_by_what_it_quotes"}


def test_what_the_database_refuses_is_tried_on_both(request):
    """A test that names an error of the database runs on PostgreSQL, too. Only what is collected is looked at."""
    (rule,) = [one for one in request.config.pluginmanager.get_plugins() if hasattr(one, "runs_on_postgresql")]
    functions = {item.function: item for item in request.session.items if hasattr(item, "function")}
    left_out = {
        item.originalname
        for function, item in functions.items()
        if ERRORS_OF_THE_DATABASE & set(function.__code__.co_names) and not rule.runs_on_postgresql(item)
    }
    assert left_out - RAISED_BY_THE_TEST == set()


# --- What is promised --------------------------------------------------------------------------------------------


def test_every_command_that_a_page_of_documentation_names_exists():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    text = "".join(page.read_text("utf-8") for page in pages)
    program = (ROOT / "go").read_text("utf-8")
    verbs = set(re.findall(r"^([a-z]+)(?: \|.*)?\)", program, re.MULTILINE))
    proofs = set(re.findall(r"^    ([a-z]+)\)", program.partition("\nprove()")[2].partition("\n}")[0], re.MULTILINE))
    commands = {*get_commands(), "help"}
    assert set(re.findall(r"\./go ([a-z]+)", text)) - verbs == set()
    assert set(re.findall(r"\./go prove\s+([a-z]+)", text)) - proofs == set()
    assert set(re.findall(r"(?:manage\.py|\./go (?:manage|site|owner)) ([a-z_]+)", text)) - commands == set()


SERVER = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "quality.example.org",
    "BASE_URL": "https://quality.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
}


CHECK = """
import os, django
from django.core.checks import run_checks
django.setup()
for os.environ["DEMONSTRATION"] in ("0", "1"):
    print([message.id for message in run_checks(include_deployment_checks=True) if message.is_serious()])
"""


def test_a_server_starts_with_what_it_needs_and_not_with_the_demonstration():
    """Both in one process: starting one takes longer than the checks."""
    done = run(sys.executable, "-c", CHECK, **SERVER)
    assert done.stdout.splitlines() == ["[]", "['portal.E001']"], told(done)


READ_SETTINGS = """
import json, os, runpy, sys
from django.core.exceptions import ImproperlyConfigured
for environment in json.loads(sys.argv[1]):
    os.environ.update(environment)
    try:
        runpy.run_module("portal.settings.production")
        print("read")
    except ImproperlyConfigured:
        print("refused")
    for name in environment:
        del os.environ[name]
"""


def test_a_server_does_not_start_without_what_it_needs():
    """All in one process, for it is the settings that ask."""
    names = [name for name in SERVER if name != "DJANGO_SETTINGS_MODULE"]
    environments = [{name: value for name, value in SERVER.items() if name != left_out} for left_out in names]
    done = run(sys.executable, "-c", READ_SETTINGS, json.dumps([*environments, SERVER]))
    assert done.stdout.split() == [*["refused"] * len(names), "read"], told(done)


def test_a_text_is_marked_by_a_name_that_makemessages_knows():
    """Xgettext looks for Django's own names and `_`; behind another name a text stays in English in every language."""
    renamed = [
        f"{path.relative_to(ROOT)}: {alias.name} as {alias.asname}"
        for path in files("*.py")
        if re.search(r"gettext\w*\s+as\s+(?!_\b)", text := path.read_text("utf-8"))  # few are parsed
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in (None, "_")
    ]
    assert renamed == []


def _read_tree(text: str) -> list[str]:
    """The paths that the tree in README names, from its indentation."""
    block = text.split("## How it is built")[1].split("```")[1]
    paths, above = [], {}
    for line in block.splitlines():
        depth = len(line) - len(line.lstrip())
        names = re.match(r"\s*((?:[\w.]+(?:/[\w.]+)*/?(?:\s{1,3}|$))+)", line)
        if names is None:
            continue
        inside = "".join(above[key] for key in sorted(above) if key < depth)
        for name in names[1].split():
            if not re.fullmatch(r"go|.*/|.*\.(py|toml|txt)", name):
                break
            paths.append(inside + name)
            if name.endswith("/"):
                above = {key: value for key, value in above.items() if key < depth} | {depth: name}
    return paths


def _packages() -> set[str]:
    """The packages that hold the rooms, and those of `evaluation.figures`."""
    rooms = [ROOT / room for room in (*ROOMS, "evaluation/figures")]
    found = {path for room in rooms for path in room.iterdir() if (path / "__init__.py").exists()}
    beside = {"management", "migrations", "templatetags", "formats"}
    return {f"{path.relative_to(ROOT)}/" for path in found if path.name not in beside or path.parent.name == "figures"}


def test_the_tree_of_the_readme_is_that_of_the_folders():
    paths = _read_tree((ROOT / "README.md").read_text("utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert sorted(_packages() - set(paths)) == []


def test_every_package_says_what_it_holds():
    assert [
        str(path.relative_to(ROOT))
        for path in files("__init__.py")
        if not {"management", "migrations"} & set(path.parts) and not path.read_text("utf-8").startswith('"""')
    ] == []
