"""The workspace in a box, in a process of its own so that it takes no time from the bot."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.processes import Process, python, told_by


@dataclass(frozen=True)
class Facts:
    """What a bot and its callers have to know of the workspace."""

    api_url: str
    smtp_url: str
    bot_token: str
    signing_secret: str
    team: str
    channel: str
    user: str
    reports: str


class Workspace:
    """A running workspace, as the bench holds it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.facts = Facts(**json.loads(told_by(process)))

    def calls_of(self, method: str) -> int:
        """How often *method* of the Web API was called so far."""
        print(method, file=self._process.stdin, flush=True)
        return int(told_by(self._process))


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """A workspace with a channel and a member, its app installed."""
    with python("-m", "benchmarks.box", cwd=folder) as process:
        yield Workspace(process)


def _serve() -> None:
    """Print the facts, then answer each method typed in with how often it was called."""
    from bot.config import read_settings  # noqa: PLC0415 - the bench itself needs none of these
    from bot.manifest import manifest_of  # noqa: PLC0415 - as above
    from slackbox import Box  # noqa: PLC0415 - as above

    with Box() as box:
        anna = box.user("anna", real_name="Anna")
        app = box.install(manifest_of(read_settings()))
        channel = box.channel("bench", members=[anna])
        reports = box.channel("reports", members=[anna])
        facts = Facts(
            box.api_url,
            box.smtp_url,
            app.bot_token,
            app.signing_secret,
            box.team_id,
            channel.id,
            anna.id,
            reports.id,
        )
        print(json.dumps(asdict(facts)), flush=True)
        for line in sys.stdin:
            calls = box.call(lambda: [call.method for call in box.calls])
            print(calls.count(line.strip()), flush=True)


if __name__ == "__main__":
    _serve()
