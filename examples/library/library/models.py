"""The tables as the newest revision leaves them."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

author = sa.Table(
    "author",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("name", sa.Unicode(200), nullable=False),
    sa.Column("sort_name", sa.Unicode(200), nullable=False, index=True),
    sa.Column("born_year", sa.SmallInteger),
)

genre = sa.Table(
    "genre",
    metadata,
    sa.Column("code", sa.String(3), primary_key=True),
    sa.Column("name", sa.Unicode(80), nullable=False, unique=True),
)

title = sa.Table(
    "title",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("name", sa.Unicode(300), nullable=False, index=True),
    sa.Column(
        "medium",
        sa.Enum("book", "audiobook", "film", "map", "e-book", "game", name="medium", length=20),
        nullable=False,
    ),
    sa.Column("published_year", sa.SmallInteger),
    sa.Column("genre_code", sa.String(3), sa.ForeignKey("genre.code")),
    sa.CheckConstraint("published_year BETWEEN 1400 AND 2999", name="published_year"),
)

title_author = sa.Table(
    "title_author",
    metadata,
    sa.Column("title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("author_id", sa.ForeignKey("author.id"), primary_key=True),
    sa.Column("position", sa.SmallInteger, nullable=False, server_default="1"),
)

identifier = sa.Table(
    "identifier",
    metadata,
    sa.Column("title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("scheme", sa.String(10), primary_key=True),
    sa.Column("code", sa.String(40), primary_key=True, index=True),
    sa.CheckConstraint("scheme IN ('isbn', 'ean', 'publisher')", name="scheme"),
)

patron = sa.Table(
    "patron",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("card_number", sa.String(12), nullable=False, unique=True),
    sa.Column("display_name", sa.Unicode(200), nullable=False),
    sa.Column("email", sa.String(254)),
    sa.Column("joined_at", sa.DateTime, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
)

item = sa.Table(
    "item",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("title_id", sa.ForeignKey("title.id", name="fk_shelf_copy_title_id"), nullable=False),
    sa.Column("barcode", sa.String(20), nullable=False),
    sa.Column("acquired_on", sa.Date),
    sa.UniqueConstraint("barcode", name="uq_shelf_copy_barcode"),
)

loan = sa.Table(
    "loan",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("item_id", sa.ForeignKey("item.id", name="fk_loan_copy_id"), nullable=False),
    sa.Column("patron_id", sa.ForeignKey("patron.id"), nullable=False),
    sa.Column("lent_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("returned_on", sa.Date, comment="Empty while the item is out"),
    sa.CheckConstraint("due_on >= lent_on", name="due_on"),
    sa.Index(None, "due_on", "returned_on"),
    comment="One row per borrowing; never deleted, the statistics count them",
)

tariff = sa.Table(
    "tariff",
    metadata,
    sa.Column("code", sa.String(20), primary_key=True),
    sa.Column("description", sa.Unicode(200), nullable=False),
    sa.Column("per_day", sa.Numeric(6, 2), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("cap", sa.Numeric(6, 2), nullable=False, server_default="15.00"),
    sa.CheckConstraint("per_day >= 0", name="per_day"),
    comment="What a day of delay costs, and where it stops",
)

fee = sa.Table(
    "fee",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("loan_id", sa.ForeignKey("loan.id"), nullable=False, unique=True),
    sa.Column("tariff_code", sa.ForeignKey("tariff.code"), nullable=False),
    sa.Column("amount", sa.Numeric(8, 2), nullable=False),
    sa.Column("paid_on", sa.Date),
)

reservation = sa.Table(
    "reservation",
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), nullable=False),
    sa.Column("patron_id", sa.ForeignKey("patron.id"), nullable=False),
    sa.Column(
        "state",
        sa.Enum("waiting", "ready", "collected", "expired", name="reservation_state", length=20),
        nullable=False,
        server_default="waiting",
    ),
    sa.Column("requested_at", sa.DateTime, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
    sa.Column("keep_until", sa.Date),
    sa.Column("note", sa.Text),
    sa.Index("ix_reservation_queue", "state", "requested_at"),
)
