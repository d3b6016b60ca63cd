"""The registry of frozen tables, protected by database triggers on SQLite and PostgreSQL, and the digests of their rows.

SQLite drops the triggers of a table when Django rebuilds it, so they are installed again after every migrate and
checked when the process starts (portal.operations.checks).

When a row is frozen, a trigger stores its digest in `standards_sealedrow`. `verify_log` compares each row with its
digest, and each digest with the seal outside the database.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen table. `reason` is the message of a refused statement.

    `same` are the unique keys besides `id` by which an INSERT OR REPLACE on SQLite could replace a row. `since` is the
    column that is set when a row becomes frozen; without it, every row is frozen once it is inserted. With
    `is_never_deleted`, the rows that are not frozen yet can be changed, but not deleted.
    """

    reason: str
    same: tuple[tuple[str, ...], ...] = ()
    since: str = ""
    is_never_deleted: bool = False


_VERSION = ("evaluation_id", "code", "version")

REGISTRY: dict[str, Frozen] = {
    "evaluation_membership": Frozen("a role that has ended is kept", since="ended_at", is_never_deleted=True),
    "evaluation_personchange": Frozen(
        "a change of a person is kept", (("uid",),), since="closed_at", is_never_deleted=True
    ),
    "evaluation_withdrawal": Frozen(
        "a closed withdrawal is kept", (("uid",),), since="closed_at", is_never_deleted=True
    ),
    "evaluation_stake": Frozen("a declared tie is frozen", (("user_id", "hotline_id"),)),
    "standards_edition": Frozen("a released edition is frozen", (("code",), ("sha256",))),
    "standards_editionwording": Frozen("a published wording is frozen", (("edition_id", "language"),)),
    "standards_mappingdecision": Frozen("a decision on a mapping is frozen"),
    "standards_passagemark": Frozen("a mark of a passage is frozen"),
    "standards_sealedrow": Frozen("the digest of a row is frozen", (("table_name", "row_id"),)),
    "evaluation_answerversion": Frozen("the history of an answer is frozen", (_VERSION,)),
    "evaluation_findingversion": Frozen("the history of a finding is frozen", (_VERSION,)),
    "evaluation_observationversion": Frozen(
        "the history of an observation is frozen", (("visit_id", "by_id", "code", "version"),)
    ),
    "evaluation_evidencechange": Frozen("the history of evidence is frozen"),
    "evaluation_visitsheet": Frozen("the form of a sheet is frozen", (("visit_id", "kind", "number"),)),
    "evaluation_sheetrow": Frozen(
        "a sheet that was signed off is frozen", (("sheet_id", "by_id", "uid"),), since="signed_off_at"
    ),
    "evaluation_sheetrowversion": Frozen(
        "the history of a sheet is frozen", (("sheet_id", "by_id", "uid", "version"),)
    ),
    "evaluation_scorecard": Frozen("a scorecard is frozen", (("uid",), ("sha256",))),
    "evaluation_pinnedfigures": Frozen("pinned figures are frozen", (("step_id",),)),
    "evaluation_submission": Frozen("a submission is frozen", (("step_id",), ("sha256",), ("evaluation_id", "number"))),
    "evaluation_returnedanswer": Frozen("what was sent back is frozen", (("step_id", "code"),)),
    "evaluation_agenda": Frozen("an agenda that was sent is frozen", (("visit_id", "version"),), since="sent_at"),
    "evaluation_earliervisit": Frozen("a visit that was held is frozen"),
    "evaluation_response": Frozen("a response is frozen", (("scorecard_id",),)),
    "evaluation_remark": Frozen("a response is frozen", (("response_id", "code"),)),
    "evaluation_remarkproof": Frozen("a response is frozen", (("uid",),), since="remark_id"),
    "evaluation_reply": Frozen("a reply that was handed over is frozen", (("remark_id",),), since="given_at"),
    "evaluation_replyversion": Frozen("the history of a reply is frozen", (("remark_id", "version"),)),
    "evaluation_declaration": Frozen("a declaration is frozen"),
    "evaluation_vote": Frozen("a vote is frozen"),
    "evaluation_comment": Frozen("a comment is frozen"),
    "evaluation_decision": Frozen("a decision is frozen", (("uid",), ("replaces_id",))),
    "evaluation_requirement": Frozen("a decision is frozen"),
    "evaluation_publication": Frozen("a publication is frozen", (("decision_id",),)),
    "evaluation_publicextent": Frozen("what was made public is frozen"),
    "evaluation_appealdeclaration": Frozen("a declaration is frozen"),
    "evaluation_appealvote": Frozen("a vote is frozen"),
    "evaluation_ruling": Frozen("a ruling is frozen", (("appeal_id",), ("decision_id",))),
    "evaluation_networkrelease": Frozen(
        "a released year of the network is frozen", (("uid",), ("network_year_id", "number"))
    ),
    "evaluation_consultationtext": Frozen("the text of a consultation is frozen", (("consultation_id",),)),
    "evaluation_practiceconsent": Frozen("a consent is frozen", (("step_id",),)),
    "evaluation_commentversion": Frozen("the history of a comment is frozen", (("comment_id", "version"),)),
    "evaluation_discussioncommentversion": Frozen("the history of a comment is frozen", (("comment_id", "version"),)),
    "evaluation_reminder": Frozen("a reminder is frozen", (("about", "uid", "due_on", "occasion"),)),
    "evaluation_step": Frozen("a walked step is frozen", (("kind", "uid", "seq"),)),
    "reports_issue": Frozen("a printed report is frozen", (("uid",), ("decision_id", "language", "number"))),
    "reports_textversion": Frozen("the history of a text is frozen", (("uid",), ("key", "language", "number"))),
}
"""The frozen tables by name. Their frozen rows are never updated or deleted."""

HISTORIES = {
    "evaluation_answer": "evaluation_answerversion",
    "evaluation_finding": "evaluation_findingversion",
    "evaluation_observation": "evaluation_observationversion",
    "evaluation_reply": "evaluation_replyversion",
    "evaluation_sheetrow": "evaluation_sheetrowversion",
}
"""The history table of each table. A trigger copies each new version of a row into it."""

_WRITTEN = ("version", "words", "by_id", "at", "save_uid")
_JUDGED = ("code", "level", "value", "not_applicable", *_WRITTEN)
_OBSERVED = ("good_practice", "not_seen")
_COPIED = {
    "evaluation_answer": ("evaluation_id", *_JUDGED),
    "evaluation_finding": ("evaluation_id", *_JUDGED, *_OBSERVED),
    "evaluation_observation": ("visit_id", *_JUDGED, *_OBSERVED, "strength", "concern"),
    "evaluation_reply": ("remark_id", "level", "value", "not_applicable", "not_seen", *_WRITTEN),
    "evaluation_sheetrow": (
        *("sheet_id", "uid", "by_id", "version", "channel", "language", "day", "starts", "looked_at"),
        *("role", "topic", "marks", "words", "is_removed", "at"),
    ),
}

_CHAIN = "a step goes at the end of its chain"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table whose rows have a digest, over all columns except `changing`.

    `since` is an SQL condition on `{row}`: the row gets its digest when it is first true; without it, once the row is
    inserted.
    """

    since: str = ""
    changing: tuple[str, ...] = ()

    def condition(self, row: str) -> str:
        return self.since.format(row=row)


SEALED: dict[str, Sealed] = {
    **{
        table: Sealed(f"{{row}}.{frozen.since} IS NOT NULL" if frozen.since else "")
        for table, frozen in REGISTRY.items()
        if table not in ("evaluation_step", "standards_sealedrow")
    },
    "evaluation_accreditation": Sealed(changing=("state",)),
    "evaluation_appeal": Sealed(changing=("state",)),
    "evaluation_correction": Sealed(changing=("state",)),
    "evaluation_recommendation": Sealed("{row}.state <> 'drafted'", ("state", "owner", "is_withdrawn")),
    "evaluation_statisticsimport": Sealed(
        "{row}.figures_sha256 <> ''",
        ("state", "draft", "problems", "warnings", "explanations", "superseded_by_id"),
    ),
}
"""The tables under the seal: every frozen one, and those of which only some columns change later.

Steps have their own chain. An import has the digest of its figures.
"""


def trigger_names(vendor: str) -> set[str]:
    """Return the names of the required triggers."""
    kinds = ("update", "delete", "replace") if vendor == "sqlite" else ("row", "all")
    names = {f"frozen_{table}_{kind}" for table in REGISTRY for kind in kinds}
    if vendor == "postgresql":
        names |= {f"frozen_{table}_kept" for table, frozen in REGISTRY.items() if frozen.is_never_deleted}
    names |= {f"sealed_{table}_{kind}" for table, sealed in SEALED.items() for kind in _sealing(sealed)}
    return names | {f"history_{table}" for table in HISTORIES} | {"chain_of_steps"}


def _sealing(sealed: Sealed) -> tuple[str, ...]:
    """Return the statements at which a row gets its digest."""
    return ("insert", "update") if sealed.since else ("insert",)


_PRESENT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, CASE WHEN tgenabled IN ('O', 'A') THEN prosrc END "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    ),
}
"""The query for the names of existing triggers with their definition, by database.

The definition is the statement on SQLite. On PostgreSQL it is the body of the function, or NULL for a disabled trigger.
"""


def present_triggers(connection: Any) -> set[str]:
    """Return the names of our triggers that exist, are enabled and have the right definition."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT[connection.vendor])
        found = dict(cursor.fetchall())
    return {name for name, definition in _wanted(connection.vendor).items() if found.get(name) == definition}


@cache
def _wanted(vendor: str) -> dict[str, str]:
    """Return the required definition of each trigger by name, in the form of `_PRESENT`."""
    statements = _statements(
        vendor, {*REGISTRY, *HISTORIES, *HISTORIES.values()}, {table: _columns_of_model(table) for table in SEALED}
    )
    if vendor == "sqlite":
        return {statement.split(maxsplit=3)[2]: statement for statement in statements}
    bodies = {
        statement.partition("(")[0].split()[-1]: statement.split("$$")[1]
        for statement in statements
        if statement.startswith("CREATE OR REPLACE FUNCTION")
    }
    return {
        statement.split(maxsplit=5)[4]: bodies[statement.rpartition("EXECUTE FUNCTION ")[2].partition("(")[0]]
        for statement in statements
        if statement.startswith("CREATE OR REPLACE TRIGGER")
    }


def install(connection: Any) -> None:
    """Create or replace the triggers of every registered table that exists."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":  # without CREATE OR REPLACE TRIGGER
            for name in sorted(trigger_names("sqlite")):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in _statements(connection.vendor, tables, _columns_of_tables(cursor, tables)):
            cursor.execute(statement)


def remove_before_migrate(*, using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    """Remove the triggers that store digests: they name the columns, which a migration may remove."""
    connection = connections[using]
    if not plan:
        return
    with connection.cursor() as cursor:
        for table in SEALED.keys() & set(connection.introspection.table_names(cursor)):
            for kind in _sealing(SEALED[table]):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS sealed_{table}_{kind}{on}")


def install_after_migrate(*, using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    """Install the triggers. Rows from before the digests, and those that a migration inserted, get their digest."""
    connection = connections[using]
    install(connection)
    if plan:
        _seal_rows(connection)


def _statements(vendor: str, tables: set[str], columns: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the statements that create the triggers. `columns` are those of each table under the seal."""
    if vendor == "sqlite":
        return [*_sqlite(tables), *(one for table in columns for one in _sqlite_digests(table, columns[table]))]
    return [*_postgresql(tables), *(one for table in columns for one in _postgresql_digests(table, columns[table]))]


def _sqlite(tables: set[str]) -> list[str]:
    found = []
    for table, frozen in REGISTRY.items():
        if table not in tables:
            continue
        keys = (("id",), *frozen.same)
        same = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{frozen.reason}'); END"
        replaced, old, updated = f"SELECT 1 FROM {table} WHERE ({same})", "", ""
        if frozen.since:
            replaced += "" if frozen.is_never_deleted else f" AND {frozen.since} IS NOT NULL"
            old = f"WHEN OLD.{frozen.since} IS NOT NULL "
            updated = f"{old}OR EXISTS ({replaced} AND id <> OLD.id) "  # UPDATE OR REPLACE deletes another row
        if frozen.is_never_deleted:
            old = ""
        found += [
            f"CREATE TRIGGER frozen_{table}_update BEFORE UPDATE ON {table} {updated}{refuse}",
            f"CREATE TRIGGER frozen_{table}_delete BEFORE DELETE ON {table} {old}{refuse}",
            # INSERT OR REPLACE deletes a row without firing the trigger above.
            f"CREATE TRIGGER frozen_{table}_replace BEFORE INSERT ON {table} WHEN EXISTS ({replaced}) {refuse}",
        ]
    for table, history in HISTORIES.items():
        if {table, history} <= tables:
            columns = _COPIED[table]
            found.append(
                f"CREATE TRIGGER history_{table} AFTER UPDATE ON {table} WHEN NEW.version <> OLD.version "
                f"BEGIN INSERT INTO {history} ({', '.join(columns)}) "
                f"VALUES ({', '.join(f'NEW.{column}' for column in columns)}); END"
            )
    if "evaluation_step" in tables:
        last = "FROM evaluation_step WHERE kind = NEW.kind AND uid = NEW.uid ORDER BY seq DESC LIMIT 1"
        found.append(
            "CREATE TRIGGER chain_of_steps BEFORE INSERT ON evaluation_step "
            f"WHEN NEW.seq <> 1 + COALESCE((SELECT seq {last}), 0) "
            f"OR NEW.previous <> COALESCE((SELECT digest {last}), '{'0' * 64}') "
            f"BEGIN SELECT RAISE(ABORT, '{_CHAIN}'); END"
        )
    return found


def _postgresql(tables: set[str]) -> list[str]:
    found = [
        """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    ]
    for table, frozen in REGISTRY.items():
        if table in tables:
            when = f"WHEN (OLD.{frozen.since} IS NOT NULL) " if frozen.since else ""
            found += [
                f"CREATE OR REPLACE TRIGGER frozen_{table}_row BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW {when}EXECUTE FUNCTION refuse_change('{frozen.reason}')",
                f"CREATE OR REPLACE TRIGGER frozen_{table}_all BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{frozen.reason}')",
            ]
            if frozen.is_never_deleted:
                found.append(
                    f"CREATE OR REPLACE TRIGGER frozen_{table}_kept BEFORE DELETE ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION refuse_change('{frozen.reason}')"
                )
    for table, history in HISTORIES.items():
        if {table, history} <= tables:
            columns = _COPIED[table]
            found += [
                f"""CREATE OR REPLACE FUNCTION keep_{history}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO {history} ({", ".join(columns)})
                VALUES ({", ".join(f"NEW.{column}" for column in columns)}); RETURN NULL; END $$""",
                f"CREATE OR REPLACE TRIGGER history_{table} AFTER UPDATE ON {table} FOR EACH ROW "
                f"WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION keep_{history}()",
            ]
    if "evaluation_step" in tables:
        found += [
            f"""CREATE OR REPLACE FUNCTION keep_chain() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE last record;
            BEGIN
              SELECT seq, digest INTO last FROM evaluation_step
              WHERE kind = NEW.kind AND uid = NEW.uid ORDER BY seq DESC LIMIT 1;
              IF NEW.seq <> 1 + COALESCE(last.seq, 0) OR NEW.previous <> COALESCE(last.digest, '{"0" * 64}') THEN
                RAISE EXCEPTION '{_CHAIN}' USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN NEW;
            END $$""",
            "CREATE OR REPLACE TRIGGER chain_of_steps BEFORE INSERT ON evaluation_step "
            "FOR EACH ROW EXECUTE FUNCTION keep_chain()",
        ]
    return found


# --- The digests of rows ---------------------------------------------------------------------------------------------


def _columns_of_model(table: str) -> tuple[str, ...]:
    """Return the columns of a table under the seal, sorted, as its model declares them."""
    (model,) = (model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)
    columns = {str(field.column) for field in model._meta.concrete_fields}
    return tuple(sorted(columns - {*SEALED[table].changing}))


_COLUMN = re.compile(r"\{row\}\.(\w+)")


def _columns_of_tables(cursor: Any, tables: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table under the seal that exist, sorted. Empty without the table of the digests."""
    if "standards_sealedrow" not in tables:
        return {}
    found = {}
    for table in SEALED.keys() & tables:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # Django's introspection parses the SQL of the table on SQLite
        columns = {column[0] for column in cursor.description}
        if columns.issuperset(_COLUMN.findall(SEALED[table].since)):  # a reversed migration may have removed it
            found[table] = tuple(sorted(columns - {*SEALED[table].changing}))
    return found


def _digest(vendor: str, columns: Sequence[str], row: str) -> str:
    """Return the SQL expression of the digest of a row, which covers the names of the columns, too."""
    names = f"'{','.join(columns)}'"
    if vendor == "sqlite":
        parts = (f' || typeof({row}."{one}") || hex({row}."{one}")' for one in columns)
        return f"SHA256({names}{''.join(parts)})"
    values = ", ".join(f'{row}."{one}"' for one in columns)
    return f"encode(sha256(convert_to({names} || json_build_array({values})::text, 'UTF8')), 'hex')"


def _store_digest(vendor: str, table: str, columns: Sequence[str], row: str) -> str:
    """Return the beginning of the statement that stores the digest of a row that has none."""
    return (
        f"INSERT INTO standards_sealedrow (table_name, row_id, columns, sha256) "
        f"SELECT '{table}', {row}.id, '{','.join(columns)}', {_digest(vendor, columns, row)}"
    )


def _has_no_digest(table: str, row: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM standards_sealedrow s WHERE s.table_name = '{table}' AND s.row_id = {row}.id)"


def _sealed_when(sealed: Sealed) -> dict[str, str]:
    """Return the condition of the trigger for each statement at which a row gets its digest."""
    new, old = sealed.condition("NEW"), sealed.condition("OLD")
    return {"insert": new, "update": f"({new}) AND NOT ({old})"} if new else {"insert": ""}


def _sqlite_digests(table: str, columns: Sequence[str]) -> Iterator[str]:
    store = f"{_store_digest('sqlite', table, columns, 'NEW')} WHERE {_has_no_digest(table, 'NEW')}"
    for kind, condition in _sealed_when(SEALED[table]).items():
        when = f"WHEN {condition} " if condition else ""
        yield f"CREATE TRIGGER sealed_{table}_{kind} AFTER {kind.upper()} ON {table} {when}BEGIN {store}; END"


def _postgresql_digests(table: str, columns: Sequence[str]) -> Iterator[str]:
    store = f"{_store_digest('postgresql', table, columns, 'NEW')} WHERE {_has_no_digest(table, 'NEW')}"
    yield (  # a moment is written in the time zone of the session
        f"CREATE OR REPLACE FUNCTION seal_{table}() RETURNS trigger LANGUAGE plpgsql SET timezone TO 'UTC' AS $$ "
        f"BEGIN {store}; RETURN NULL; END $$"
    )
    for kind, condition in _sealed_when(SEALED[table]).items():
        when = f"WHEN ({condition}) " if condition else ""
        yield (
            f"CREATE OR REPLACE TRIGGER sealed_{table}_{kind} AFTER {kind.upper()} ON {table} FOR EACH ROW {when}"
            f"EXECUTE FUNCTION seal_{table}()"
        )


def _without_digest(table: str) -> str:
    """Return the SQL of the rows of a table under the seal that have no digest, from FROM on."""
    since = SEALED[table].condition("t")
    return f"FROM {table} t WHERE {_has_no_digest(table, 't')}{f' AND ({since})' if since else ''}"


def _seal_rows(connection: Any) -> None:
    """Store the digest of each row under the seal that has none."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table, columns in _columns_of_tables(cursor, tables).items():
            store = _store_digest(connection.vendor, table, columns, "t")
            cursor.execute(f"{store} {_without_digest(table)} ORDER BY t.id")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as it was when it was frozen, with what happened to it, as a sentence."""

    table: str
    row_id: int
    happened: str


CHANGED = "it was changed after it was recorded."
GONE = "it is gone."
WITHOUT_DIGEST = "it has no digest: it was inserted around the database's triggers."
NOT_ITS_VERSION = "it is not what its history says."


def find_differences(connection: Any) -> Iterator[Difference]:
    """Yield the rows that differ from their digest or have none, and those that differ from their newest version.

    At most two queries for each table, and one more for each set of columns that it had before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, columns FROM standards_sealedrow GROUP BY 1, 2 ORDER BY 1, 2")
        for table, names in cursor.fetchall():
            if table not in SEALED:
                continue
            digest = _digest(connection.vendor, names.split(","), "t")
            cursor.execute(
                f"SELECT s.row_id, t.id FROM standards_sealedrow s LEFT JOIN {table} t ON t.id = s.row_id "
                f"WHERE s.table_name = %s AND s.columns = %s AND (t.id IS NULL OR s.sha256 <> {digest}) "
                "ORDER BY s.row_id",
                [table, names],
            )
            for row_id, present in cursor.fetchall():
                yield Difference(table, row_id, GONE if present is None else CHANGED)
        for table in SEALED:
            cursor.execute(f"SELECT t.id {_without_digest(table)} ORDER BY t.id")
            for (row_id,) in cursor.fetchall():
                yield Difference(table, row_id, WITHOUT_DIGEST)
        for table, history in HISTORIES.items():
            cursor.execute(_of_no_version(connection.vendor, table, history))
            for (row_id,) in cursor.fetchall():
                yield Difference(table, row_id, NOT_ITS_VERSION)


def _of_no_version(vendor: str, table: str, history: str) -> str:
    """Return the query for the rows that differ from the row of their version in the history."""
    ((*key, version),) = REGISTRY[history].same
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    same = " AND ".join(f"v.{column} = t.{column}" for column in (*key, version))
    columns = [column for column in _COPIED[table] if column not in (*key, version)]
    return (
        f"SELECT t.id FROM {table} t LEFT JOIN {history} v ON {same} WHERE t.version > 0 AND "
        f"(v.id IS NULL OR {' OR '.join(f'v.{column} {differs} t.{column}' for column in columns)}) ORDER BY t.id"
    )
