"""Logs: one line per event, for people or for machines; never a token."""

import logging

import structlog


def set_up(form: str, level: int = logging.INFO) -> None:
    """Write log lines as *form*, ``text`` or ``json``."""
    shared = [
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.format_exc_info,
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,  # type: ignore[arg-type] # structlog's own types disagree
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("slack_bolt", "slack_sdk", "waitress", "alembic"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    # Waitress warns whenever a request waits for a thread, however short: a line per request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # APScheduler warns of a beat that begins while a long one lasts: it is skipped, as it ought to.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
