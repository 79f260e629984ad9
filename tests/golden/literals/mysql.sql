-- String(length=50): ''
INSERT INTO t (v) VALUES ('');
-- String(length=50): 'plain'
INSERT INTO t (v) VALUES ('plain');
-- String(length=50): "it's"
INSERT INTO t (v) VALUES ('it''s');
-- String(length=50): 'a\\b'
INSERT INTO t (v) VALUES ('a\\b');
-- String(length=50): '5% _ %s'
INSERT INTO t (v) VALUES ('5% _ %s');
-- String(length=50): 'é'
INSERT INTO t (v) VALUES ('é');
-- String(length=50): '漢😀'
INSERT INTO t (v) VALUES ('漢😀');
-- String(length=50): 'a\tb'
INSERT INTO t (v) VALUES ('a\tb');
-- String(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES ('a\r\nb');
-- String(length=50): '\n'
INSERT INTO t (v) VALUES ('\n');
-- String(length=50): 'a\x00b'
INSERT INTO t (v) VALUES ('a\0b');
-- String(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES (_utf8mb4 X'1a7f');
-- String(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES (_utf8mb4 X'61c285e280a862');
-- String(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES ('$(x)$(y) $ (');
-- String(length=50): '&x :y ?'
INSERT INTO t (v) VALUES ('&x :y ?');
-- String(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ('\nGO\n');
-- String(length=50): '\n/\n'
INSERT INTO t (v) VALUES ('\n/\n');
-- String(length=50): '-\n-- x'
INSERT INTO t (v) VALUES ('-\n-- x');
-- String(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES ('''; DROP TABLE t; --');
-- String(length=50): '/* x */'
INSERT INTO t (v) VALUES ('/* x */');
-- String(length=50): '{"a": true}'
INSERT INTO t (v) VALUES ('{"a": true}');
-- String(length=50): "'\n'"
INSERT INTO t (v) VALUES ('''\n''');
-- String(length=50): None
INSERT INTO t (v) VALUES (NULL);
-- Unicode(length=50): ''
INSERT INTO t (v) VALUES ('');
-- Unicode(length=50): 'plain'
INSERT INTO t (v) VALUES ('plain');
-- Unicode(length=50): "it's"
INSERT INTO t (v) VALUES ('it''s');
-- Unicode(length=50): 'a\\b'
INSERT INTO t (v) VALUES ('a\\b');
-- Unicode(length=50): '5% _ %s'
INSERT INTO t (v) VALUES ('5% _ %s');
-- Unicode(length=50): 'é'
INSERT INTO t (v) VALUES ('é');
-- Unicode(length=50): '漢😀'
INSERT INTO t (v) VALUES ('漢😀');
-- Unicode(length=50): 'a\tb'
INSERT INTO t (v) VALUES ('a\tb');
-- Unicode(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES ('a\r\nb');
-- Unicode(length=50): '\n'
INSERT INTO t (v) VALUES ('\n');
-- Unicode(length=50): 'a\x00b'
INSERT INTO t (v) VALUES ('a\0b');
-- Unicode(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES (_utf8mb4 X'1a7f');
-- Unicode(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES (_utf8mb4 X'61c285e280a862');
-- Unicode(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES ('$(x)$(y) $ (');
-- Unicode(length=50): '&x :y ?'
INSERT INTO t (v) VALUES ('&x :y ?');
-- Unicode(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ('\nGO\n');
-- Unicode(length=50): '\n/\n'
INSERT INTO t (v) VALUES ('\n/\n');
-- Unicode(length=50): '-\n-- x'
INSERT INTO t (v) VALUES ('-\n-- x');
-- Unicode(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES ('''; DROP TABLE t; --');
-- Unicode(length=50): '/* x */'
INSERT INTO t (v) VALUES ('/* x */');
-- Unicode(length=50): '{"a": true}'
INSERT INTO t (v) VALUES ('{"a": true}');
-- Unicode(length=50): "'\n'"
INSERT INTO t (v) VALUES ('''\n''');
-- Unicode(length=50): None
INSERT INTO t (v) VALUES (NULL);
-- Integer(): 0
INSERT INTO t (v) VALUES (0);
-- Integer(): -1
INSERT INTO t (v) VALUES (-1);
-- Integer(): 2147483647
INSERT INTO t (v) VALUES (2147483647);
-- Integer(): 9223372036854775808
INSERT INTO t (v) VALUES (9223372036854775808);
-- Integer(): 10000000000000000000000000000000000000
INSERT INTO t (v) VALUES (10000000000000000000000000000000000000);
-- Integer(): 1000000000000000000000000000000000000001
INSERT INTO t (v) VALUES (1000000000000000000000000000000000000001);
-- Integer(): True
INSERT INTO t (v) VALUES (true);
-- Integer(): None
INSERT INTO t (v) VALUES (NULL);
-- Boolean(): True
INSERT INTO t (v) VALUES (true);
-- Boolean(): False
INSERT INTO t (v) VALUES (false);
-- Boolean(): 1
INSERT INTO t (v) VALUES (true);
-- Boolean(): 2
-- refused: row 1 (rows[0]): t.v: ValueError: Value 2 is not None, True, or False
-- Boolean(): None
INSERT INTO t (v) VALUES (NULL);
-- Numeric(precision=38, scale=10): Decimal('0')
INSERT INTO t (v) VALUES (0);
-- Numeric(precision=38, scale=10): Decimal('-1.50')
INSERT INTO t (v) VALUES (-1.50);
-- Numeric(precision=38, scale=10): Decimal('1E+5')
INSERT INTO t (v) VALUES (100000);
-- Numeric(precision=38, scale=10): Decimal('1E-7')
INSERT INTO t (v) VALUES (0.0000001);
-- Numeric(precision=38, scale=10): Decimal('12345678901234567890.123456789')
INSERT INTO t (v) VALUES (12345678901234567890.123456789);
-- Numeric(precision=38, scale=10): Decimal('NaN')
-- refused: row 1 (rows[0]): t.v: MySQL has no number nan
-- Numeric(precision=38, scale=10): Decimal('1.1111111111111111111111111111111111111111')
INSERT INTO t (v) VALUES (1.1111111111111111111111111111111111111111);
-- Float(): 0.0
INSERT INTO t (v) VALUES (0.0e0);
-- Float(): -0.0
INSERT INTO t (v) VALUES (-0.0e0);
-- Float(): 0.1
INSERT INTO t (v) VALUES (0.1e0);
-- Float(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004e0);
-- Float(): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300);
-- Float(): 5e-324
INSERT INTO t (v) VALUES (5e-324);
-- Float(): 100.0
INSERT INTO t (v) VALUES (100.0e0);
-- Float(): nan
-- refused: row 1 (rows[0]): t.v: MySQL has no number nan
-- Float(): inf
-- refused: row 1 (rows[0]): t.v: MySQL has no number inf
-- Double(): 0.0
INSERT INTO t (v) VALUES (0.0e0);
-- Double(): -0.0
INSERT INTO t (v) VALUES (-0.0e0);
-- Double(): 0.1
INSERT INTO t (v) VALUES (0.1e0);
-- Double(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004e0);
-- Double(): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300);
-- Double(): 5e-324
INSERT INTO t (v) VALUES (5e-324);
-- Double(): 100.0
INSERT INTO t (v) VALUES (100.0e0);
-- Double(): nan
-- refused: row 1 (rows[0]): t.v: MySQL has no number nan
-- Double(): inf
-- refused: row 1 (rows[0]): t.v: MySQL has no number inf
-- Date(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES ('2024-02-29');
-- Date(): datetime.date(1, 1, 1)
INSERT INTO t (v) VALUES ('0001-01-01');
-- Date(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- Date(): None
INSERT INTO t (v) VALUES (NULL);
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15');
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678000');
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DateTime(): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01 00:00:00');
-- DateTime(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES ('2024-02-29');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678000');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DateTime(timezone=True): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01 00:00:00');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(seconds=3723)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- Time(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- Time(): datetime.time(1, 2, 3, 400000)
INSERT INTO t (v) VALUES ('01:02:03.400000');
-- Time(): datetime.time(1, 0, tzinfo=datetime.timezone.utc)
INSERT INTO t (v) VALUES ('01:00:00');
-- Interval(): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES ('1970-01-02 00:00:03.000005');
-- Interval(): datetime.timedelta(days=-2, seconds=64799, microseconds=999999)
INSERT INTO t (v) VALUES ('1969-12-30 17:59:59.999999');
-- Interval(): datetime.timedelta(0)
INSERT INTO t (v) VALUES ('1970-01-01 00:00:00');
-- Uuid(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000000000000000000000000007');
-- Uuid(): None
INSERT INTO t (v) VALUES (NULL);
-- LargeBinary(): b''
INSERT INTO t (v) VALUES (X'');
-- LargeBinary(): b"\x00\xff'"
INSERT INTO t (v) VALUES (X'00ff27');
-- LargeBinary(): bytearray(b'ab')
INSERT INTO t (v) VALUES (X'6162');
-- JSON(): {'a': [1, None, "é'"]}
INSERT INTO t (v) VALUES ('{"a": [1, null, "\\u00e9''"]}');
-- JSON(): None
INSERT INTO t (v) VALUES ('null');
-- JSON(): symbol('JSON_NULL')
INSERT INTO t (v) VALUES ('null');
-- JSON(): 'x'
INSERT INTO t (v) VALUES ('"x"');
-- JSON(none_as_null=True): None
INSERT INTO t (v) VALUES (NULL);
-- Enum('a', "it's", name='letters'): 'a'
INSERT INTO t (v) VALUES ('a');
-- Enum('a', "it's", name='letters'): "it's"
INSERT INTO t (v) VALUES ('it''s');
-- Enum('a', "it's", name='letters'): 'zz'
INSERT INTO t (v) VALUES ('zz');
-- Enum('a', "it's", name='letters'): None
INSERT INTO t (v) VALUES (NULL);
-- Enum('RED', 'BLUE', name='colours'): <Colour.RED: 'r'>
INSERT INTO t (v) VALUES ('RED');
-- Enum('RED', 'BLUE', name='colours'): 'BLUE'
INSERT INTO t (v) VALUES ('BLUE');
-- Enum('RED', 'BLUE', name='colours'): 'r'
INSERT INTO t (v) VALUES ('r');
-- PickleType(): None
INSERT INTO t (v) VALUES (NULL);
-- ARRAY(Integer()): [1]
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on MySQL
-- ARRAY(Integer()): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): True
INSERT INTO t (v) VALUES (true);
-- NullType(): 5
INSERT INTO t (v) VALUES (5);
-- NullType(): 1.5
INSERT INTO t (v) VALUES (1.5e0);
-- NullType(): Decimal('1.5')
INSERT INTO t (v) VALUES (1.5);
-- NullType(): 'x'
INSERT INTO t (v) VALUES ('x');
-- NullType(): b'\x00'
INSERT INTO t (v) VALUES (X'00');
-- NullType(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES ('2024-02-29');
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15');
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- NullType(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- NullType(): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES ('24:00:03.000005');
-- NullType(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000007');
-- NullType(): [1, "a'"]
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on MySQL
-- NullType(): ()
-- refused: row 1 (rows[0]): t.v: a Python tuple has no literal on MySQL
-- NullType(): {'a': 1}
-- refused: row 1 (rows[0]): t.v: a Python dict has no literal on MySQL
-- NullType(): <Colour.RED: 'r'>
-- refused: row 1 (rows[0]): t.v: a Python Colour has no literal on MySQL
-- NullType(): <class 'object'>
-- refused: row 1 (rows[0]): t.v: a Python type has no literal on MySQL
-- TINYINT(display_width=1): True
INSERT INTO t (v) VALUES (true);
-- TINYINT(display_width=1): 2
INSERT INTO t (v) VALUES (2);
-- BIGINT(unsigned=True): 18446744073709551615
INSERT INTO t (v) VALUES (18446744073709551615);
-- DOUBLE(asdecimal=True, unsigned=True): 0.0
INSERT INTO t (v) VALUES (0.0e0);
-- DOUBLE(asdecimal=True, unsigned=True): -0.0
INSERT INTO t (v) VALUES (-0.0e0);
-- DOUBLE(asdecimal=True, unsigned=True): 0.1
INSERT INTO t (v) VALUES (0.1e0);
-- DOUBLE(asdecimal=True, unsigned=True): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004e0);
-- DOUBLE(asdecimal=True, unsigned=True): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300);
-- DOUBLE(asdecimal=True, unsigned=True): 5e-324
INSERT INTO t (v) VALUES (5e-324);
-- DOUBLE(asdecimal=True, unsigned=True): 100.0
INSERT INTO t (v) VALUES (100.0e0);
-- DOUBLE(asdecimal=True, unsigned=True): nan
-- refused: row 1 (rows[0]): t.v: MySQL has no number nan
-- DOUBLE(asdecimal=True, unsigned=True): inf
-- refused: row 1 (rows[0]): t.v: MySQL has no number inf
-- DECIMAL(precision=65, scale=30): Decimal('0')
INSERT INTO t (v) VALUES (0);
-- DECIMAL(precision=65, scale=30): Decimal('-1.50')
INSERT INTO t (v) VALUES (-1.50);
-- DECIMAL(precision=65, scale=30): Decimal('1E+5')
INSERT INTO t (v) VALUES (100000);
-- DECIMAL(precision=65, scale=30): Decimal('1E-7')
INSERT INTO t (v) VALUES (0.0000001);
-- DECIMAL(precision=65, scale=30): Decimal('12345678901234567890.123456789')
INSERT INTO t (v) VALUES (12345678901234567890.123456789);
-- DECIMAL(precision=65, scale=30): Decimal('NaN')
-- refused: row 1 (rows[0]): t.v: MySQL has no number nan
-- DECIMAL(precision=65, scale=30): Decimal('1.1111111111111111111111111111111111111111')
INSERT INTO t (v) VALUES (1.1111111111111111111111111111111111111111);
-- YEAR(): 2024
INSERT INTO t (v) VALUES (2024);
-- YEAR(): '2024'
INSERT INTO t (v) VALUES ('2024');
-- YEAR(): True
INSERT INTO t (v) VALUES (1);
-- SET('a', 'b', "it's"): a set of ['b', "it's"]
INSERT INTO t (v) VALUES ('b,it''s');
-- SET('a', 'b', "it's"): 'a,b'
INSERT INTO t (v) VALUES ('a,b');
-- SET('a', 'b', "it's"): a set of []
INSERT INTO t (v) VALUES ('');
-- SET('a', 'b', "it's"): None
INSERT INTO t (v) VALUES (NULL);
-- BIT(length=3): 5
INSERT INTO t (v) VALUES (5);
-- BIT(length=3): b'\x05'
INSERT INTO t (v) VALUES (X'05');
-- ENUM('a', 'é'): 'a'
INSERT INTO t (v) VALUES ('a');
-- ENUM('a', 'é'): 'é'
INSERT INTO t (v) VALUES ('é');
-- TIME(fsp=6): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- TIME(fsp=6): datetime.time(1, 2, 3, 400000)
INSERT INTO t (v) VALUES ('01:02:03.400000');
-- TIME(fsp=6): datetime.time(1, 0, tzinfo=datetime.timezone.utc)
INSERT INTO t (v) VALUES ('01:00:00');
-- TIME(fsp=6): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES ('24:00:03.000005');
-- TIME(fsp=6): datetime.timedelta(days=-2, seconds=64799, microseconds=999999)
INSERT INTO t (v) VALUES ('-30:00:00.000001');
-- TIME(fsp=6): datetime.timedelta(0)
INSERT INTO t (v) VALUES ('00:00:00');
-- DATETIME(fsp=6): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DATETIME(fsp=6): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15');
-- DATETIME(fsp=6): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678000');
-- DATETIME(fsp=6): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- DATETIME(fsp=6): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01 00:00:00');
-- TIMESTAMP(fsp=3): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- TIMESTAMP(fsp=3): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15');
-- TIMESTAMP(fsp=3): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678000');
-- TIMESTAMP(fsp=3): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29 12:30:15.678901');
-- LONGTEXT(): "it's\\\n"
INSERT INTO t (v) VALUES ('it''s\\\n');
-- JSON(): {'a': "'\\"}
INSERT INTO t (v) VALUES ('{"a": "''\\\\"}');
-- JSON(): None
INSERT INTO t (v) VALUES ('null');
-- VARBINARY(length=9): b''
INSERT INTO t (v) VALUES (X'');
-- VARBINARY(length=9): b"\x00\xff'"
INSERT INTO t (v) VALUES (X'00ff27');
-- VARBINARY(length=9): bytearray(b'ab')
INSERT INTO t (v) VALUES (X'6162');
