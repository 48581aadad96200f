"""PDF: a page of HTML printed on sheets of paper, where the extra `pdf` is installed."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from bot.glyphs import BOLD, REGULAR, font_files

PATIENCE_S = 45  # less than the lease of a delivery

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
/* What holds the page in its middle in a mail; a table in a table takes four times as long. */
.frame, .frame > tbody {{ display: block !important; max-width: none !important; }}
.edge {{ padding: 0 !important; }}
h1, h2, h3 {{ break-after: avoid; }}
h2, h3, p, li, tr {{ break-inside: avoid; }}
[style*="opacity"] {{ opacity: 1 !important; color: #555555; }}
a {{ color: #0b5cad !important; }}
"""
# The word for a colour stands beside its dot; letters that come along have dots in black only.
DRAWN = str.maketrans({"🟢": "●", "🟡": "●", "🔴": "●"})
FACE = '@font-face {{ font-family: "{name}"; font-weight: {weight}; src: url("{url}"); }}'


class NoPdfError(Exception):
    """No PDF can be made here; the text says what is missing."""


def is_installed() -> bool:
    """Whether the extra is there; found without importing it."""
    return find_spec("weasyprint") is not None


def print_page(page: str, folder: str) -> bytes:
    """The *page* of HTML as a PDF, with the fonts that come along and those in *folder*.

    It takes a second and more: never while a transaction is open. Nothing is fetched, whatever
    the page asks for. A process of its own does it, so that commands are as quick as ever, a long
    page leaves no memory behind, and none takes for ever. Raises `NoPdfError`.
    """
    try:
        done = subprocess.run(  # noqa: S603 - nothing of the command line was typed by people
            [sys.executable, "-m", "bot.pdf", folder],
            input=page.encode(),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            cwd=Path(__file__).parents[1],  # whatever else is called bot where the office runs
        )
    except subprocess.TimeoutExpired as error:
        raise NoPdfError(f"a PDF took more than {PATIENCE_S} seconds") from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise NoPdfError(f"`pip install jourfixe[pdf]` and Pango are needed: {''.join(last)}")
    return done.stdout


def _printed(page: str, folder: str) -> bytes:
    # Not at the top: the extra may be missing, and importing it takes longer than a command may.
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fonts = FontConfiguration()
    ours = CSS(string=_sheet(folder), font_config=fonts)
    html = HTML(string=page.translate(DRAWN), url_fetcher=URLFetcher(allowed_protocols=()))
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


if __name__ == "__main__":
    sys.stdout.buffer.write(_printed(sys.stdin.buffer.read().decode(), sys.argv[1]))
