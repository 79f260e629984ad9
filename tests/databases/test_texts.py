"""Text SQL of the author's, through the plain clients: what it defines must exist and work."""

from __future__ import annotations

from pathlib import Path

import pytest

import sqlgen
from sqlgen import dialects
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project, render

TEXTS = {
    "postgresql": r"""
        CREATE TABLE t (id INT, begin INT DEFAULT 0, note TEXT); -- one; two
        CREATE TABLE log (line TEXT);
        /* a /* nested; */ comment */
        CREATE FUNCTION logged() RETURNS trigger AS $body$
        BEGIN
            -- it's; fine
            INSERT INTO log VALUES ($$new; $$ || NEW.id);
            RETURN NEW;
        END;
        $body$ LANGUAGE plpgsql;
        CREATE TRIGGER logs AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION logged();
        CREATE FUNCTION twice(a INT) RETURNS INT LANGUAGE sql
        BEGIN ATOMIC
            SELECT 1;
            SELECT CASE WHEN a > 0 THEN a * 2 ELSE 0 END;
        END;
        CREATE RULE two AS ON DELETE TO t DO ALSO (INSERT INTO log VALUES ('a'); INSERT INTO log VALUES ('b'));
        CREATE PROCEDURE fill() LANGUAGE sql AS
            'INSERT INTO t VALUES (1, twice(2), ''C:\dir\''); DELETE FROM t WHERE id = 9;';
        DO $$ BEGIN CALL fill(); END $$;
        UPDATE t SET note = note || E'\';' || ':HOST' WHERE (ARRAY[begin])[1:begin] IS NOT NULL;
        DELETE FROM t WHERE id = 7
    """,
    "mariadb": r"""
        CREATE TABLE t (id INT, begin INT DEFAULT 0, end INT, note TEXT); -- one; two
        CREATE TABLE log (line TEXT); # it's; fine
        CREATE TRIGGER logs AFTER INSERT ON t FOR EACH ROW BEGIN
            -- it's; fine
            DECLARE i INT DEFAULT 0;
            DECLARE CONTINUE HANDLER FOR NOT FOUND SET i = 1;
            again: LOOP
                SET i = i + 1;
                IF i > IF(NEW.begin, 1, 2) THEN LEAVE again; END IF;
            END LOOP again;
            INSERT INTO log VALUES (CONCAT('new; ', NEW.id));
        END;
        CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC
            RETURN CASE WHEN a > 0 THEN a * 2 ELSE 0 END;
        DELIMITER //
        CREATE PROCEDURE fill() BEGIN
            INSERT INTO t VALUES (1, twice(2), 5--1, 'C:\\dir\\');
            DELETE FROM t WHERE id = 9;
        END//
        DELIMITER ;
        CALL fill();
        CREATE TRIGGER gone BEFORE DELETE ON t FOR EACH ROW INSERT INTO log VALUES ('a');
        /*!50003 CREATE TRIGGER gone_too AFTER DELETE ON t FOR EACH ROW BEGIN INSERT INTO log VALUES ('b'); END */;
        BEGIN NOT ATOMIC
            IF EXISTS (SELECT 1 FROM t) THEN UPDATE t SET begin = 4, end = 6; END IF;
        END;
        UPDATE t SET note = CONCAT(note, '\';', ":HOST") WHERE begin = 4 AND `end` = 6
    """,
    "sqlite": r"""
        CREATE TABLE t (id INT, [begin] INT DEFAULT 0, note TEXT); -- one; two
        CREATE TABLE log (line TEXT);
        CREATE TRIGGER logs AFTER INSERT ON t BEGIN
            -- it's; fine
            INSERT INTO log VALUES ('new; ' || NEW.id);
            UPDATE t SET "begin" = CASE WHEN NEW.id > 0 THEN 4 END WHERE id = NEW.id;
        END;
        CREATE TEMP TRIGGER other AFTER INSERT ON log BEGIN SELECT 1; END;
        CREATE TRIGGER gone AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('a'); INSERT INTO log VALUES ('b'); END;
        INSERT INTO t (id, note) VALUES (1, 'C:\dir\');
        UPDATE t SET note = note || ''';' || ':HOST' WHERE `begin` = 4
    """,
}


@pytest.fixture
def script(client: Client, tmp_path: Path) -> str:
    """The script of a revision that executes one text."""
    return str(render(make_project(tmp_path, f"op.execute({TEXTS[client.dialect]!r})"), client.dialect))


def test_what_a_text_defines_works(client: Client, database: Database, script: str) -> None:
    database.run_script(script).check()
    assert database.versions() == ["a1"]
    (row,) = database.query("SELECT * FROM t")
    assert row[-1] is not None
    assert row[-1].replace("\\\\", "\\") == r"C:\dir\';:HOST"
    assert row[1] == "4"
    database.run_script("DELETE FROM t;\n").check()
    assert database.query("SELECT line FROM log") == [("new; 1",), ("a",), ("b",)]


def test_every_statement_stands_alone(client: Client) -> None:
    with sqlgen.capture(client.dialect) as captured:
        captured.op.execute(TEXTS[client.dialect])
    dialect = dialects.get(client.dialect)()
    assert len(captured.statements) == {"postgresql": 10, "mariadb": 10, "sqlite": 7}[client.dialect]
    assert all([one.sql for one in dialect.texts(str(s))] == [str(s)] for s in captured.statements)


QUERIES = {
    "postgresql": r"""
        SELECT 'C:\'; SELECT E'it\'s; \\'; SELECT $$;$$, $a$ $$; $a$; SELECT 1 /* /* ; */ ; */, 2; SELECT 5--1;'
        ; SELECT U&'\0061;'; SELECT 'a;'
        'b'; SELECT E'\'c'
        ';d'; SELECT 1 AS "a;""b", 2 AS a$b$c;
        SELECT (ARRAY[7,8])[1:2]; SELECT 1 AS begin; SELECT '/*'; SELECT '--;'""",
    "mariadb": r"""
        SELECT 'it\'s; \\'; SELECT "a;\"b", 'c""d'; SELECT 5--1; SELECT 1 -- ;'
        ; SELECT 2 # ;"
        ; SELECT 1 AS `a;``b`; SELECT 1 /* /* ; */; SELECT 2*/*;'*/3; SELECT /*! 4 */; SELECT 'a;' 'b';
        SELECT 1 AS begin;
        SELECT '#', '--', '/*'; SELECT '$$', "//;"; SELECT 1--
        ; SELECT \N""",
    "sqlite": r"""
        SELECT 'C:\'; SELECT 'it''s;'; SELECT 1 AS [a;b], 2 AS `c;``d`, 3 AS "e;""f"; SELECT 1 /* /* ; */; SELECT 5--1;'
        ; SELECT '/*'; SELECT '--;'; SELECT 'a
        b;'; SELECT 1 AS begin; SELECT x'00'; SELECT 1 AS "end";
        /* ; */ SELECT 2""",
}


def test_the_client_reads_a_text_as_we_do(client: Client, database: Database) -> None:
    dialect = dialects.get(client.dialect)()
    pieces = [one.sql for one in dialect.texts(QUERIES[client.dialect])]
    assert all(piece.count("SELECT") == 1 for piece in pieces)
    ours = database.run_script("\n".join(map(dialect.terminate, pieces)) + "\n").check()
    theirs = database.run_script(f"{QUERIES[client.dialect]};\n").check()
    assert ours.stdout == theirs.stdout != ""


COMMITTED = """
op.execute("CREATE TYPE mood AS ENUM ('sad')")
op.execute("COMMIT")
op.execute("ALTER TYPE mood ADD VALUE 'glad'; CREATE TABLE t (m mood); CREATE INDEX CONCURRENTLY i ON t (m);")
op.execute("BEGIN")
op.execute("INSERT INTO t VALUES ('glad')")
op.execute("VACUUM t")
"""


@pytest.mark.xdist_group("postgresql")
def test_commits_of_the_author(postgresql: Client, tmp_path: Path) -> None:
    database = postgresql.fresh_database()
    done = database.run_script(str(render(make_project(tmp_path, COMMITTED)))).check()
    assert "WARNING" not in done.stderr
    assert database.query("SELECT m FROM t") == [("glad",)]


@pytest.mark.xdist_group("sqlite")
def test_foreign_keys_are_switched_outside_a_transaction(sqlite: Client, tmp_path: Path) -> None:
    body = "op.execute('CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INT REFERENCES a);')\n"
    body += "op.execute('PRAGMA foreign_keys = ON; INSERT INTO b VALUES (5)')"
    script = render(make_project(tmp_path, body), "sqlite", starts_empty=False)
    assert "FOREIGN KEY constraint failed" in sqlite.fresh_database().run_script(str(script)).stderr


@pytest.mark.xdist_group("mariadb")
def test_line_ends_inside_literals(mariadb: Client) -> None:
    database = mariadb.fresh_database()
    dialect = dialects.get("mariadb")()
    texts = dialect.texts("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('a\r\nb\n\\\r')")
    database.run_script("".join(f"{dialect.terminate(one.sql)}\n" for one in texts)).check()
    assert database.query("SELECT HEX(a) FROM t") == [("610D0A620A0D",)]
