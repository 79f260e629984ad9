"""Where the vendors' manuals describe the statements of each operation, for databases that no test can run."""

from __future__ import annotations

MYSQL = "https://dev.mysql.com/doc/refman/8.0/en/"
MICROSOFT = "https://learn.microsoft.com/en-us/sql/"
TSQL = f"{MICROSOFT}t-sql/statements/"
PROCEDURES = f"{MICROSOFT}relational-databases/system-stored-procedures/"
ORACLE = "https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/"

ALTER = {
    "mysql": f"{MYSQL}alter-table.html",
    "mssql": f"{TSQL}alter-table-transact-sql",
    "oracle": f"{ORACLE}ALTER-TABLE.html",
}
CREATE_INDEX = {
    "mysql": f"{MYSQL}create-index.html",
    "mssql": f"{TSQL}create-index-transact-sql",
    "oracle": f"{ORACLE}CREATE-INDEX.html",
}

MANUALS = {
    "create_table": {
        "mysql": f"{MYSQL}create-table.html",
        "mssql": f"{TSQL}create-table-transact-sql",
        "oracle": f"{ORACLE}CREATE-TABLE.html",
    },
    "drop_table": {
        "mysql": f"{MYSQL}drop-table.html",
        "mssql": f"{TSQL}drop-table-transact-sql",
        "oracle": f"{ORACLE}DROP-TABLE.html",
    },
    "rename_table": {**ALTER, "mssql": f"{PROCEDURES}sp-rename-transact-sql"},
    "create_table_comment": {
        "mysql": f"{MYSQL}alter-table.html",
        "mssql": f"{PROCEDURES}sp-addextendedproperty-transact-sql",
        "oracle": f"{ORACLE}COMMENT.html",
    },
    "execute": {
        "mysql": f"{MYSQL}update.html",
        "mssql": f"{MICROSOFT}t-sql/queries/update-transact-sql",
        "oracle": f"{ORACLE}UPDATE.html",
    },
    "bulk_insert": {
        "mysql": f"{MYSQL}insert.html",
        "mssql": f"{TSQL}insert-transact-sql",
        "oracle": f"{ORACLE}INSERT.html",
    },
    "batch_alter_table": ALTER,
    "add_column": ALTER,
    "drop_column": ALTER,
    "alter_column": ALTER,
    "create_index": CREATE_INDEX,
    "drop_index": {
        "mysql": f"{MYSQL}drop-index.html",
        "mssql": f"{TSQL}drop-index-transact-sql",
        "oracle": f"{ORACLE}DROP-INDEX.html",
    },
    "create_primary_key": ALTER,
    "create_unique_constraint": ALTER,
    "create_check_constraint": ALTER,
    "create_foreign_key": ALTER,
    "create_exclude_constraint": {},
    "drop_constraint": ALTER,
}
"""Operation -> dialect -> page. No database but PostgreSQL has exclude constraints."""
