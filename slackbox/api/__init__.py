"""Slack's Web API: one module per family of methods, listed here."""

from __future__ import annotations

from slackbox.api import auth, chat, conversations, files, reactions, users, views
from slackbox.api.method import Method

METHODS: dict[str, Method] = {
    method.name: method
    for family in (auth, chat, conversations, files, reactions, users, views)
    for method in family.METHODS
}
