"""Views for the tests of what is told of views: tables, views that are told whole, and views drawn at random."""

from __future__ import annotations

import random
from collections.abc import Sequence

TABLES = (
    "CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, size SMALLINT, rank_ MEDIUMINT NOT NULL, "
    "name VARCHAR(20) NOT NULL DEFAULT 'it''s', note VARCHAR(9), price DECIMAL(8,2) NOT NULL DEFAULT 1.5, "
    "made DATETIME, day_ DATE, kind ENUM('a', 'b') NOT NULL DEFAULT 'b', is_on BOOL NOT NULL DEFAULT 1, "
    "big BIGINT UNSIGNED, ratio DOUBLE, `User` INT, body TEXT, code CHAR(4), near FLOAT, doc JSON)",
    "CREATE TABLE part (id BIGINT PRIMARY KEY AUTO_INCREMENT, item_id INT, label VARCHAR(9) NOT NULL, weight INT, "
    "`order` INT NOT NULL)",
    "CREATE TABLE tag (word VARCHAR(5) NOT NULL, part_id BIGINT NOT NULL)",
    "CREATE TABLE every (a TINYINT NOT NULL, b SMALLINT UNSIGNED NOT NULL, c BIGINT NOT NULL, d DECIMAL(6,2) NOT NULL, "
    "e FLOAT NOT NULL, f DOUBLE NOT NULL, g DATE NOT NULL, h DATETIME NOT NULL, k CHAR(5) NOT NULL, "
    "l VARCHAR(9) NOT NULL DEFAULT 'q', m TEXT NOT NULL, n ENUM('a') NOT NULL, o BLOB NOT NULL, p YEAR NOT NULL, "
    "q BOOL NOT NULL, r VARBINARY(3) NOT NULL, v INT(5) NOT NULL, w INT UNSIGNED NOT NULL, x MEDIUMTEXT, y JSON, "
    "t TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, tt TIMESTAMP NULL, "
    "u BIT(3) DEFAULT b'101', de DECIMAL(5,2) DEFAULT 3, dt DATETIME DEFAULT '2020-01-01', ti TIME DEFAULT '10:00', "
    "fl FLOAT DEFAULT .5, yy YEAR DEFAULT 2020, se SET('x', 'y') DEFAULT 'x', bi BINARY(3))",
)
#: Queries of views of which the text and the columns are told. Where one ends in ``--?``, not every type is.
TOLD = (
    "SELECT id, name FROM item",
    "SELECT * FROM item",
    "SELECT i.*, p.label FROM item i JOIN part p ON p.item_id = i.id",
    "SELECT i.ID, I2.name AS other, i.user FROM item AS i INNER JOIN item I2 ON (I2.id = i.size)",
    "SELECT item.id, label FROM item LEFT JOIN part ON part.item_id = item.id AND weight > 3 WHERE rank_ IN (1, 2)",
    "SELECT item.id, label FROM item RIGHT OUTER JOIN part ON part.item_id = item.id",
    "SELECT * FROM tag RIGHT JOIN part ON part_id = id",
    "SELECT i.id, label, word FROM item i LEFT JOIN (part p JOIN tag ON tag.part_id = p.id) ON p.item_id = i.id",
    "SELECT a.id, b.id AS b, c.id AS c FROM item a RIGHT JOIN item b ON a.id = b.id RIGHT JOIN item c ON c.id = a.id",
    "SELECT i.id, p.label FROM item i, part p WHERE i.id = p.item_id",
    "SELECT i.id, p.label FROM item i CROSS JOIN part p, tag",
    "SELECT i.id, q.id AS q FROM item i, part p JOIN part q ON q.id = p.id WHERE i.id = p.item_id",
    "SELECT i.id, t.word FROM (item i, part p) LEFT JOIN tag t ON t.part_id = p.id",
    "SELECT i.id FROM item i STRAIGHT_JOIN part p ON p.id = i.id JOIN tag ON TRUE JOIN tag u ON i.is_on",
    "SELECT count(*) AS n, count(id) AS m, count(DISTINCT size, rank_) AS d FROM item",
    "SELECT kind, COUNT(*) n FROM item GROUP BY kind HAVING n > 1 AND COUNT(id) < 9 ORDER BY n DESC, kind LIMIT 3",
    "SELECT sum(size) a, sum(rank_) b, sum(big) c, sum(price) d, sum(ratio) e, sum(is_on) f, sum(DISTINCT id) g, "
    "sum(near) h FROM item",
    "SELECT avg(size) a, avg(rank_) b, avg(big) c, avg(price) d, avg(ratio) e, avg(is_on) f, avg(id) g FROM item",
    "SELECT min(name) a, max(made) b, max(kind) c, min(DISTINCT id) d, max(body) e, min(code) f, max(ratio) g "
    "FROM item",
    "SELECT 1 AS one, -12 AS two, 1234567890 AS three, 'it''s' AS four, NULL AS five, 1.50 AS six, .5 AS seven, "
    "TRUE AS eight, 007 AS nine",
    "SELECT 1, 'abc', -1, 1.5, count(*), min(id) FROM item",
    "SELECT (name), ((item.id)) FROM item",
    "SELECT DISTINCT kind k, name FROM item ORDER BY k, price DESC LIMIT 5 OFFSET 2",
    "SELECT DISTINCTROW id FROM item LIMIT 2, 5",
    "SELECT name AS size, size AS name FROM item ORDER BY size",
    "SELECT item.id AS `a``b`, name AS `x y`, note AS 'it''s', `order` FROM item, part WHERE part.id = item.id",
    "SELECT id FROM item WHERE is_on AND NOT size AND (rank_ = 1 OR price > .5) AND NOT (id = 1 OR id = 2)",
    "SELECT id FROM item WHERE name LIKE 'a%' AND note NOT LIKE '%b' AND NOT name LIKE 'c' AND name REGEXP '^d'",
    "SELECT id FROM item WHERE size BETWEEN 1 AND 2 OR size NOT BETWEEN 3 AND 4 OR NOT size BETWEEN 5 AND 6",
    "SELECT id FROM item WHERE id IN (1) OR id NOT IN (2) OR NOT id IN (3, 4) OR size IS NULL OR NOT size IS NULL",
    "SELECT id FROM item WHERE is_on IS TRUE AND size IS NOT FALSE AND size IS UNKNOWN AND NOT (is_on IS FALSE)",
    "SELECT id FROM item WHERE concat(name, 'x') AND NOT coalesce(size, 0) AND size + 1 AND 1 AND 'x'",
    "SELECT id FROM item WHERE size <=> 1 AND rank_ != 2 && price % 2 = 1 AND size DIV 2 = 1 AND size MOD 3 = 1",
    "SELECT id FROM item WHERE made > now() - INTERVAL 1 DAY AND day_ < date_add(day_, INTERVAL size MONTH) "
    "AND made < current_timestamp AND date_sub(made, INTERVAL 2 HOUR) > '2020-01-01' AND date(made) = curdate()",
    "SELECT id FROM item /* a remark */ WHERE id > 1 -- more\n AND size > 1 # and more",
    "SELECT id FROM item WHERE name = \"it's\" OR name = 'a\"b' OR name = 'a\\\\b' OR name = '' OR name = 'é'",
    "SELECT id FROM item WHERE size = 1 AND rank_ = 2 OR size = 3 AND (rank_ = 4 OR rank_ = 5)",
    "SELECT upper(name) AS u, lower(note) l, length(name) n, concat(name, '-', size) c, coalesce(note, 'none') o, "
    "if(size, 1, 2) i, isnull(size) s, cast(size AS SIGNED) t FROM item --?",
    "SELECT CASE WHEN size = 1 THEN 'a' WHEN is_on THEN 'b' ELSE note END AS c, CASE kind WHEN 'a' THEN 1 END d "
    "FROM item --?",
    "SELECT size + 1 AS a, -size AS b, (size + 1) * 2 AS c, price / (size - 1) AS d, -(size + 1) e FROM item --?",
    "SELECT size > 1 AS a, size IS NULL AS b, size AND is_on AS c, NOT size AS d FROM item --?",
    "SELECT group_concat(name) a, group_concat(DISTINCT note ORDER BY id DESC, size SEPARATOR '; ') b FROM item --?",
    "SELECT SUM(size) * 2 a, SUM(CASE WHEN size = 1 THEN 1 ELSE 0 END) b, COALESCE(SUM(price), 0) c FROM item --?",
    "SELECT upper(name) AS name FROM item ORDER BY name, -size, size IS NULL DESC --?",
    "SELECT name, max(id) AS top FROM item GROUP BY 1, rank_ DESC HAVING name > 'a' AND top > 2 ORDER BY 2 DESC",
    "SELECT id, size FROM item UNION SELECT item_id, weight FROM part UNION ALL SELECT id, size FROM item --?",
    "SELECT name FROM item UNION ALL SELECT name FROM item ORDER BY name DESC LIMIT 3",
    "SELECT size AS s, price FROM item UNION SELECT size, price FROM item ORDER BY 1, price",
    "SELECT name AS v, size + 1 AS p, 'x' AS k FROM item ORDER BY p + 1, 1 + p, p * 2, -p, upper(v), k = 'a', "
    "p = 1 AND v = 'b', v --?",
    "SELECT size + 1 AS p FROM item HAVING p * 2 > 1 AND p AND p BETWEEN 1 AND 2 --?",
    "SELECT kind v, count(*) n, max(size) AS top FROM item GROUP BY v, rank_ + 1 HAVING n + 1 > 2 AND upper(v) = 'A' "
    "AND n",
    "SELECT count(*) AS n FROM item UNION ALL SELECT count(*) FROM part",
    "SELECT id FROM item WHERE id IN (SELECT item_id AS x FROM part WHERE part.weight = size) "
    "AND id NOT IN (SELECT item_id FROM part) AND NOT id IN (SELECT item_id FROM part UNION SELECT part_id FROM tag)",
    "SELECT id FROM item WHERE EXISTS (SELECT * FROM part WHERE item_id = item.id LIMIT 3) AND NOT EXISTS "
    "(SELECT 1 FROM tag) OR EXISTS (SELECT id, label l FROM part WHERE EXISTS (SELECT 2 FROM tag WHERE word = name))",
    "SELECT id, size FROM item WHERE size = (SELECT min(weight) FROM part WHERE item_id = item.id) "
    "OR coalesce((SELECT weight w FROM part ORDER BY w LIMIT 1), 0) > 1",
    "SELECT id, (SELECT count(*) FROM part WHERE item_id = item.id) AS n FROM item ORDER BY n --?",
    "SELECT d.n, d.kind, d.top FROM (SELECT count(*) AS n, kind, max(price) top FROM item GROUP BY kind) AS d "
    "WHERE d.n > 1",
    "SELECT i.id, d.n, d.label FROM item i LEFT JOIN (SELECT item_id, label, count(*) n FROM part GROUP BY item_id) d "
    "ON d.item_id = i.id",
    "SELECT * FROM (SELECT name, price FROM item UNION SELECT name, price FROM item ORDER BY name LIMIT 3) d",
    "SELECT x.id, x.one, x.k FROM (SELECT y.id, 1 one, kind AS k FROM (SELECT id, kind FROM item) y) x",
    "SELECT i.id, p.label FROM item i JOIN part p ON p.id = (SELECT max(part_id) FROM tag WHERE word = i.name)",
    "SELECT * FROM every",
    "SELECT DISTINCT y.* FROM every x LEFT JOIN every y ON x.a = y.a GROUP BY y.a",
    "SELECT x.* FROM tag LEFT JOIN (SELECT * FROM every LIMIT 5) x ON x.a = part_id",
    "SELECT max(a) a, max(l) l, max(n) n, max(h) h, max(p) p, max(q) q, max(u) u, max(tt) t, max(y) y, max(v) v, "
    "max(m) m, max(se) se, max(ti) ti, max(dt) dt, max(bi) bi FROM every",
    "SELECT sum(a) a, sum(b) b, sum(c) c, sum(d) d, sum(e) e, sum(w) w, avg(b) ab, avg(w) aw, sum(de) de FROM every",
    "SELECT x.* FROM (SELECT sum(a) a, sum(d) d, avg(e) e, count(*) c, 'x' s, 1 o, 1.5 z, NULL n FROM every) x",
    "SELECT max(x.a) a, max(x.d) d, max(x.s) s, max(x.o) o, max(x.z) z, max(x.n) n, sum(x.d) sd, avg(x.a) aa "
    "FROM (SELECT sum(a) a, sum(d) d, 'x' s, 1 o, 1.5 z, NULL n FROM every) x",
    "SELECT x.s, x.o, x.c FROM every LEFT JOIN (SELECT 'x' s, 1 o, count(*) c FROM every GROUP BY a) x ON a = x.o",
    "SELECT x.l, x.d FROM (SELECT l, d FROM every UNION SELECT l, d FROM every) x",
    "SELECT max(t) AS latest FROM every --?",
    "SELECT id FROM item WHERE id > 1 WITH CHECK OPTION",
    "SELECT id FROM item WHERE id > 1 WITH LOCAL CHECK OPTION",
)
#: Of these the columns are told, the text is not.
COLUMNS_ONLY = (
    "SELECT id, name FROM item WHERE id > ALL (SELECT item_id FROM part)",
    "SELECT id, name FROM item WHERE (id, size) IN (SELECT item_id, weight FROM part)",
    "SELECT id, name FROM item WHERE size | 1",
    "SELECT id, name FROM item FOR UPDATE",
    "SELECT id, name FROM item WHERE (id, size) = (1, 2)",
)
#: Of these neither is.
UNTOLD = (
    "SELECT s.id FROM (SELECT id FROM item GROUP BY id WITH ROLLUP) AS s",
    "SELECT id FROM item JOIN part USING (id)",
    "SELECT id, name FROM item WHERE id IN (SELECT item_id FROM part JOIN item USING (id))",
    "SELECT item.id FROM item NATURAL JOIN part",
    "WITH w AS (SELECT id FROM item) SELECT id FROM w",
    "SELECT id, current_user FROM item",
    "SELECT id  +  1 FROM item",
    "SELECT kind FROM item GROUP BY kind WITH ROLLUP",
    "(SELECT id FROM item) UNION (SELECT size FROM item)",
)


class Draw:
    """Draws queries from a part of the grammar, of joins, conditions and expressions over the tables above."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers: list[str] = []
        self.texts: list[str] = []

    def query(self) -> str:
        """Return a query; every item has a name."""
        pick = self.random.random
        sources = self.sources()
        aggregates = pick() < 0.25
        items = [self.aggregate() if aggregates else self.item() for _ in range(self.random.randint(1, 4))]
        names = ", ".join(f"{item} {'AS ' if pick() < 0.7 else ''}c{at}" for at, item in enumerate(items))
        text = f"SELECT {'DISTINCT ' if pick() < 0.15 else ''}{names} FROM {sources}"
        text += f" WHERE {self.condition(3)}" if pick() < 0.7 else ""
        if aggregates and pick() < 0.6:
            text += f" GROUP BY {self.choice(self.numbers)}"
            text += f" HAVING count(*) {self.sign()} {self.random.randint(0, 9)}" if pick() < 0.5 else ""
        order = (
            self.choice(("c0", "c0", "-c0", "c0 + 1", "2 * c0", f"c0 = {self.number(0)}")) if not aggregates else "c0"
        )
        text += f" ORDER BY {order}{self.choice((' DESC', ' ASC', ''))}" if pick() < 0.4 and "'" not in items[0] else ""
        return text + (f" LIMIT {self.random.randint(1, 9)}" if pick() < 0.3 else "")

    def choice(self, among: Sequence[str]) -> str:
        """Return one of several texts."""
        return self.random.choice(among)

    def sign(self) -> str:
        """Return a comparison."""
        return self.choice(("=", "<>", "!=", "<", ">", "<=", ">=", "<=>"))

    def sources(self) -> str:
        """Return one table or several that are joined, and keep in mind which columns there are."""
        self.numbers, self.texts, text = [], [], ""
        for at in range(self.random.choice((1, 1, 2, 2, 3))):
            kind = self.random.choice(("item", "part"))
            alias = f"{kind[0]}{at}"
            numbers = ("id", "size", "rank_", "is_on") if kind == "item" else ("id", "item_id", "weight")
            self.numbers += [f"{alias}.{name}" for name in numbers]
            self.texts += [f"{alias}.{name}" for name in (("name", "note") if kind == "item" else ("label",))]
            if at:
                text += self.choice((" JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " INNER JOIN "))
            text += f"{kind}{self.choice((' ', ' AS '))}{alias}"
            text += f" ON {self.condition(1)}" if at else ""
        return text

    def item(self) -> str:
        """Return an item of a query."""
        draws = (self.column, self.column, self.column, lambda: self.number(2), self.text, self.literal)
        return self.random.choice(draws)()

    def column(self) -> str:
        """Return a column."""
        return self.choice(self.numbers + self.texts)

    def literal(self) -> str:
        """Return a literal."""
        return self.choice(("0", "17", "1.25", "'x'", "'it''s'", "NULL", "TRUE"))

    def aggregate(self) -> str:
        """Return a function over many rows."""
        called = self.choice(("sum", "min", "max", "avg", "count", "count(*)"))
        return called if "(" in called else f"{called}({self.choice(self.numbers)})"

    def number(self, depth: int) -> str:
        """Return a number."""
        if depth == 0 or self.random.random() < 0.3:
            return self.choice((*self.numbers, str(self.random.randint(0, 99)), "-3", "2.50"))
        left, right = self.number(depth - 1), self.number(depth - 1)
        calls = (f"coalesce({left}, {right})", f"abs({left})", f"length({self.choice(self.texts)})", f"-({left})")
        form = self.random.choice(("+", "-", "*", "/", "%", "DIV", "call", "case"))
        if form == "call":
            return self.choice(calls)
        if form == "case":
            return f"CASE WHEN {self.condition(1)} THEN {left} ELSE {right} END"
        return f"({left} {form} {right})"

    def text(self) -> str:
        """Return a text."""
        one = self.choice(self.texts)
        return self.choice((f"upper({one})", f"concat({one}, '-')", f"trim({one})", f"ifnull({one}, 'none')"))

    def condition(self, depth: int) -> str:
        """Return a condition."""
        if depth > 0 and self.random.random() < 0.6:
            left, right = self.condition(depth - 1), self.condition(depth - 1)
            return self.choice(
                (f"({left} AND {right})", f"{left} OR {right}", f"NOT ({left})", f"({left}) AND {right}")
            )
        one, text = self.number(1), self.choice(self.texts)
        no = self.choice(("", "NOT "))
        return self.choice(
            (
                f"{one} {self.sign()} {self.number(1)}",
                f"{text} {self.sign()} 'x'",
                f"{one} IS {no}NULL",
                f"{one} {no}IN (1, 2, {self.number(0)})",
                f"{one} {no}BETWEEN {self.number(0)} AND {self.number(0)}",
                f"{text} {no}LIKE 'a%'",
                self.choice(self.numbers),
                "TRUE",
                f"{one} {no}IN (SELECT weight FROM part WHERE part.id {self.sign()} {self.number(1)})",
                f"{no}EXISTS (SELECT * FROM tag WHERE word {self.sign()} {text} AND part_id = {self.number(0)})",
            )
        )
