"""The cold start: from nothing to the first possible ack, beside the imports alone."""

import time
from pathlib import Path

from benchmarks.box import Facts
from benchmarks.client import Client
from benchmarks.processes import free_port, python, told_by, wait_until_open
from benchmarks.product import environment

LIST_IMPORTS = """
import sys
from importlib.metadata import packages_distributions
import bot.__main__, bot.app
third_party = set(packages_distributions()) - {"bot", "slackbox"}
print(*(name for name in sys.modules if name.partition(".")[0] in third_party))
"""
IMPORT_THEM = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
print("ready", flush=True)
"""


def imports(folder: Path) -> list[str]:
    """The modules of other people's libraries that the bot imports to serve, in its order."""
    with python("-c", LIST_IMPORTS, cwd=folder) as process:
        return told_by(process).split()


def import_alone(modules: list[str], folder: Path) -> float:
    """The seconds a bare process takes to import *modules*."""
    begun = time.perf_counter()
    with python("-c", IMPORT_THEM, *modules, cwd=folder) as process:
        told_by(process)
        return time.perf_counter() - begun


def start(facts: Facts, database_url: str, folder: Path) -> float:
    """The seconds until a bot started on a migrated database has acked something."""
    port = free_port()
    settings = environment(facts, database_url, port)
    begun = time.perf_counter()
    with python("-m", "bot", "serve", cwd=folder, env=settings) as process:
        wait_until_open(port, process)
        client = Client(port, facts)
        client.clicks()
        seconds = time.perf_counter() - begun
        client.close()
        return seconds
