"""Addresses: where a mail goes, as its head and a calendar write it."""

import re
from urllib.parse import quote

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[\w-]+(?:\.[\w-]+)*", re.ASCII)
"""An address of dotted words (RFC 5322, 3.4.1): what every mail server takes."""

LONGEST = 254  # RFC 5321, 4.5.3.1.3
_PLAIN = "!$&'*+-/=^_`{|}~.@"
"""Signs that stay as they are in a calendar, where most readers compare letter by letter."""


class UnfitAddressError(ValueError):
    """No mail can be sent to this address."""


def fit(address: str) -> str:
    """*address* as the head of a mail may hold it. Raises `UnfitAddressError` where none may."""
    local, _at, domain = address.strip().rpartition("@")
    try:
        known = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        known = ""
    if not _ADDRESS.fullmatch(known) or len(known) > LONGEST:
        raise UnfitAddressError(f"no mail can be sent to {address!r}")
    return known


def comparable(address: str) -> str:
    """*address* as it is compared with others, whoever wrote it down."""
    try:
        return fit(address).casefold()
    except UnfitAddressError:
        return address.strip().casefold()


def mailto(address: str) -> str:
    """*address* as a calendar writes it (RFC 6068). Raises `UnfitAddressError`."""
    return f"mailto:{quote(fit(address), safe=_PLAIN)}"
