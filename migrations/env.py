"""Runs the migrations: on the bot's own connection as it starts, or where a developer points.

The second is for developers: `alembic` then compares the tables it finds with every model of the
bot. The first imports nothing of the bot, so old migrations run whatever becomes of it.
"""

import os
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Enum, MetaData, event


def run(connection: Connection, models: MetaData | None = None) -> None:
    """Do what was asked of alembic; comparing needs the *models*."""
    context.configure(
        connection=connection,
        target_metadata=models,
        render_as_batch=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


def plain_type(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Keep the bot's names and values out of migrations."""
    if kind != "type":
        return False
    if type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def every_model() -> MetaData:
    """The tables of all modules, so that none is forgotten."""
    import bot  # noqa: PLC0415 # see the top: only developers get here
    from bot.db import Base  # noqa: PLC0415 # the same

    for module in walk_packages(bot.__path__, "bot."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return Base.metadata


def run_for_developer() -> None:
    """Run on the database DATABASE_URL names, knowing the models."""
    from bot.db import open_engine  # noqa: PLC0415 # as above
    from bot.migrate import check_references, leave_references_alone  # noqa: PLC0415 # as above

    named = os.environ.get("DATABASE_URL")
    url = named or context.config.get_main_option("sqlalchemy.url") or ""
    engine = open_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        event.listen(engine, "connect", leave_references_alone)
    with engine.begin() as connection:
        run(connection, every_model())
        if is_sqlite:
            check_references(connection)
    engine.dispose()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    run_for_developer()
