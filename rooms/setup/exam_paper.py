"""The exam paper of a room: text, PDF or link; checked when a teacher gives it, safe when a student sees it."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from core.errors import UserError
from rooms.setup import paper_process

MAX_PDF_BYTES = 20 * 1024 * 1024
MAX_TEXT = 100_000  # characters
MAX_ADDRESS = 2000  # characters
MAX_FILE_NAME = 120  # characters
USUAL_PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# A file from anywhere may break the reader in any of these ways; all of them mean the same to the teacher.
BROKEN_PDF = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, RecursionError)


@dataclass(frozen=True, slots=True)
class Exam:
    """What students work on; made by one of the class methods, which check it."""

    kind: str = "none"
    """`none`, `text`, `pdf` or `link`."""
    text: str = ""
    """Markdown, the address, or the file's name."""
    file: bytes | None = None
    html: str | None = None
    """The Markdown as students see it."""

    @classmethod
    def of_text(cls, markdown: str) -> Self:
        """Return an exam written in Markdown; UserError `exam_empty`, `exam_too_long` or `paper_too_heavy`.

        Some texts take seconds to lay out: a process of its own does it once, when the text is saved.
        """
        if not markdown.strip():
            raise UserError("exam_empty", "Please write the text of the exam.")
        if len(markdown) > MAX_TEXT:
            raise UserError("exam_too_long", "The text may have at most %(most)d characters.", most=MAX_TEXT)
        text = markdown.replace("\r\n", "\n").replace("\0", "")
        return cls("text", text, html=paper_process.html_of(text))

    @classmethod
    def of_link(cls, address: str) -> Self:
        """Return an exam at a web address; UserError `bad_link` for anything but http and https."""
        address = address.strip()
        if len(address) > MAX_ADDRESS or not _is_web_address(address):
            raise UserError("bad_link", "Please give a full web address that begins with https:// or http://.")
        return cls("link", address)

    @classmethod
    def of_pdf(cls, content: bytes, name: str) -> Self:
        """Return an exam as a PDF, read in another process; UserError `bad_pdf`, `pdf_too_large`, `paper_too_heavy`."""
        if len(content) > MAX_PDF_BYTES:
            raise UserError("pdf_too_large", "The PDF may have at most %(most)d MB.", most=MAX_PDF_BYTES // 1024**2)
        if not content.startswith(b"%PDF-") or not paper_process.has_pages(content):
            raise UserError("bad_pdf", "This file is not a PDF that can be shown: it is damaged, locked or empty.")
        return cls("pdf", name.strip()[:MAX_FILE_NAME] or "exam.pdf", content)


def render_markdown(markdown: str) -> str:
    """Return Markdown as HTML without anything that runs, loads or styles; links open beside the exam.

    Brackets without end cost it seconds: only rooms/setup/paper_reader.py calls it, in a process with limits.
    """
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(markdown)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer",
    )


def frame_origin(address: str) -> str:
    """Return the origin of a link, for the frame-src of the pages that show it; "" where it has none to name."""
    try:
        parts = urlsplit(address)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    # browsers leave a scheme's own port out, and the page compares with what they say
    is_usual = port in (None, USUAL_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{port}"


def _ascii_host(host: str) -> str:
    """Return a host as a header may name it, xn--r8jz45g.jp for 例え.jp; ValueError for what is none.

    It is judged in the form it is sent in: full-width punctuation becomes plain only by the conversion.
    """
    if ":" in host and "%" not in host:
        return f"[{IPv6Address(host)}]"
    plain = host.encode("idna").decode("ascii").lower()
    if not HOST.fullmatch(plain):
        raise ValueError(f"{plain!r} is no host name")
    return plain


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
        _ascii_host(parts.hostname or "")
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and port != 0
    return is_web and parts.username is None and not any(c.isspace() or ord(c) < 32 for c in address)


def pages_in(content: bytes) -> bool:
    """Say whether a PDF can be read and shows a page; a file can make this take minutes: see `render_markdown`."""
    try:
        reader = PdfReader(io.BytesIO(content))
        return not reader.is_encrypted and len(reader.pages) > 0
    except BROKEN_PDF:
        return False
