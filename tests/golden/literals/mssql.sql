-- String(length=50): ''
INSERT INTO t (v) VALUES ('');
-- String(length=50): 'plain'
INSERT INTO t (v) VALUES ('plain');
-- String(length=50): "it's"
INSERT INTO t (v) VALUES ('it''s');
-- String(length=50): 'a\\b'
INSERT INTO t (v) VALUES ('a\b');
-- String(length=50): '5% _ %s'
INSERT INTO t (v) VALUES ('5% _ %s');
-- String(length=50): 'é'
INSERT INTO t (v) VALUES (N'é');
-- String(length=50): '漢😀'
INSERT INTO t (v) VALUES (N'漢😀');
-- String(length=50): 'a\tb'
INSERT INTO t (v) VALUES (('a' + CHAR(9) + 'b'));
-- String(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES (('a' + CHAR(13) + CHAR(10) + 'b'));
-- String(length=50): '\n'
INSERT INTO t (v) VALUES ((CHAR(10)));
-- String(length=50): 'a\x00b'
INSERT INTO t (v) VALUES (('a' + CHAR(0) + 'b'));
-- String(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES ((CHAR(26) + CHAR(127)));
-- String(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES ((N'a' + NCHAR(133) + NCHAR(8232) + N'b'));
-- String(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES (('$' + '(x)$' + '(y) $ ('));
-- String(length=50): '&x :y ?'
INSERT INTO t (v) VALUES ('&x :y ?');
-- String(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ((CHAR(10) + 'GO' + CHAR(10)));
-- String(length=50): '\n/\n'
INSERT INTO t (v) VALUES ((CHAR(10) + '/' + CHAR(10)));
-- String(length=50): '-\n-- x'
INSERT INTO t (v) VALUES (('-' + CHAR(10) + '-- x'));
-- String(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES ('''; DROP TABLE t; --');
-- String(length=50): '/* x */'
INSERT INTO t (v) VALUES ('/* x */');
-- String(length=50): '{"a": true}'
INSERT INTO t (v) VALUES ('{"a": true}');
-- String(length=50): "'\n'"
INSERT INTO t (v) VALUES (('''' + CHAR(10) + ''''));
-- String(length=50): None
INSERT INTO t (v) VALUES (NULL);
-- Unicode(length=50): ''
INSERT INTO t (v) VALUES (N'');
-- Unicode(length=50): 'plain'
INSERT INTO t (v) VALUES (N'plain');
-- Unicode(length=50): "it's"
INSERT INTO t (v) VALUES (N'it''s');
-- Unicode(length=50): 'a\\b'
INSERT INTO t (v) VALUES (N'a\b');
-- Unicode(length=50): '5% _ %s'
INSERT INTO t (v) VALUES (N'5% _ %s');
-- Unicode(length=50): 'é'
INSERT INTO t (v) VALUES (N'é');
-- Unicode(length=50): '漢😀'
INSERT INTO t (v) VALUES (N'漢😀');
-- Unicode(length=50): 'a\tb'
INSERT INTO t (v) VALUES ((N'a' + NCHAR(9) + N'b'));
-- Unicode(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES ((N'a' + NCHAR(13) + NCHAR(10) + N'b'));
-- Unicode(length=50): '\n'
INSERT INTO t (v) VALUES ((NCHAR(10)));
-- Unicode(length=50): 'a\x00b'
INSERT INTO t (v) VALUES ((N'a' + NCHAR(0) + N'b'));
-- Unicode(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES ((NCHAR(26) + NCHAR(127)));
-- Unicode(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES ((N'a' + NCHAR(133) + NCHAR(8232) + N'b'));
-- Unicode(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES ((N'$' + N'(x)$' + N'(y) $ ('));
-- Unicode(length=50): '&x :y ?'
INSERT INTO t (v) VALUES (N'&x :y ?');
-- Unicode(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ((NCHAR(10) + N'GO' + NCHAR(10)));
-- Unicode(length=50): '\n/\n'
INSERT INTO t (v) VALUES ((NCHAR(10) + N'/' + NCHAR(10)));
-- Unicode(length=50): '-\n-- x'
INSERT INTO t (v) VALUES ((N'-' + NCHAR(10) + N'-- x'));
-- Unicode(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES (N'''; DROP TABLE t; --');
-- Unicode(length=50): '/* x */'
INSERT INTO t (v) VALUES (N'/* x */');
-- Unicode(length=50): '{"a": true}'
INSERT INTO t (v) VALUES (N'{"a": true}');
-- Unicode(length=50): "'\n'"
INSERT INTO t (v) VALUES ((N'''' + NCHAR(10) + N''''));
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
-- refused: row 1 (rows[0]): t.v: SQL Server has no number of more than 38 digits
-- Integer(): True
INSERT INTO t (v) VALUES (1);
-- Integer(): None
INSERT INTO t (v) VALUES (NULL);
-- Boolean(): True
INSERT INTO t (v) VALUES (1);
-- Boolean(): False
INSERT INTO t (v) VALUES (0);
-- Boolean(): 1
INSERT INTO t (v) VALUES (1);
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
-- refused: row 1 (rows[0]): t.v: SQL Server has no number nan
-- Numeric(precision=38, scale=10): Decimal('1.1111111111111111111111111111111111111111')
-- refused: row 1 (rows[0]): t.v: SQL Server has no number of more than 38 digits
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
-- refused: row 1 (rows[0]): t.v: SQL Server has no FLOAT 5e-324: it ends at 2.2250738585072014e-308
-- Float(): 100.0
INSERT INTO t (v) VALUES (100.0e0);
-- Float(): nan
-- refused: row 1 (rows[0]): t.v: SQL Server has no number nan
-- Float(): inf
-- refused: row 1 (rows[0]): t.v: SQL Server has no number inf
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
-- refused: row 1 (rows[0]): t.v: SQL Server has no FLOAT 5e-324: it ends at 2.2250738585072014e-308
-- Double(): 100.0
INSERT INTO t (v) VALUES (100.0e0);
-- Double(): nan
-- refused: row 1 (rows[0]): t.v: SQL Server has no number nan
-- Double(): inf
-- refused: row 1 (rows[0]): t.v: SQL Server has no number inf
-- Date(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES ('2024-02-29');
-- Date(): datetime.date(1, 1, 1)
INSERT INTO t (v) VALUES ('0001-01-01');
-- Date(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29');
-- Date(): None
INSERT INTO t (v) VALUES (NULL);
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (CAST('2024-02-29T12:30:15.678901' AS datetime2));
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15');
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678');
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (CAST('2024-02-29T12:30:15.678901' AS datetime2));
-- DateTime(): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01T00:00:00');
-- DateTime(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES ('2024-02-29T00:00:00');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678000');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901-05:30');
-- DateTime(timezone=True): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01T00:00:00');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(seconds=3723)))
-- refused: row 1 (rows[0]): t.v: SQL Server has no offset of 1:02:03
-- Time(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- Time(): datetime.time(1, 2, 3, 400000)
INSERT INTO t (v) VALUES ('01:02:03.400000');
-- Time(): datetime.time(1, 0, tzinfo=datetime.timezone.utc)
INSERT INTO t (v) VALUES ('01:00:00+00:00');
-- Interval(): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES (CAST('1970-01-02T00:00:03.000005' AS datetime2));
-- Interval(): datetime.timedelta(days=-2, seconds=64799, microseconds=999999)
INSERT INTO t (v) VALUES (CAST('1969-12-30T17:59:59.999999' AS datetime2));
-- Interval(): datetime.timedelta(0)
INSERT INTO t (v) VALUES ('1970-01-01T00:00:00');
-- Uuid(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000007');
-- Uuid(): None
INSERT INTO t (v) VALUES (NULL);
-- LargeBinary(): b''
INSERT INTO t (v) VALUES (0x);
-- LargeBinary(): b"\x00\xff'"
INSERT INTO t (v) VALUES (0x00ff27);
-- LargeBinary(): bytearray(b'ab')
INSERT INTO t (v) VALUES (0x6162);
-- JSON(): {'a': [1, None, "é'"]}
INSERT INTO t (v) VALUES ('{"a": [1, null, "\u00e9''"]}');
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
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on SQL Server
-- ARRAY(Integer()): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): True
INSERT INTO t (v) VALUES (1);
-- NullType(): 5
INSERT INTO t (v) VALUES (5);
-- NullType(): 1.5
INSERT INTO t (v) VALUES (1.5e0);
-- NullType(): Decimal('1.5')
INSERT INTO t (v) VALUES (1.5);
-- NullType(): 'x'
INSERT INTO t (v) VALUES ('x');
-- NullType(): b'\x00'
INSERT INTO t (v) VALUES (0x00);
-- NullType(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES (CAST('2024-02-29' AS date));
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (CAST('2024-02-29T12:30:15.678901' AS datetime2));
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15');
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (CAST('2024-02-29T12:30:15.678901' AS datetime2));
-- NullType(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- NullType(): datetime.timedelta(days=1, seconds=3, microseconds=5)
-- refused: row 1 (rows[0]): t.v: a Python timedelta has no literal on SQL Server
-- NullType(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000007');
-- NullType(): [1, "a'"]
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on SQL Server
-- NullType(): ()
-- refused: row 1 (rows[0]): t.v: a Python tuple has no literal on SQL Server
-- NullType(): {'a': 1}
-- refused: row 1 (rows[0]): t.v: a Python dict has no literal on SQL Server
-- NullType(): <Colour.RED: 'r'>
-- refused: row 1 (rows[0]): t.v: a Python Colour has no literal on SQL Server
-- NullType(): <class 'object'>
-- refused: row 1 (rows[0]): t.v: a Python type has no literal on SQL Server
-- NTEXT(): 'a'
INSERT INTO t (v) VALUES (N'a');
-- NTEXT(): 'é\n'
INSERT INTO t (v) VALUES ((N'é' + NCHAR(10)));
-- BIT(): True
INSERT INTO t (v) VALUES (1);
-- BIT(): 0
INSERT INTO t (v) VALUES (0);
-- TINYINT(): 0
INSERT INTO t (v) VALUES (0);
-- TINYINT(): 255
INSERT INTO t (v) VALUES (255);
-- MONEY(): Decimal('12.34')
INSERT INTO t (v) VALUES (12.34);
-- MONEY(): 5
INSERT INTO t (v) VALUES (5);
-- DATETIME2(precision=7): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901');
-- DATETIME2(precision=7): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15');
-- DATETIME2(precision=7): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678000');
-- DATETIME2(precision=7): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901');
-- DATETIME2(precision=7): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES ('0001-01-01T00:00:00');
-- SMALLDATETIME(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (CAST('2024-02-29T12:30:15.678901' AS datetime2));
-- SMALLDATETIME(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15');
-- SMALLDATETIME(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678');
-- DATETIMEOFFSET(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901');
-- DATETIMEOFFSET(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES ('2024-02-29T12:30:15.678901-05:30');
-- DATETIMEOFFSET(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(seconds=3723)))
-- refused: row 1 (rows[0]): t.v: SQL Server has no offset of 1:02:03
-- TIME(precision=3): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- TIME(precision=3): datetime.time(1, 2, 3, 400000)
INSERT INTO t (v) VALUES ('01:02:03.400000');
-- TIME(precision=3): datetime.time(1, 0, tzinfo=datetime.timezone.utc)
INSERT INTO t (v) VALUES ('01:00:00+00:00');
-- UNIQUEIDENTIFIER(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000007');
-- UNIQUEIDENTIFIER(): '00000000-0000-0000-0000-000000000008'
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000008');
-- VARBINARY(length=10): b''
INSERT INTO t (v) VALUES (0x);
-- VARBINARY(length=10): b"\x00\xff'"
INSERT INTO t (v) VALUES (0x00ff27);
-- VARBINARY(length=10): bytearray(b'ab')
INSERT INTO t (v) VALUES (0x6162);
-- XML(): "<a>it's</a>"
INSERT INTO t (v) VALUES ('<a>it''s</a>');
-- REAL(): 0.0
INSERT INTO t (v) VALUES (0.0e0);
-- REAL(): -0.0
INSERT INTO t (v) VALUES (-0.0e0);
-- REAL(): 0.1
INSERT INTO t (v) VALUES (0.1e0);
-- REAL(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004e0);
