"""PDF: a page of HTML printed on sheets of paper, where the extra `pdf` is installed."""

from importlib.util import find_spec
from pathlib import Path

from bot.glyphs import BOLD, REGULAR, font_files

# The words of the page come with styles of their own, for mail; paper has its own letters.
SHEET = """
@page {{
  size: A4; margin: 18mm 18mm 20mm;
  @bottom-right {{
    content: counter(page) " / " counter(pages);
    font-family: {families}; font-size: 8pt; color: #555555;
  }}
}}
* {{ font-family: {families} !important; overflow-wrap: anywhere; }}
body > table > tbody > tr > td {{ padding: 0 !important; }}
body > table table {{ max-width: none !important; }}
h1, h2, h3 {{ break-after: avoid; }}
h2, h3, p, li, tr {{ break-inside: avoid; }}
[style*="opacity"] {{ opacity: 1 !important; color: #555555; }}
a {{ color: #0b5cad !important; }}
"""
FACE = '@font-face {{ font-family: "{name}"; font-weight: {weight}; src: url("{url}"); }}'


class NoPdfError(Exception):
    """No PDF can be made here; the text says what is missing."""


def is_installed() -> bool:
    """Whether the extra is there; found without importing it."""
    return find_spec("weasyprint") is not None


def print_page(page: str, folder: str) -> bytes:
    """The *page* of HTML as a PDF, with the fonts that come along and those in *folder*.

    It takes a second and more: never while a transaction is open. Nothing is fetched, whatever
    the page asks for. Raises `NoPdfError`.
    """
    try:
        # Not at the top: the extra may be missing, and the import takes longer than a command may.
        from weasyprint import CSS, HTML  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except ImportError as error:
        raise NoPdfError(f"`pip install jourfixe[pdf]` is needed: {error}") from error
    except OSError as error:  # its own libraries, which come with the system
        raise NoPdfError(f"WeasyPrint needs Pango: {error}") from error
    fonts = FontConfiguration()
    ours = CSS(string=_sheet(folder), font_config=fonts)
    html = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=()))
    return bytes(html.write_pdf(stylesheets=[ours], font_config=fonts, presentational_hints=True))


def _sheet(folder: str) -> str:
    """How paper looks; letters no font has are looked for in the next one."""
    more = [path for path in font_files(folder) if path not in (REGULAR, BOLD)]
    faces = [_face("Jourfixe", REGULAR), _face("Jourfixe", BOLD, "bold")]
    faces += [_face(f"Jourfixe {number}", path) for number, path in enumerate(more)]
    names = ["Jourfixe", *(f"Jourfixe {number}" for number in range(len(more)))]
    families = ", ".join(f'"{name}"' for name in names)
    return "\n".join([*faces, SHEET.format(families=f"{families}, sans-serif")])


def _face(name: str, path: Path, weight: str = "normal") -> str:
    return FACE.format(name=name, weight=weight, url=path.absolute().as_uri())
