"""The language texts are read in: every text a person reads goes through ``_``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALES = Path(__file__).with_name("locale")
DEFAULT = "en"

_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


@cache
def _catalog(language: str) -> NullTranslations:
    return translation("jourfixe", LOCALES, [language], fallback=True)


@cache
def _is_known(language: str) -> bool:
    """Whether texts exist in it; dates in one language inside texts of another are no help."""
    return (LOCALES / language).is_dir()


def current() -> str:
    """The language in use, such as ``en`` or ``de``."""
    return _current.get()


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Use the language of *locale* (``de-DE``) inside the block."""
    wanted = (locale or DEFAULT).replace("_", "-").partition("-")[0].lower()
    token = _current.set(wanted if _is_known(wanted) else DEFAULT)
    try:
        yield
    finally:
        _current.reset(token)


def _(text: str) -> str:
    """*text* in the language in use; English where no translation exists."""
    return _catalog(_current.get()).gettext(text) if text else ""  # "" is a catalog's header


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for marking a text
    """Mark *text* for translation; it is translated where it is shown."""
    return text


def plural(one: str, many: str, count: int) -> str:
    """The form of a text that fits *count*."""
    return _catalog(_current.get()).ngettext(one, many, count)
