"""The grammar of one database: what a statement does to the schema, in the words of the standard.

A dialect derives a class of its own for what its database has besides. Nothing is guessed: a word that is not in the
grammar makes the whole statement one that is not followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..changes import SetDefaultSchema
from .objects import ObjectGrammar
from .reader import NotFollowed, Reader, words
from .tables import INDEX_KINDS, Operations

#: Words between CREATE and what is created.
MODIFIERS = INDEX_KINDS | words(
    "OR REPLACE ALTER TEMP TEMPORARY GLOBAL LOCAL UNLOGGED MATERIALIZED RECURSIVE FORCE NOFORCE EDITIONABLE "
    "NONEDITIONABLE CONSTRAINT PRIVATE"
)
#: What is created, altered and dropped without a trace in what is kept here.
ELSEWHERE = words(
    "DATABASE EXTENSION ROLE USER GROUP LOGIN POLICY PUBLICATION SUBSCRIPTION CAST COLLATION OPERATOR TEXT STATISTICS "
    "SERVER FOREIGN LANGUAGE TRANSFORM TABLESPACE ACCESS CONVERSION DEFAULT SYSTEM PROFILE DIRECTORY CONTEXT "
    "LARGE"
)
#: Statements that leave the schema as it is, by their first word.
SILENT = words(
    "INSERT UPDATE DELETE MERGE REPLACE UPSERT COPY TRUNCATE GRANT REVOKE DENY ANALYZE ANALYSE VACUUM REINDEX "
    "CLUSTER LOCK UNLOCK CHECKPOINT NOTIFY LISTEN UNLISTEN COMMIT SAVEPOINT RELEASE START EXPLAIN SHOW DESCRIBE "
    "DESC REFRESH VALUES SET RESET OPTIMIZE REPAIR CHECK FLUSH LOAD HANDLER PURGE PRINT DEALLOCATE SECURITY AUDIT "
    "NOAUDIT"
)
#: Functions that a SELECT may call: they change no schema.
PURE = words(
    "SETVAL NEXTVAL CURRVAL LASTVAL PG_GET_SERIAL_SEQUENCE SET_CONFIG CURRENT_SETTING MAX MIN COUNT SUM AVG "
    "COALESCE NULLIF CAST LOWER UPPER TRIM LENGTH CONCAT REPLACE SUBSTR SUBSTRING NOW DATE ROUND ABS GREATEST "
    "LEAST IN EXISTS AND OR NOT WHERE FROM SELECT AS OVER VALUES ANY ALL ON USING BY JOIN IF ISNULL IFNULL NVL "
    "DECODE TO_REGCLASS TO_CHAR TO_DATE TO_NUMBER PG_ADVISORY_LOCK PG_ADVISORY_XACT_LOCK PG_ADVISORY_UNLOCK "
    "ROW_NUMBER RANK DATABASE CURRENT_SCHEMA VERSION OBJECT_ID COL_LENGTH HAS_TABLE_PRIVILEGE STRING_AGG "
    "ARRAY_AGG GROUP_CONCAT JSON_AGG UNION THEN ELSE WHEN CASE LIKE ILIKE BETWEEN IS HAVING GET_LOCK RELEASE_LOCK "
    "SLEEP PG_SLEEP"
)


class Grammar(ObjectGrammar):
    """The statements, by their first words."""

    statements: ClassVar[Mapping[str, str]] = {
        "CREATE": "_create",
        "ALTER": "_alter_object",
        "DROP": "_drop_object",
        "COMMENT": "_comment",
        "SELECT": "_select",
        "WITH": "_select",
        "TABLE": "_select",
        "BEGIN": "_begin",
    }
    #: What may stand in front of TABLE in ALTER, and changes nothing here.
    silent_objects: ClassVar[frozenset[str]] = ELSEWHERE
    #: Statements need no terminator, so that one text may hold a second one behind a SELECT.
    joins_statements: ClassVar[bool] = False

    def changes(self, sql: str) -> Operations:
        """Return what a statement does. Raises NotFollowed where that is not known."""
        reader = self.reader(sql)
        if reader.is_done:
            return ()
        found = self.statement(reader)
        reader.ends()
        return found

    def statement(self, reader: Reader) -> Operations:
        """Take one statement."""
        word = reader.next().text.upper()
        if word in self.statements:
            found: Operations = getattr(self, self.statements[word])(reader)
            return found
        if word not in SILENT:
            raise NotFollowed(f"{word} begins no statement that is known")
        if word == "SET":
            return self.setting(reader)
        self.runs_on(reader)
        reader.rest()
        return ()

    def runs_on(self, reader: Reader) -> None:
        """Raise NotFollowed where a second statement may follow without a terminator."""
        if self.joins_statements and {"CREATE", "ALTER", "DROP", "EXEC", "EXECUTE"} & set(reader.words()):
            raise NotFollowed("another statement may follow")

    def setting(self, reader: Reader) -> Operations:
        """Take SET from behind that word; most settings change nothing here."""
        self.runs_on(reader)
        reader.rest()
        return ()

    def _begin(self, reader: Reader) -> Operations:
        while reader.takes_one(("WORK", "TRANSACTION", "TRAN", "IMMEDIATE", "DEFERRED", "EXCLUSIVE")):
            pass
        reader.ends()
        return ()

    def _select(self, reader: Reader) -> Operations:
        """Take a query, which may store its rows as a new table; one of no table may be there for what it calls."""
        self.runs_on(reader)
        if "INTO" in reader.words() and not {"INSERT", "MERGE"} & set(reader.words()):
            raise NotFollowed("a query may make a table")
        alone = "FROM" not in reader.words()
        while not reader.is_done:
            token = reader.next()
            called = reader.shows("(") and token.kind in ("word", "name") and token.text.upper() not in PURE
            if alone and called:
                raise NotFollowed(f"a query calls {token.text}")
        return ()

    def _create(self, reader: Reader) -> Operations:
        said = []
        while word := reader.takes_one(MODIFIERS):
            said.append(word)
        said += self.create_options(reader)
        kind = reader.word()
        if kind in ("FULLTEXT", "SPATIAL"):
            said.append(kind)
            kind = reader.word()
        return self._of_kind("create", kind, reader, [*said, kind])

    def create_options(self, reader: Reader) -> list[str]:
        """Take what else may stand in front of what is created; return what of it counts later, as ``WORD=value``."""
        return []

    def _drop_object(self, reader: Reader) -> Operations:
        said = []
        while word := reader.takes_one(("MATERIALIZED", "TEMPORARY", "PUBLIC")):
            said.append(word)
        kind = reader.word()
        return self._of_kind("drop", kind, reader, [*said, kind])

    def _of_kind(self, verb: str, kind: str, reader: Reader, said: list[str]) -> Operations:
        if kind in self.kinds:
            found: Operations = getattr(self, f"{verb}_{self.kinds[kind]}")(reader, said)
            return found
        if kind not in self.silent_objects or (verb == "drop" and "CASCADE" in reader.words()):
            raise NotFollowed(f"{verb} {kind} is not known")
        if kind == "FOREIGN" and reader.shows("TABLE"):
            raise NotFollowed("foreign tables are not followed")
        self.runs_on(reader)
        reader.rest()
        return ()

    def _alter_object(self, reader: Reader) -> Operations:
        materialized = reader.takes("MATERIALIZED")
        kind = reader.word()
        if kind == "TABLE":
            return self.alter_table(reader)
        if kind == "VIEW":
            return self.alter_view(reader, materialized)
        if kind in ("TYPE", "SEQUENCE", "INDEX"):
            found: Operations = getattr(self, f"alter_{kind.lower()}")(reader)
            return found
        if kind not in self.silent_objects or kind == "FOREIGN":
            raise NotFollowed(f"ALTER {kind} is not known")
        self.runs_on(reader)
        reader.rest()
        return ()

    def _comment(self, reader: Reader) -> Operations:
        reader.needs("ON")
        return self.comment_on(reader)

    def default_schemas(self, reader: Reader, is_local: bool = False) -> Operations:
        """Take the names of schemas to the end."""
        found = []
        for item in reader.items():
            token = item.next()
            found.append(self.string(token.text) if token.kind == "literal" else self.fold(token))
            item.ends()
        return (SetDefaultSchema(schemas=tuple(found), is_local=is_local),)
