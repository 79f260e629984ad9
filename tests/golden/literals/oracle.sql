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
INSERT INTO t (v) VALUES ('é');
-- String(length=50): '漢😀'
INSERT INTO t (v) VALUES ('漢😀');
-- String(length=50): 'a\tb'
INSERT INTO t (v) VALUES (('a' || CHR(9) || 'b'));
-- String(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES (('a' || CHR(13) || CHR(10) || 'b'));
-- String(length=50): '\n'
INSERT INTO t (v) VALUES (CHR(10));
-- String(length=50): 'a\x00b'
INSERT INTO t (v) VALUES (('a' || CHR(0) || 'b'));
-- String(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES ((CHR(26) || CHR(127)));
-- String(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES (('a' || UNISTR('\0085') || UNISTR('\2028') || 'b'));
-- String(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES ('$(x)$(y) $ (');
-- String(length=50): '&x :y ?'
INSERT INTO t (v) VALUES ('&x :y ?');
-- String(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ((CHR(10) || 'GO' || CHR(10)));
-- String(length=50): '\n/\n'
INSERT INTO t (v) VALUES ((CHR(10) || '/' || CHR(10)));
-- String(length=50): '-\n-- x'
INSERT INTO t (v) VALUES (('-' || CHR(10) || '-- x'));
-- String(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES ('''; DROP TABLE t; --');
-- String(length=50): '/* x */'
INSERT INTO t (v) VALUES ('/* x */');
-- String(length=50): '{"a": true}'
INSERT INTO t (v) VALUES ('{"a": true}');
-- String(length=50): "'\n'"
INSERT INTO t (v) VALUES (('''' || CHR(10) || ''''));
-- String(length=50): None
INSERT INTO t (v) VALUES (NULL);
-- Unicode(length=50): ''
INSERT INTO t (v) VALUES ('');
-- Unicode(length=50): 'plain'
INSERT INTO t (v) VALUES ('plain');
-- Unicode(length=50): "it's"
INSERT INTO t (v) VALUES ('it''s');
-- Unicode(length=50): 'a\\b'
INSERT INTO t (v) VALUES ('a\b');
-- Unicode(length=50): '5% _ %s'
INSERT INTO t (v) VALUES ('5% _ %s');
-- Unicode(length=50): 'é'
INSERT INTO t (v) VALUES ('é');
-- Unicode(length=50): '漢😀'
INSERT INTO t (v) VALUES ('漢😀');
-- Unicode(length=50): 'a\tb'
INSERT INTO t (v) VALUES (('a' || CHR(9) || 'b'));
-- Unicode(length=50): 'a\r\nb'
INSERT INTO t (v) VALUES (('a' || CHR(13) || CHR(10) || 'b'));
-- Unicode(length=50): '\n'
INSERT INTO t (v) VALUES (CHR(10));
-- Unicode(length=50): 'a\x00b'
INSERT INTO t (v) VALUES (('a' || CHR(0) || 'b'));
-- Unicode(length=50): '\x1a\x7f'
INSERT INTO t (v) VALUES ((CHR(26) || CHR(127)));
-- Unicode(length=50): 'a\x85\u2028b'
INSERT INTO t (v) VALUES (('a' || UNISTR('\0085') || UNISTR('\2028') || 'b'));
-- Unicode(length=50): '$(x)$(y) $ ('
INSERT INTO t (v) VALUES ('$(x)$(y) $ (');
-- Unicode(length=50): '&x :y ?'
INSERT INTO t (v) VALUES ('&x :y ?');
-- Unicode(length=50): '\nGO\n'
INSERT INTO t (v) VALUES ((CHR(10) || 'GO' || CHR(10)));
-- Unicode(length=50): '\n/\n'
INSERT INTO t (v) VALUES ((CHR(10) || '/' || CHR(10)));
-- Unicode(length=50): '-\n-- x'
INSERT INTO t (v) VALUES (('-' || CHR(10) || '-- x'));
-- Unicode(length=50): "'; DROP TABLE t; --"
INSERT INTO t (v) VALUES ('''; DROP TABLE t; --');
-- Unicode(length=50): '/* x */'
INSERT INTO t (v) VALUES ('/* x */');
-- Unicode(length=50): '{"a": true}'
INSERT INTO t (v) VALUES ('{"a": true}');
-- Unicode(length=50): "'\n'"
INSERT INTO t (v) VALUES (('''' || CHR(10) || ''''));
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
-- refused: row 1 (rows[0]): t.v: Oracle rounds numbers of more than 38 digits
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
-- refused: row 1 (rows[0]): t.v: Oracle has no NUMBER nan
-- Numeric(precision=38, scale=10): Decimal('1.1111111111111111111111111111111111111111')
-- refused: row 1 (rows[0]): t.v: Oracle rounds numbers of more than 38 digits
-- Float(): 0.0
INSERT INTO t (v) VALUES (0.0);
-- Float(): -0.0
INSERT INTO t (v) VALUES (-0.0);
-- Float(): 0.1
INSERT INTO t (v) VALUES (0.1);
-- Float(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004);
-- Float(): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300);
-- Float(): 5e-324
INSERT INTO t (v) VALUES (5e-324);
-- Float(): 100.0
INSERT INTO t (v) VALUES (100.0);
-- Float(): nan
-- refused: row 1 (rows[0]): t.v: Oracle has no NUMBER nan
-- Float(): inf
-- refused: row 1 (rows[0]): t.v: Oracle has no NUMBER inf
-- Double(): 0.0
INSERT INTO t (v) VALUES (0.0);
-- Double(): -0.0
INSERT INTO t (v) VALUES (-0.0);
-- Double(): 0.1
INSERT INTO t (v) VALUES (0.1);
-- Double(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004);
-- Double(): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300);
-- Double(): 5e-324
INSERT INTO t (v) VALUES (5e-324);
-- Double(): 100.0
INSERT INTO t (v) VALUES (100.0);
-- Double(): nan
-- refused: row 1 (rows[0]): t.v: Oracle has no NUMBER nan
-- Double(): inf
-- refused: row 1 (rows[0]): t.v: Oracle has no NUMBER inf
-- Date(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES (DATE '2024-02-29');
-- Date(): datetime.date(1, 1, 1)
INSERT INTO t (v) VALUES (DATE '0001-01-01');
-- Date(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- Date(): None
INSERT INTO t (v) VALUES (NULL);
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- DateTime(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- DateTime(): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES (TO_DATE('0001-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS'));
-- DateTime(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES (DATE '2024-02-29');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678000');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901 -05:30');
-- DateTime(timezone=True): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES (TIMESTAMP '0001-01-01 00:00:00');
-- DateTime(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(seconds=3723)))
-- refused: row 1 (rows[0]): t.v: Oracle has no offset of 1:02:03
-- Time(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- Time(): datetime.time(1, 2, 3, 400000)
INSERT INTO t (v) VALUES ('01:02:03.400000');
-- Time(): datetime.time(1, 0, tzinfo=datetime.timezone.utc)
INSERT INTO t (v) VALUES ('01:00:00+00:00');
-- Interval(): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(86403.000005, 'SECOND'));
-- Interval(): datetime.timedelta(days=-2, seconds=64799, microseconds=999999)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(-108000.000001, 'SECOND'));
-- Interval(): datetime.timedelta(0)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(0.000000, 'SECOND'));
-- Uuid(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000000000000000000000000007');
-- Uuid(): None
INSERT INTO t (v) VALUES (NULL);
-- LargeBinary(): b''
INSERT INTO t (v) VALUES (HEXTORAW(''));
-- LargeBinary(): b"\x00\xff'"
INSERT INTO t (v) VALUES (HEXTORAW('00ff27'));
-- LargeBinary(): bytearray(b'ab')
INSERT INTO t (v) VALUES (HEXTORAW('6162'));
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
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on Oracle
-- ARRAY(Integer()): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): None
INSERT INTO t (v) VALUES (NULL);
-- NullType(): True
INSERT INTO t (v) VALUES (1);
-- NullType(): 5
INSERT INTO t (v) VALUES (5);
-- NullType(): 1.5
INSERT INTO t (v) VALUES (1.5);
-- NullType(): Decimal('1.5')
INSERT INTO t (v) VALUES (1.5);
-- NullType(): 'x'
INSERT INTO t (v) VALUES ('x');
-- NullType(): b'\x00'
INSERT INTO t (v) VALUES (HEXTORAW('00'));
-- NullType(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES (DATE '2024-02-29');
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- NullType(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- NullType(): datetime.time(1, 2, 3)
INSERT INTO t (v) VALUES ('01:02:03');
-- NullType(): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(86403.000005, 'SECOND'));
-- NullType(): UUID('00000000-0000-0000-0000-000000000007')
INSERT INTO t (v) VALUES ('00000000-0000-0000-0000-000000000007');
-- NullType(): [1, "a'"]
-- refused: row 1 (rows[0]): t.v: a Python list has no literal on Oracle
-- NullType(): ()
-- refused: row 1 (rows[0]): t.v: a Python tuple has no literal on Oracle
-- NullType(): {'a': 1}
-- refused: row 1 (rows[0]): t.v: a Python dict has no literal on Oracle
-- NullType(): <Colour.RED: 'r'>
-- refused: row 1 (rows[0]): t.v: a Python Colour has no literal on Oracle
-- NullType(): <class 'object'>
-- refused: row 1 (rows[0]): t.v: a Python type has no literal on Oracle
-- VARCHAR2(length=50): 'a'
INSERT INTO t (v) VALUES ('a');
-- VARCHAR2(length=50): "é'"
INSERT INTO t (v) VALUES ('é''');
-- NVARCHAR(length=50): 'a'
INSERT INTO t (v) VALUES (N'a');
-- NVARCHAR(length=50): 'é\n'
INSERT INTO t (v) VALUES ((N'é' || CHR(10)));
-- NVARCHAR(length=50): '漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢'
INSERT INTO t (v) VALUES
    ((N'漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢'
    ||
N'漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢'));
-- CLOB(): "it's\nit's\nit's\n"
INSERT INTO t (v) VALUES (('it''s' || CHR(10) || 'it''s' || CHR(10) || 'it''s' || CHR(10)));
-- NUMBER(precision=38, asdecimal=False): 10000000000000000000000000000000000000
INSERT INTO t (v) VALUES (10000000000000000000000000000000000000);
-- NUMBER(precision=38, asdecimal=False): 5
INSERT INTO t (v) VALUES (5);
-- BINARY_DOUBLE(): 0.0
INSERT INTO t (v) VALUES (0.0d);
-- BINARY_DOUBLE(): -0.0
INSERT INTO t (v) VALUES (-0.0d);
-- BINARY_DOUBLE(): 0.1
INSERT INTO t (v) VALUES (0.1d);
-- BINARY_DOUBLE(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004d);
-- BINARY_DOUBLE(): 1.5e+300
INSERT INTO t (v) VALUES (1.5e+300d);
-- BINARY_DOUBLE(): 5e-324
INSERT INTO t (v) VALUES (5e-324d);
-- BINARY_DOUBLE(): 100.0
INSERT INTO t (v) VALUES (100.0d);
-- BINARY_DOUBLE(): nan
INSERT INTO t (v) VALUES (BINARY_DOUBLE_NAN);
-- BINARY_DOUBLE(): inf
INSERT INTO t (v) VALUES (BINARY_DOUBLE_INFINITY);
-- BINARY_FLOAT(): 0.0
INSERT INTO t (v) VALUES (0.0d);
-- BINARY_FLOAT(): -0.0
INSERT INTO t (v) VALUES (-0.0d);
-- BINARY_FLOAT(): 0.1
INSERT INTO t (v) VALUES (0.1d);
-- BINARY_FLOAT(): 0.30000000000000004
INSERT INTO t (v) VALUES (0.30000000000000004d);
-- DATE(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TO_DATE('2024-02-29 12:30:15', 'YYYY-MM-DD HH24:MI:SS'));
-- DATE(): datetime.date(2024, 2, 29)
INSERT INTO t (v) VALUES (DATE '2024-02-29');
-- TIMESTAMP(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901');
-- TIMESTAMP(): datetime.datetime(2024, 2, 29, 12, 30, 15)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15');
-- TIMESTAMP(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678000)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678000');
-- TIMESTAMP(): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901');
-- TIMESTAMP(): datetime.datetime(1, 1, 1, 0, 0)
INSERT INTO t (v) VALUES (TIMESTAMP '0001-01-01 00:00:00');
-- TIMESTAMP(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901');
-- TIMESTAMP(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901 -05:30');
-- TIMESTAMP(timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(seconds=3723)))
-- refused: row 1 (rows[0]): t.v: Oracle has no offset of 1:02:03
-- TIMESTAMP(local_timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901)
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901');
-- TIMESTAMP(local_timezone=True): datetime.datetime(2024, 2, 29, 12, 30, 15, 678901, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))
INSERT INTO t (v) VALUES (TIMESTAMP '2024-02-29 12:30:15.678901 -05:30');
-- INTERVAL(day_precision=3): datetime.timedelta(days=1, seconds=3, microseconds=5)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(86403.000005, 'SECOND'));
-- INTERVAL(day_precision=3): datetime.timedelta(days=-2, seconds=64799, microseconds=999999)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(-108000.000001, 'SECOND'));
-- INTERVAL(day_precision=3): datetime.timedelta(0)
INSERT INTO t (v) VALUES (NUMTODSINTERVAL(0.000000, 'SECOND'));
-- RAW(length=10): b''
INSERT INTO t (v) VALUES (HEXTORAW(''));
-- RAW(length=10): b"\x00\xff'"
INSERT INTO t (v) VALUES (HEXTORAW('00ff27'));
-- RAW(length=10): bytearray(b'ab')
INSERT INTO t (v) VALUES (HEXTORAW('6162'));
-- ROWID(): 'AAAACPAABAAAAXKAAA'
INSERT INTO t (v) VALUES ('AAAACPAABAAAAXKAAA');
