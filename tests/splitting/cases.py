"""Texts of authors, and the statements in them: one table per database.

A plain string in the second place says that the text is one statement, as it stands.
"""

from __future__ import annotations

PG, MYSQL, MARIADB, SQLITE, MSSQL, ORACLE = "postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"

EVERYWHERE: dict[str, tuple[str, list[str]]] = {
    "one": ("DELETE FROM t", ["DELETE FROM t"]),
    "one with a terminator": ("DELETE FROM t;\n", ["DELETE FROM t"]),
    "two": ("DELETE FROM t; DELETE FROM u", ["DELETE FROM t", "DELETE FROM u"]),
    "empty statements": (";;DELETE FROM t;;\n;", ["DELETE FROM t"]),
    "semicolon in a literal": (
        "DELETE FROM t WHERE a = ';'; DELETE FROM u",
        ["DELETE FROM t WHERE a = ';'", "DELETE FROM u"],
    ),
    "doubled quotes": (
        "DELETE FROM t WHERE a = 'it''s;'; DELETE FROM u",
        ["DELETE FROM t WHERE a = 'it''s;'", "DELETE FROM u"],
    ),
    "comment before": (
        "-- why; why not\nDELETE FROM t; DELETE FROM u",
        ["-- why; why not\nDELETE FROM t", "DELETE FROM u"],
    ),
    "comment between": ("DELETE FROM t; -- b; c\nDELETE FROM u", ["DELETE FROM t", "-- b; c\nDELETE FROM u"]),
    "comment inside": ("DELETE /* ; ' */ FROM t; DELETE FROM u", ["DELETE /* ; ' */ FROM t", "DELETE FROM u"]),
    "comment at the end": ("DELETE FROM t;\n-- that was it;\n", ["DELETE FROM t"]),
    "comment and terminator": ("DELETE FROM t; /* a */; DELETE FROM u", ["DELETE FROM t", "/* a */\nDELETE FROM u"]),
    "comment behind the last word": ("DELETE FROM t -- all of it;", ["DELETE FROM t -- all of it;"]),
    "line ends of Windows": ("DELETE FROM t;\r\nDELETE FROM u;\r\n", ["DELETE FROM t", "DELETE FROM u"]),
    "quoted name": ('DELETE FROM "a;b"; DELETE FROM u', ['DELETE FROM "a;b"', "DELETE FROM u"]),
}

ROUTINE = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN 1 = 1 THEN 2 END; SELECT 3; END"
RULE = "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2))"
DOLLARS = "CREATE FUNCTION f() RETURNS int AS $f$ BEGIN EXECUTE $$SELECT 1; '$$; RETURN 1; END $f$ LANGUAGE plpgsql"
DO = "DO $$ BEGIN IF 1 = 1 THEN CREATE TABLE a (id INT); END IF; END $$"

NESTED = "BEGIN IF NEW.a > 1 THEN SET NEW.a = 1; ELSEIF NEW.a < 0 THEN BEGIN END; ELSE SET NEW.a = 2; END IF; END"
LOOPS = (
    "CREATE PROCEDURE p() main: BEGIN DECLARE i INT DEFAULT 0; again: LOOP SET i = i + 1; IF i > 3 THEN LEAVE again; "
    "END IF; END LOOP again; WHILE i < 9 DO SET i = i + 1; END WHILE; REPEAT SET i = i - 1; UNTIL i < 1 END REPEAT; END"
)
CASES = (
    "CREATE PROCEDURE p(x INT) BEGIN CASE x WHEN 1 THEN SELECT CASE x WHEN 1 THEN 2 END; ELSE BEGIN END; END CASE; "
    "SELECT IF(x, 1, 2), REPEAT('a', 3); END"
)
HANDLERS = (
    "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET @x = 1; DECLARE EXIT HANDLER FOR "
    "SQLEXCEPTION, SQLSTATE '42000' BEGIN ROLLBACK; END; DECLARE c CURSOR FOR SELECT 1; END"
)
COLUMNS = "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.begin = NEW.end, NEW.end = NEW.begin; END"
ENDS_INSIDE = "CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW BEGIN SET @x = CASE WHEN 1 THEN begin ELSE end END; END"
EVENT = "CREATE DEFINER=`me`@`%` EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; DELETE FROM u; END"
PLAIN_TRIGGER = "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = IF(NEW.a > 1, 1, 2)"
FUNCTION = "CREATE FUNCTION f(begin INT) RETURNS CHAR(9) CHARACTER SET utf8mb4 DETERMINISTIC COMMENT 'a;b' RETURN 'x'"
CHARSET_BODY = (
    "CREATE FUNCTION f() RETURNS CHAR(9) CHARACTER SET utf8mb4 READS SQL DATA BEGIN DECLARE a INT; RETURN 'x'; END"
)
EXISTS = "CREATE PROCEDURE IF NOT EXISTS p() BEGIN SELECT 1; SELECT 2; END"
PACKAGE = "CREATE PACKAGE BODY k AS FUNCTION f RETURN INT AS BEGIN RETURN 1; END; BEGIN SET @a = 1; END"
NOT_ATOMIC = "BEGIN NOT ATOMIC IF EXISTS (SELECT 1) THEN SELECT 1; END IF; END"

SQLITE_TRIGGER = (
    "CREATE TEMP TRIGGER IF NOT EXISTS r AFTER INSERT ON t WHEN NEW.a > 1 BEGIN "
    "UPDATE u SET b = CASE WHEN 1 THEN 2 END; DELETE FROM v; END"
)

PROCEDURE = "CREATE OR ALTER PROCEDURE p @a INT AS SELECT 1; SELECT 2; EXEC q"
CATCH = "BEGIN TRY DELETE FROM t; END TRY BEGIN CATCH THROW; END CATCH; DELETE FROM u"
DECLARED = "DECLARE @x INT = 1; UPDATE t SET a = @x; DELETE FROM t WHERE a = @x"

PLSQL = "DECLARE x NUMBER; BEGIN x := 1; DELETE FROM t; END;"
ORACLE_TRIGGER = "CREATE OR REPLACE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN :new.a := 1; END;"
PACKAGE_BODY = "CREATE OR REPLACE PACKAGE BODY k AS PROCEDURE p IS BEGIN NULL; END p; END k;"
TYPE = "CREATE OR REPLACE TYPE o AS OBJECT (a NUMBER, MEMBER FUNCTION f RETURN NUMBER);"
Q_QUOTES = "INSERT INTO t VALUES (q'[it's; ]', Q'{;}', nq'(a'b;)', q'<;>', q'!it's;!', 'q', 'it''s')"

SPLIT: tuple[tuple[str, str, str, list[str]], ...] = (
    (
        PG,
        "a string that ends in a backslash",
        r"UPDATE t SET a = 'C:\dir\'; SELECT ';'",
        [r"UPDATE t SET a = 'C:\dir\'", "SELECT ';'"],
    ),
    (PG, "escape strings", r"SELECT E'it\'s; \\'; SELECT e'\\'", [r"SELECT E'it\'s; \\'", r"SELECT e'\\'"]),
    (PG, "lines of one escape string", "SELECT E'\\'a'\n  ';b'; SELECT 2", ["SELECT E'\\'a'\n  ';b'", "SELECT 2"]),
    (PG, "a name before a string", r"SELECT type'a\'; SELECT 2", [r"SELECT type'a\'", "SELECT 2"]),
    (
        PG,
        "Unicode strings",
        r"SELECT U&'d\0061;t\+000061'; SELECT U&" "d;a" "",
        [r"SELECT U&'d\0061;t\+000061'", r"SELECT U&d", "a"],
    ),
    (PG, "dollar quotes", "SELECT $$a;b$$; SELECT $x$ $$ ; $y$ $x$", ["SELECT $$a;b$$", "SELECT $x$ $$ ; $y$ $x$"]),
    (PG, "a dollar in a name", "SELECT a$b$c; SELECT $1; SELECT a$b$", ["SELECT a$b$c", "SELECT $1", "SELECT a$b$"]),
    (PG, "nested comments", "SELECT 1 /* a /* b; */ c; */; SELECT 2", ["SELECT 1 /* a /* b; */ c; */", "SELECT 2"]),
    (PG, "a DO block", f"{DO};\n{DO}", [DO, DO]),
    (PG, "a function", f"{DOLLARS}; SELECT f()", [DOLLARS, "SELECT f()"]),
    (PG, "a standard routine", f"{ROUTINE}; SELECT 2; SELECT 3", [ROUTINE, "SELECT 2", "SELECT 3"]),
    (PG, "a rule", f"{RULE}; SELECT 2", [RULE, "SELECT 2"]),
    (PG, "columns named begin", "SELECT begin, declare FROM t; SELECT 2", ["SELECT begin, declare FROM t", "SELECT 2"]),
    (PG, "operators", "SELECT a #> '{b}', a - -1; SELECT 2", ["SELECT a #> '{b}', a - -1", "SELECT 2"]),
    (PG, "brackets", "SELECT a[1], '['; SELECT 2", ["SELECT a[1], '['", "SELECT 2"]),
    (
        MYSQL,
        "backslash escapes",
        r"""SELECT 'it\'s;', "\";" ; SELECT 2""",
        [r"""SELECT 'it\'s;', "\";" """.strip(), "SELECT 2"],
    ),
    (MYSQL, "backticks", "SELECT `a;``b`; SELECT 2", ["SELECT `a;``b`", "SELECT 2"]),
    (
        MYSQL,
        "minus minus",
        "SELECT 5--1; SELECT 2--x\n; SELECT 3 -- y;",
        ["SELECT 5--1", "SELECT 2--x", "SELECT 3 -- y;"],
    ),
    (MYSQL, "hash comments", "SELECT 1 # a;b'\n; SELECT 2", ["SELECT 1 # a;b'", "SELECT 2"]),
    (MYSQL, "comments do not nest", "SELECT 1 /* /* ; */; SELECT 2", ["SELECT 1 /* /* ; */", "SELECT 2"]),
    (
        MYSQL,
        "code in comments",
        "/*!40101 SET NAMES utf8 */; /*!50003 DROP TABLE t */;",
        ["/*!40101 SET NAMES utf8 */", "/*!50003 DROP TABLE t */"],
    ),
    (
        MYSQL,
        "hints",
        "SELECT /*+ NO_INDEX(t) */ 1; SELECT 2*/*;*/3",
        ["SELECT /*+ NO_INDEX(t) */ 1", "SELECT 2*/*;*/3"],
    ),
    (
        MYSQL,
        "a trigger",
        f"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW {NESTED}; SELECT 2",
        [f"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW {NESTED}", "SELECT 2"],
    ),
    (MYSQL, "a trigger with no block", f"{PLAIN_TRIGGER}; SELECT 2; SELECT 3", [PLAIN_TRIGGER, "SELECT 2", "SELECT 3"]),
    (
        MYSQL,
        "the order of triggers",
        f"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW FOLLOWS s {NESTED}; SELECT 2",
        [f"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW FOLLOWS s {NESTED}", "SELECT 2"],
    ),
    (MYSQL, "loops", f"{LOOPS}; SELECT 2; SELECT 3", [LOOPS, "SELECT 2", "SELECT 3"]),
    (MYSQL, "cases", f"{CASES}; SELECT 2; SELECT 3", [CASES, "SELECT 2", "SELECT 3"]),
    (MYSQL, "handlers", f"{HANDLERS}; SELECT 2; SELECT 3", [HANDLERS, "SELECT 2", "SELECT 3"]),
    (
        MYSQL,
        "columns named begin and end",
        f"{COLUMNS}; UPDATE t SET begin = 1, end = 2; SELECT 2",
        [COLUMNS, "UPDATE t SET begin = 1, end = 2", "SELECT 2"],
    ),
    (MYSQL, "end within CASE", f"{ENDS_INSIDE}; SELECT 2; SELECT 3", [ENDS_INSIDE, "SELECT 2", "SELECT 3"]),
    (MYSQL, "an event", f"{EVENT}; SELECT 2", [EVENT, "SELECT 2"]),
    (MYSQL, "a function", f"{FUNCTION}; SELECT 2", [FUNCTION, "SELECT 2"]),
    (MYSQL, "a function with a block", f"{CHARSET_BODY}; SELECT 2", [CHARSET_BODY, "SELECT 2"]),
    (
        MYSQL,
        "IF NOT EXISTS",
        f"{EXISTS}; DROP TABLE IF EXISTS t; SELECT 2",
        [EXISTS, "DROP TABLE IF EXISTS t", "SELECT 2"],
    ),
    (
        MYSQL,
        "delimiters",
        f"DELIMITER //\n{LOOPS}//\nDROP PROCEDURE p;\n//\ndelimiter ;\nSELECT 2; SELECT 3",
        [LOOPS, "DROP PROCEDURE p", "SELECT 2", "SELECT 3"],
    ),
    (
        MYSQL,
        "a delimiter in a literal",
        "DELIMITER $$\nSELECT '$$;' $$\nDELIMITER ;",
        ["SELECT '$$;'"],
    ),
    (
        MYSQL,
        "a library function",
        "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'; SELECT 2",
        ["CREATE FUNCTION f RETURNS STRING SONAME 'f.so'", "SELECT 2"],
    ),
    (MYSQL, "transactions", "BEGIN; DELETE FROM t; COMMIT", ["BEGIN", "DELETE FROM t", "COMMIT"]),
    (MARIADB, "an anonymous block", f"{NOT_ATOMIC}; SELECT 2", [NOT_ATOMIC, "SELECT 2"]),
    (MARIADB, "a lone IF", "IF 1 THEN SELECT 1; END IF; SELECT 2", ["IF 1 THEN SELECT 1; END IF", "SELECT 2"]),
    (
        MARIADB,
        "a lone FOR",
        "FOR i IN 1..3 DO SELECT i; END FOR; SELECT 2",
        ["FOR i IN 1..3 DO SELECT i; END FOR", "SELECT 2"],
    ),
    (MARIADB, "a package, whole", PACKAGE, [PACKAGE]),
    (MARIADB, "code for one server", "/*M!100100 SET @a = 1 */; SELECT 2", ["/*M!100100 SET @a = 1 */", "SELECT 2"]),
    (SQLITE, "a trigger", f"{SQLITE_TRIGGER}; SELECT 2", [SQLITE_TRIGGER, "SELECT 2"]),
    (SQLITE, "quotes of all kinds", 'SELECT [a;b], `c;d`, "e;f"; SELECT 2', ['SELECT [a;b], `c;d`, "e;f"', "SELECT 2"]),
    (SQLITE, "a backslash", r"SELECT '\'; SELECT 2", [r"SELECT '\'", "SELECT 2"]),
    (SQLITE, "a column named end", "SELECT end FROM t; SELECT 2", ["SELECT end FROM t", "SELECT 2"]),
    (SQLITE, "comments do not nest", "SELECT 1 /* /* ; */; SELECT 2", ["SELECT 1 /* /* ; */", "SELECT 2"]),
    (MSSQL, "batches", "DELETE FROM t\nGO\nDELETE FROM u\n  go  \n", ["DELETE FROM t", "DELETE FROM u"]),
    (
        MSSQL,
        "a batch run thrice",
        "INSERT INTO t DEFAULT VALUES; DELETE FROM u;\nGO 3\nSELECT 1",
        ["INSERT INTO t DEFAULT VALUES", "DELETE FROM u"] * 3 + ["SELECT 1"],
    ),
    (MSSQL, "GO and a comment", "SELECT 1\nGO -- next\nSELECT 2", ["SELECT 1", "SELECT 2"]),
    (MSSQL, "a column named go", "SELECT go\nFROM t\nGO", ["SELECT go\nFROM t"]),
    (MSSQL, "brackets", "SELECT [a;]]b], N'c;d'; SELECT 2", ["SELECT [a;]]b], N'c;d'", "SELECT 2"]),
    (MSSQL, "nested comments", "SELECT 1 /* /* ; */ ; */; SELECT 2", ["SELECT 1 /* /* ; */ ; */", "SELECT 2"]),
    (MSSQL, "a procedure with no block", f"{PROCEDURE}\nGO\nSELECT 2", [PROCEDURE, "SELECT 2"]),
    (
        MSSQL,
        "a procedure behind its drop",
        f"DROP PROCEDURE IF EXISTS p; {PROCEDURE}",
        ["DROP PROCEDURE IF EXISTS p", PROCEDURE],
    ),
    (
        MSSQL,
        "a view",
        "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT 2 AS a",
        ["CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW w AS SELECT 2 AS a"],
    ),
    (MSSQL, "variables", DECLARED, [DECLARED]),
    (MSSQL, "TRY and CATCH", CATCH, [CATCH]),
    (MSSQL, "a transaction", "BEGIN TRAN; DELETE FROM t; COMMIT", ["BEGIN TRAN; DELETE FROM t; COMMIT"]),
    (
        MSSQL,
        "IF and ELSE",
        "IF 1 = 1 DELETE FROM t; ELSE DELETE FROM u;",
        ["IF 1 = 1 DELETE FROM t; ELSE DELETE FROM u;"],
    ),
    (
        MSSQL,
        "the key of the row before",
        "INSERT INTO t VALUES (1); INSERT INTO u VALUES (SCOPE_IDENTITY())",
        ["INSERT INTO t VALUES (1); INSERT INTO u VALUES (SCOPE_IDENTITY())"],
    ),
    (
        MSSQL,
        "a WITH behind its semicolon",
        ";WITH c AS (SELECT 1 AS a) DELETE FROM c",
        ["WITH c AS (SELECT 1 AS a) DELETE FROM c"],
    ),
    (ORACLE, "a block", f"DELETE FROM t;\n{PLSQL}\n/\nDELETE FROM u;", ["DELETE FROM t", PLSQL, "DELETE FROM u"]),
    (ORACLE, "a block with no slash", PLSQL, [PLSQL]),
    (ORACLE, "a label", f"<<outer>>\n{PLSQL}\n/\n", [f"<<outer>>\n{PLSQL}"]),
    (ORACLE, "a trigger", f"{ORACLE_TRIGGER}\n/\nDELETE FROM u", [ORACLE_TRIGGER, "DELETE FROM u"]),
    (ORACLE, "a package", f"-- k\n{PACKAGE_BODY}\n  /  \nDELETE FROM u", [f"-- k\n{PACKAGE_BODY}", "DELETE FROM u"]),
    (ORACLE, "a type", f"{TYPE}\n/\nDELETE FROM u", [TYPE, "DELETE FROM u"]),
    (ORACLE, "slash behind SQL", "DELETE FROM t\n/\nDELETE FROM u;\n/\n", ["DELETE FROM t", "DELETE FROM u"]),
    (ORACLE, "q-quotes", f"{Q_QUOTES}; DELETE FROM u", [Q_QUOTES, "DELETE FROM u"]),
    (ORACLE, "a column named q", "SELECT seq'a' FROM t; DELETE FROM u", ["SELECT seq'a' FROM t", "DELETE FROM u"]),
    (
        ORACLE,
        "columns named declare and begin",
        "SELECT declare, begin FROM t; DELETE FROM u",
        ["SELECT declare, begin FROM t", "DELETE FROM u"],
    ),
    (
        ORACLE,
        "blank lines",
        "DELETE FROM t\n\nWHERE a = 1; DELETE FROM u",
        ["DELETE FROM t\n\nWHERE a = 1", "DELETE FROM u"],
    ),
    (
        ORACLE,
        "functions inside a query",
        "WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual\n/\nDELETE FROM u",
        ["WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual", "DELETE FROM u"],
    ),
)

REFUSED: tuple[tuple[str, str, str], ...] = (
    *(
        (name, "SELECT 'abc", "ends inside a literal or a quoted name: 'abc")
        for name in (PG, MYSQL, MARIADB, SQLITE, MSSQL, ORACLE)
    ),
    *((name, "SELECT 1 /* abc", "ends inside a comment") for name in (PG, MYSQL, MARIADB, SQLITE, MSSQL, ORACLE)),
    (PG, "SELECT $x$ abc $$", "ends inside a literal"),
    (PG, "SELECT 1 /* /* abc */", "ends inside a comment"),
    (PG, "SELECT (1; SELECT 2", "ends inside a block or parentheses: SELECT"),
    (PG, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;", "ends inside a block"),
    (PG, r"SELECT 1 \gexec", "takes a backslash outside quotes"),
    (PG, r"SELECT 1; \! rm -rf x", "takes a backslash outside quotes"),
    (PG, "SELECT E'a'\n'\\';b'", "does not know escapes in the second line"),
    (PG, "COPY t (a, b) FROM stdin;\n1\t2\n", "reads rows of COPY"),
    (MYSQL, "SELECT 2--; SELECT 1", "two minus signs right before the end of a statement"),
    (MARIADB, "DELIMITER $$\nSELECT 2--$$\n", "two minus signs right before the end of a statement"),
    (MYSQL, r"SELECT 1\G", "takes a backslash outside quotes"),
    (MARIADB, r"SELECT 1; \! ls", "takes a backslash outside quotes"),
    (SQLITE, "SELECT 1;\n.quit", "takes this line for a command"),
    (SQLITE, "-- a\n/* b */\n.shell ls", "takes this line for a command"),
    (SQLITE, "# a comment elsewhere", "takes this line for a command or a comment"),
    (SQLITE, "SELECT 6\n/\n2", "ends a statement at a line of nothing but /"),
    (SQLITE, "SELECT 'a\r\nb'", "turns CR LF inside a literal into LF"),
    (SQLITE, "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1;", "ends inside a block"),
    (MSSQL, "SELECT 'a\nGO\nb'", "ends a batch at a line GO"),
    (MSSQL, "/*\n go\n*/ SELECT 1", "ends a batch at a line GO"),
    (MSSQL, "SELECT 1\n:r other.sql", "takes the line ':r' for a command"),
    (MSSQL, "SELECT 1\n!! dir", "takes the line '!!' for a command"),
    (MSSQL, "SELECT 1\nGO 5000", "runs a batch 5000 times"),
    (ORACLE, "EXEC p", "does not send this to the server: EXEC p"),
    (ORACLE, "SET SERVEROUTPUT ON", "does not send this to the server"),
    (ORACLE, "SELECT 'a\n/\nb' FROM dual", "takes the line '/' for its own"),
    (ORACLE, "SELECT 1 FROM dual\n.\n", "takes the line '.' for its own"),
    (ORACLE, "SELECT a FROM t\n@link", "takes the line '@' for its own"),
    (ORACLE, "SELECT 'a -\nb' FROM dual", "reads a hyphen at the end of a line"),
    (ORACLE, f"SELECT '{'x' * 3000}' FROM dual", "skips lines of more than 2499 bytes"),
)
