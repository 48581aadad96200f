"""Fixtures every test may ask for."""

from collections.abc import Iterator

import pytest

from tests.office import Office, open_office

pytest_plugins = ["tests.databases"]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Anna's project Alpha, ready to be typed in."""
    with open_office(database_url) as office:
        yield office
