"""The registry of frozen tables, protected by database triggers on SQLite and PostgreSQL.

SQLite drops the triggers of a table when Django rebuilds it, so they are installed again after every migrate and
checked when the process starts (portal.operations.checks).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

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
    "evaluation_stake": Frozen("a declared tie is frozen", (("user_id", "hotline_id"),)),
    "standards_edition": Frozen("a released edition is frozen", (("code",), ("sha256",))),
    "standards_editionwording": Frozen("a published wording is frozen", (("edition_id", "language"),)),
    "standards_mappingdecision": Frozen("a decision on a mapping is frozen"),
    "standards_passagemark": Frozen("a mark of a passage is frozen"),
    "evaluation_answerversion": Frozen("the history of an answer is frozen", (_VERSION,)),
    "evaluation_findingversion": Frozen("the history of a finding is frozen", (_VERSION,)),
    "evaluation_observationversion": Frozen(
        "the history of an observation is frozen", (("visit_id", "by_id", "code", "version"),)
    ),
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


def trigger_names(vendor: str) -> set[str]:
    """Return the names of the required triggers."""
    kinds = ("update", "delete", "replace") if vendor == "sqlite" else ("row", "all")
    names = {f"frozen_{table}_{kind}" for table in REGISTRY for kind in kinds}
    if vendor == "postgresql":
        names |= {f"frozen_{table}_kept" for table, frozen in REGISTRY.items() if frozen.is_never_deleted}
    return names | {f"history_{table}" for table in HISTORIES} | {"chain_of_steps"}


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
    statements = _statements(vendor, {*REGISTRY, *HISTORIES, *HISTORIES.values()})
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
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # without CREATE OR REPLACE TRIGGER
            for name in sorted(trigger_names("sqlite")):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in _statements(connection.vendor, tables):
            cursor.execute(statement)


def install_after_migrate(*, using: str, **_: Any) -> None:
    install(connections[using])


def _statements(vendor: str, tables: set[str]) -> list[str]:
    return (_sqlite if vendor == "sqlite" else _postgresql)(tables)


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
