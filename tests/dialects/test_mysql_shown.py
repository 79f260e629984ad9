"""How MySQL and MariaDB word types, defaults, expressions: MariaDB as measured, MySQL by its 8.0 Reference Manual."""

from __future__ import annotations

import pytest
from sqlgen.dialects.mariadb import MariaDB
from sqlgen.dialects.mysql import MySQL
from sqlgen.dialects.mysql_reflection import MySQLAnswers
from sqlgen.dialects.mysql_shown import Shown

from tests.databases.clients import Client
from tests.databases.conftest import mariadb

__all__ = ["mariadb"]

# A type and its default, as a script has them; how MariaDB 10.11 and MySQL 8.0.36 show them.
COLUMNS = [
    ("INTEGER", "'5'", "int(11) DEFAULT 5", "int DEFAULT '5'"),
    ("INTEGER UNSIGNED", "-0", "int(10) unsigned DEFAULT 0", "int unsigned DEFAULT '0'"),
    ("INTEGER(3) ZEROFILL", "5", "int(3) unsigned zerofill DEFAULT 005", "int(3) unsigned zerofill DEFAULT '005'"),
    ("BOOL", "true", "tinyint(1) DEFAULT 1", "tinyint(1) DEFAULT '1'"),
    ("TINYINT", "", "tinyint(4) DEFAULT NULL", "tinyint DEFAULT NULL"),
    ("BIGINT", "0x10", "bigint(20) DEFAULT 16", "bigint DEFAULT '16'"),
    ("NUMERIC", "", "decimal(10,0) DEFAULT NULL", "decimal(10,0) DEFAULT NULL"),
    ("NUMERIC(5, 2)", "'1.5'", "decimal(5,2) DEFAULT 1.50", "decimal(5,2) DEFAULT '1.50'"),
    ("FLOAT(30)", "1e3", "double DEFAULT 1000", "double DEFAULT '1000'"),
    ("FLOAT", "'0.1'", "float DEFAULT 0.1", "float DEFAULT '0.1'"),
    ("DOUBLE PRECISION", "1e20", "double DEFAULT 1e20", "double DEFAULT '1e20'"),
    ("VARCHAR(9)", "5", "varchar(9) DEFAULT '5'", "varchar(9) DEFAULT '5'"),
    ("VARCHAR(9)", r"'it''s \\'", r"varchar(9) DEFAULT 'it''s \\'", r"varchar(9) DEFAULT 'it''s \\'"),
    ("CHAR", "NULL", "char(1) DEFAULT NULL", "char(1) DEFAULT NULL"),
    ("BIT(3)", "b'101'", "bit(3) DEFAULT b'101'", "bit(3) DEFAULT b'101'"),
    ("YEAR", "2020", "year(4) DEFAULT 2020", "year DEFAULT '2020'"),
    ("DATETIME", "'2020-01-02'", "datetime DEFAULT '2020-01-02 00:00:00'", "datetime DEFAULT '2020-01-02 00:00:00'"),
    ("TIME", "'10:00'", "time DEFAULT '10:00:00'", "time DEFAULT '10:00:00'"),
    ("DATETIME", "now()", "datetime DEFAULT current_timestamp()", "datetime DEFAULT CURRENT_TIMESTAMP"),
    (
        "DATETIME(6)",
        "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
        "datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6)",
        "datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
    ),
    ("ENUM('a', 'b''s')", "'a'", "enum('a','b''s') DEFAULT 'a'", "enum('a','b''s') DEFAULT 'a'"),
    ("VARCHAR(36)", "(uuid())", "varchar(36) DEFAULT uuid()", "varchar(36) DEFAULT (uuid())"),
    ("INTEGER", "(1 + 2)", "int(11) DEFAULT (1 + 2)", "int DEFAULT ((1 + 2))"),
    ("TEXT", "('it''s')", r"text DEFAULT 'it\'s'", r"text DEFAULT (_utf8mb4'it\'s')"),
    ("TEXT(10)", "", "tinytext DEFAULT NULL", "tinytext"),
    ("BLOB(70000)", "", "mediumblob DEFAULT NULL", "mediumblob"),
]

# An expression over a, b and c; how MariaDB and MySQL print it; None where MySQL's form is not known here.
EXPRESSIONS = [
    ("a > 1", "`a` > 1", "(`a` > 1)"),
    ("a != 3 AND b IS NOT NULL", "`a` <> 3 and `b` is not null", "((`a` <> 3) and (`b` is not null))"),
    ("not (a = 1 and b = 2)", "`a` <> 1 or `b` <> 2", None),
    ("a + b * 2 - (3 - b) > 0", "`a` + `b` * 2 - (3 - `b`) > 0", "(((`a` + (`b` * 2)) - (3 - `b`)) > 0)"),
    ("(a + b) * 2 = 4", "(`a` + `b`) * 2 = 4", "(((`a` + `b`) * 2) = 4)"),
    ("a IN (1, 2)", "`a` in (1,2)", "(`a` in (1,2))"),
    ("a IN (1)", "`a` = 1", "(`a` = 1)"),
    ("a NOT BETWEEN 1 AND 2", "`a` not between 1 and 2", "(`a` not between 1 and 2)"),
    ("c LIKE 'x%'", "`c` like 'x%'", "(`c` like _utf8mb4'x%')"),
    ("c NOT LIKE 'x'", "`c`  not like 'x'", "(`c` not like _utf8mb4'x')"),
    ("LOWER(c) = 'it''s'", r"lcase(`c`) = 'it\'s'", r"(lower(`c`) = _utf8mb4'it\'s')"),
    ("LENGTH(c) < 9", "octet_length(`c`) < 9", "(length(`c`) < 9)"),
    ("coalesce(a, b, 1) > -5", "coalesce(`a`,`b`,1) > -5", "(coalesce(`a`,`b`,1) > -(5))"),
    ("a % 2 = 1", "`a` MOD 2 = 1", "((`a` % 2) = 1)"),
    ("case when a = 1 then 1 else 0 end", "case when `a` = 1 then 1 else 0 end", None),
    ("a = 1 or b = 2 and c = 'x'", "`a` = 1 or `b` = 2 and `c` = 'x'", None),
    ("a > 1 && b", "`a` > 1 and `b` <> 0", None),
    ("coalesce(a, b) and not b", "coalesce(`a`,`b`) and `b` = 0", None),
    ("not coalesce(a, b) or not (a + 1)", "!coalesce(`a`,`b`) or !(`a` + 1)", None),
    ("not a in (1, 2) and not c like 'x'", "`a` not in (1,2) and `c`  not like 'x'", None),
    (
        "not (a between 1 and 2) or a between (b = 1) and 2",
        "`a` not between 1 and 2 or `a` between (`b` = 1) and 2",
        None,
    ),
    ("(a between 1 and 2) = b", "`a` between 1 and 2 = `b`", None),
    ("(a in (1, 2)) in (b, 3)", "`a` in (1,2) in (`b`,3)", None),
    ("(a between 1 and 2) in (b, 3)", "(`a` between 1 and 2) in (`b`,3)", None),
    ("b = (a in (1, 2)) or (c like 'x') like 'y'", "`b` = `a` in (1,2) or `c` like 'x' like 'y'", None),
    ("a is not true and b is unknown", "`a` is not true and `b` is null", None),
    ("not (a is false)", "!(`a` is false)", None),
    ("a > .5 and b < 007 and a < 3.", "`a` > 0.5 and `b` < 7 and `a` < 3", "((`a` > 0.5) and (`b` < 7) and (`a` < 3))"),
    ("-a < - -1 and b > -(a + 1)", "-`a` < 1 and `b` > -(`a` + 1)", None),
    ("c regexp '^x' and c <> \"it's\"", r"`c` regexp '^x' and `c` <> 'it\'s'", None),
    ("instr(c, 'x') > 0 /* a remark */", "locate('x',`c`) > 0", "(instr(`c`,_utf8mb4'x') > 0)"),
    ("trim(c) = c and year('2020-01-01') = a", "trim(`c`) = `c` and year('2020-01-01') = `a`", None),
    ("b = (c regexp 'x') or (c regexp 'x') = b", "`b` = `c` regexp 'x' or `c` regexp 'x' = `b`", None),
    ("isnull(a) and not isnull(b)", "`a` is null and `b` is not null", None),
    ("cast(c as decimal(5)) > 1", "cast(`c` as decimal(5,0)) > 1", None),
    ("date_add('2020-01-01', interval a day) > c", "'2020-01-01' + interval `a` day > `c`", None),
]


@pytest.mark.parametrize(("type_", "default", "shown"), [(one[0], one[1], one[3]) for one in COLUMNS])
def test_a_column_of_mysql(type_: str, default: str, shown: str) -> None:
    assert worded(MySQL("8.0.36"), type_, default) == shown


@pytest.mark.parametrize(("type_", "default", "shown"), [one[:3] for one in COLUMNS])
def test_a_column_of_mariadb(type_: str, default: str, shown: str) -> None:
    assert worded(MariaDB(), type_, default) == shown


@pytest.mark.parametrize(("sql", "printed"), [(one[0], one[2]) for one in EXPRESSIONS if one[2]])
def test_an_expression_of_mysql(sql: str, printed: str) -> None:
    assert shown_by(MySQL("8.0.36")).expression(sql, ("a", "b", "c")) == printed


@pytest.mark.parametrize(("sql", "printed"), [one[:2] for one in EXPRESSIONS])
def test_an_expression_of_mariadb(sql: str, printed: str) -> None:
    assert shown_by(MariaDB()).expression(sql, ("a", "b", "c")) == printed


@pytest.mark.xdist_group("mariadb")
def test_mariadb_itself(mariadb: Client) -> None:
    database = mariadb.fresh_database()
    columns = [f"c{n} {one[0]}{f' DEFAULT {one[1]}' if one[1] else ''}" for n, one in enumerate(COLUMNS)]
    checks = [f"CONSTRAINT k{n} CHECK ({one[0]})" for n, one in enumerate(EXPRESSIONS)]
    database.run_script(
        f"CREATE TABLE shown ({', '.join(columns)});\n"
        f"CREATE TABLE checked (a INT, b INT, c VARCHAR(9), {', '.join(checks)});"
    ).check()
    shown, checked = (str(database.query(f"SHOW CREATE TABLE {name}")[0][1]) for name in ("shown", "checked"))
    for number, one in enumerate(COLUMNS):
        assert f"  `c{number}` {one[2]}" in shown.replace(",\n", "\n").split("\n")
    for number, printed in enumerate(one[1] for one in EXPRESSIONS):
        assert f"  CONSTRAINT `k{number}` CHECK ({printed})" in checked


def shown_by(dialect: MySQL) -> Shown:
    """Return what writes tables as a server shows them."""
    answers = dialect.shadow().answers
    assert isinstance(answers, MySQLAnswers)
    return answers.shown


def worded(dialect: MySQL, type_: str, default: str) -> str:
    """Return a column as the server shows it, without its name."""
    words = shown_by(dialect).words
    worded = words.type(type_)
    if default:
        return f"{worded.text} DEFAULT {words.default(worded, default, ())}"
    bare = words.quoted and worded.base.endswith(("text", "blob"))
    return worded.text if bare else f"{worded.text} DEFAULT NULL"
