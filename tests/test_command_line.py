"""The command line, as an operator uses it: from any folder, by settings alone."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.config import Settings, read_settings
from bot.manifest import manifest_of
from bot.scopes import SCOPES
from slackbox import Box

Done = subprocess.CompletedProcess[str]


def jourfixe(
    folder: Path, *words: str, settings: Mapping[str, str] | None = None, timeout: float = 60
) -> Done:
    """What `jourfixe` says in *folder*."""
    names = {field.alias for field in Settings.model_fields.values()}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=clean | dict(settings or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def read_yaml(lines: list[str], depth: int = 0) -> object:
    """The few forms of YAML the manifest is made of, read back."""
    pad = "  " * depth
    if lines[0].startswith(f"{pad}- "):
        return _read_list(lines, pad, depth)
    found: dict[str, object] = {}
    while lines and lines[0].startswith(pad) and not lines[0].startswith((f"{pad} ", f"{pad}-")):
        key, _colon, value = lines.pop(0).strip().partition(":")
        found[key] = json.loads(value) if value.strip() else read_yaml(lines, depth + 1)
    return found


def _read_list(lines: list[str], pad: str, depth: int) -> list[object]:
    items: list[object] = []
    while lines and lines[0].startswith(f"{pad}- "):
        first = lines[0].removeprefix(f"{pad}- ")
        if first.startswith('"'):
            items.append(json.loads(first))
            lines.pop(0)
        else:
            lines[0] = f"{pad}  {first}"
            items.append(read_yaml(lines, depth + 1))
    return items


def test_the_manifest_is_the_same_as_json_and_as_yaml(tmp_path: Path) -> None:
    as_json = jourfixe(tmp_path, "manifest")
    as_yaml = jourfixe(tmp_path, "manifest", "--format", "yaml")
    assert as_json.returncode == as_yaml.returncode == 0
    assert read_yaml(as_yaml.stdout.splitlines()) == json.loads(as_json.stdout)
    assert as_json.stderr == as_yaml.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_is_taken_by_slack(tmp_path: Path) -> None:
    for settings in ({}, {"SLACK_SIGNING_SECRET": "s", "PORT": "80"}, {"JOURFIXE_ROOT": "pmo"}):
        made = json.loads(jourfixe(tmp_path, "manifest", settings=settings).stdout)
        with Box() as box:
            app = box.install(made)
            assert app.bot_token
        commands = made["features"]["slash_commands"]
        assert len(commands) <= 50
        assert all(len(c["command"]) <= 32 and c["should_escape"] for c in commands)
        assert all(len(s["name"]) <= 24 for s in made["features"]["shortcuts"])
        assert made["settings"]["socket_mode_enabled"] is (not settings.get("PORT"))
        assert ("url" in commands[0]) is bool(settings.get("PORT"))


def test_the_slash_commands_are_those_of_the_help() -> None:
    made = manifest_of(read_settings())["features"]["slash_commands"]
    shorts = [f"/po-{command.noun}" for command in COMMANDS if command.short]
    assert [command["command"] for command in made] == ["/po", *shorts]
    assert {"/po-status", "/po-action", "/po-risk"} <= set(shorts)


def test_the_scopes_are_those_that_are_explained() -> None:
    scopes = manifest_of(read_settings())["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted(scope.name for scope in SCOPES)
    assert all(scope.why and scope.without for scope in SCOPES)


def test_the_link_opens_slacks_page_with_the_manifest_in_it(tmp_path: Path) -> None:
    told = jourfixe(tmp_path, "manifest", "--link").stdout
    assert told.startswith("https://api.slack.com/apps?new_app=1&manifest_json=%7B")


def test_help_names_every_command_and_says_what_version_it_is(tmp_path: Path) -> None:
    told = jourfixe(tmp_path, "--help").stdout
    for word in ("serve", "demo", "migrate", "manifest", "doctor"):
        assert word in told
    assert "version" in jourfixe(tmp_path, "--version").stdout


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({"PORT": "x"}, "PORT: "),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1",
          "DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "/nowhere/at/all.db"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1",
          "SLACK_API_URL": "http://127.0.0.1:9/api/"}, "http://127.0.0.1:9/api/"),
    ],
)  # fmt: skip
def test_serve_says_what_is_wrong_and_ends(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    done = jourfixe(tmp_path, "serve", settings=settings)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_with_a_token_slack_does_not_know_says_so(tmp_path: Path) -> None:
    with Box() as box:
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-wrong",
            "SLACK_APP_TOKEN": "xapp-wrong",
            "SLACK_API_URL": box.api_url,
        }
        done = jourfixe(tmp_path, "serve", settings=settings)
    assert done.returncode == 2
    assert "invalid_auth" in done.stderr
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "xoxb-wrong" not in done.stderr


def test_migrate_makes_a_database_and_can_be_repeated(tmp_path: Path) -> None:
    for _again in range(2):
        done = jourfixe(tmp_path, "migrate", settings={"DATABASE_URL": "sqlite:///here.db"})
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")
    assert (tmp_path / "here.db").exists()


def test_settings_in_a_file_beside_it_are_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JOURFIXE_ROOT=pmo\n")
    made = json.loads(jourfixe(tmp_path, "manifest").stdout)
    assert made["features"]["slash_commands"][0]["command"] == "/pmo"
