"""Envelopes: a mail somebody sent, taken apart with care, for anybody may send one."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses
from hashlib import sha256
from urllib.parse import unquote

LARGEST_MAIL = 1_000_000  # bytes; an answer with somebody's signature has less
MOST_PARTS = 200
MOST_COMPARISONS = 1_000_000  # of a line with where a part may end
LONGEST_FIELD = 50_000  # characters
LONGEST_CONTENT_FIELD = 2_000
DEEPEST = 30
LONGEST_ADDRESS = 254

_BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)  # there are many ways to write what follows
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")


class UnreadableError(Exception):
    """A mail says nothing we understand; the text says why, for operators."""


class _Wary(Compat32):
    """Reads no field of a head that would keep the parser busy: it looks for the end of each
    parameter from the start."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        is_content = sourcelines[0][:8].casefold() == "content-"
        longest = LONGEST_CONTENT_FIELD if is_content else LONGEST_FIELD
        if sum(map(len, sourcelines)) > longest:
            raise UnreadableError("its head is too long")
        return super().header_source_parse(sourcelines)


_WARY = _Wary()


def parse_mail(data: bytes) -> Message:
    """The mail in *data*. Raises `UnreadableError` for what is too large or too deep to read."""
    if len(data) > LARGEST_MAIL:
        raise UnreadableError("it is too large")
    # The parser calls itself for every multipart in another, and looks for each one's end in
    # every line.
    depth = len(_BOUNDARY.findall(data))
    lines = data.count(b"\n") + data.count(b"\r")
    if depth > MOST_PARTS or depth * lines > MOST_COMPARISONS:
        raise UnreadableError("it has too many parts")
    try:
        return message_from_bytes(data, policy=_WARY)
    except UnreadableError:
        raise
    except Exception as error:  # what hostile mails make of parsers has no name
        raise UnreadableError(f"no parser reads it: {error!r}"[:200]) from error


def head_of(data: bytes) -> Message:
    """The head of the mail in *data*, whose parts are not looked at. Raises `UnreadableError`."""
    try:
        return BytesHeaderParser(policy=_WARY).parsebytes(data)
    except UnreadableError:
        raise
    except Exception as error:  # as in `parse_mail`
        raise UnreadableError(f"no parser reads it: {error!r}"[:200]) from error


def parts_of(mail: Message) -> Iterator[Message]:
    """The parts of *mail* that hold something, at whatever depth, in the order they stand in."""
    waiting = [(mail, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise UnreadableError("it has too many parts")
        inside = part.get_payload()
        if isinstance(inside, list):
            waiting += [(one, depth + 1) for one in reversed(inside) if isinstance(one, Message)]
        if not part.is_multipart() or part.get_content_type().startswith("message/"):
            yield part


def payload_of(part: Message) -> bytes:
    """What *part* holds, decoded."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def text_of(part: Message, data: bytes) -> str:
    """*data* of *part* as text: by the character set it names, where that is none, as best it
    goes."""
    for name in (str(part.get_content_charset() or "utf-8"), "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def sender_of(mail: Message) -> str:
    """The one address *mail* is from, casefolded; "" where it names none or several."""
    heads = [str(head) for head in mail.get_all("From", [])]
    found = {address_in(address) for _name, address in getaddresses(heads)} - {""}
    return found.pop() if len(found) == 1 else ""


def address_in(text: str) -> str:
    """The mail address in ``mailto:ben@firm.example``, casefolded; "" where there is none."""
    text = text.strip().strip('"').strip()
    if text[:7].casefold() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    is_one = text.count("@") == 1 and not text.startswith("@") and not text.endswith("@")
    is_fit = len(text) <= LONGEST_ADDRESS and text.isprintable() and " " not in text
    return text.strip("<>").casefold() if is_one and is_fit and ":" not in text else ""


def message_id_of(mail: Message) -> str:
    """The Message-ID of *mail*; "" where it has none."""
    found = _MESSAGE_ID.search(str(mail.get("Message-ID", "")))
    return found[0] if found else ""


def key_of(data: bytes) -> str:
    """What a mail is known by, however often it comes: its Message-ID and sender, else all of it.

    The sender is part of it, so that nobody takes the name of a mail somebody else is to write.
    """
    try:
        heads = head_of(data[:LARGEST_MAIL])
        name = f"{message_id_of(heads)}\n{sender_of(heads)}" if message_id_of(heads) else ""
    except Exception:  # as in `parse_mail`
        name = ""
    return sha256(name.encode("utf-8", "surrogateescape") if name else data).hexdigest()
