"""A workspace per test: two members, a guest, two channels, an app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_sdk import WebClient

from slackbox import App, Box, Channel, Person

from .manifest import manifest
from .robot import Robot


@dataclass
class Place:
    """What a test finds in its workspace."""

    box: Box
    app: App
    client: WebClient
    anna: Person
    ben: Person
    guest: Person
    alpha: Channel
    secret: Channel


@pytest.fixture
def place() -> Iterator[Place]:
    with Box() as box:
        app = box.install(manifest())
        anna = box.user("anna", real_name="Anna Kern", email="anna@firm.example")
        ben = box.user("ben", real_name="Ben Ott", email="ben@firm.example", tz="America/New_York")
        guest = box.user("gast", is_restricted=True)
        alpha = box.channel("alpha", members=[anna, ben])
        secret = box.channel("secret", members=[anna], private=True, with_bot=False)
        client = WebClient(token=app.bot_token, base_url=box.api_url, retry_handlers=[])
        yield Place(box, app, client, anna, ben, guest, alpha, secret)


@pytest.fixture
def box(place: Place) -> Box:
    return place.box


@pytest.fixture
def anna(place: Place) -> Person:
    return place.anna


@pytest.fixture
def ben(place: Place) -> Person:
    return place.ben


@pytest.fixture
def alpha(place: Place) -> Channel:
    return place.alpha


@pytest.fixture
def client(place: Place) -> WebClient:
    return place.client


@pytest.fixture
def robot(place: Place) -> Iterator[Robot]:
    robot = Robot(place.box, place.app).connect()
    yield robot
    robot.close()
