"""Markdown, whose source is kept, and web pages and e-books, which are rendered block by block."""

import copy
import io
import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import lxml.html
from lxml import etree

from rag.errors import LoadError
from rag.loaders.blocks import render, strip_surroundings
from rag.loaders.disguised import strip_unseen
from rag.loaders.drafts import Draft, Writer, left_out
from rag.loaders.encoding import decode
from rag.loaders.naming import clean_date, clean_title, date_near_top, sensible_title
from rag.loaders.sources import Raw, is_address
from rag.types import Heading

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^(title|date):[ \t]*(.+?)[ \t]*$", re.M | re.I)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>", re.I)
_SHORT_PAGE = 250
"""Words; a page as short as this is kept whole, less its navigation."""
_LEAST_SHARE = 0.2
"""Of a longer page, trafilatura has to keep this share of the words to be believed."""


def read_markdown(raw: Raw) -> Draft:
    """Markdown: its source unchanged; front matter and headings told apart."""
    text, _ = decode(raw.data, raw.name)
    front = _FRONT_MATTER.match(text)
    fields = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(front.group(1))} if front else {}
    body = text[front.end() :] if front else text
    headings = tuple(_markdown_headings(text, front.end() if front else 0))
    first = _shown(headings[0], text) if headings else None
    return Draft(
        text,
        "text/markdown",
        title=fields.get("title") or first,
        date=clean_date(fields.get("date")) or date_near_top(body),
        headings=headings,
    )


def _markdown_headings(text: str, begins: int) -> Iterator[Heading]:
    from markdown_it import MarkdownIt

    body = text[begins:]
    starts = [begins, *(begins + match.end() for match in re.finditer(r"\r\n?|\n", body)), len(text)]
    tokens = MarkdownIt("commonmark").parse(body)
    for opening, inline in itertools.pairwise(tokens):
        if opening.type != "heading_open" or not opening.map or not inline.content:
            continue
        line, after = starts[opening.map[0]], starts[min(opening.map[1], len(starts) - 1)]
        found = text.find(inline.content, line, after)
        if found >= 0:
            yield Heading(int(opening.tag[1]), found, found + len(inline.content))


def _shown(heading: Heading, text: str) -> str | None:
    from rag.text import plain

    return clean_title(plain(text[heading.start : heading.end], "text/markdown"))


def read_html(raw: Raw) -> Draft:
    """A web page: its main text and title; navigation, scripts, hidden parts and comments gone."""
    declared = re.search(r"charset=[\"']?([\w-]+)", raw.media_type or "", re.I)
    written = _CHARSET.search(raw.data[:4096])
    charset = declared.group(1) if declared else written and (written.group(1) or written.group(2)).decode("ascii")
    text, _ = decode(raw.data, raw.name, charset or None)
    return whole_page(text, raw.source if is_address(raw.source) else None)


def whole_page(html: str, address: str | None = None) -> Draft:
    """The draft of a page given as text. Raises `LoadError` (`empty`) where there is no element at all."""
    tree = _parsed(html)
    if tree is None:
        return Draft("", "text/html")
    unseen = strip_unseen(tree)
    main, title, date = _main_text(tree, address)
    whole = copy.deepcopy(tree)
    strip_surroundings(whole)
    everything = _rendered(whole)
    kept, there = len(main.text.split()), len(everything.text.split())
    writer = everything if there <= _SHORT_PAGE or kept < _LEAST_SHARE * there else main
    date = date or date_near_top(writer.text)
    named = clean_title(title) or _first(tree, "//title") or _first(tree, "//h1")
    headings = tuple(writer.headings)
    return Draft(writer.text, "text/html", title=named, date=date, headings=headings, metadata=left_out(unseen))


def _parsed(html: str) -> Any:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(_XML_DECLARATION.sub("", html), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _main_text(tree: Any, address: str | None) -> tuple[Writer, str | None, str | None]:
    import trafilatura

    writer = Writer()
    found: Any = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        url=address,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None:
        return writer, None, None
    if found.body is not None:
        render(found.body, writer)
    return writer, found.title, clean_date(found.date)


def _rendered(tree: Any) -> Writer:
    writer = Writer()
    body = tree.find("body")
    render(tree if body is None else body, writer)
    return writer


def _first(tree: Any, path: str) -> str | None:
    found = tree.xpath(path)
    return clean_title(found[0].text_content()) if found else None


def read_epub(raw: Raw) -> Draft:
    """An e-book: the chapters of its spine in order, title and date from its package."""
    with zipfile.ZipFile(io.BytesIO(raw.data)) as book:
        package_name = _package_name(book, raw.name)
        package = _xml(book.read(package_name))
        if "META-INF/encryption.xml" in book.namelist() and "META-INF/rights.xml" in book.namelist():
            raise LoadError("password", f"{raw.name}: the e-book is protected (DRM); add a copy without protection")
        writer = Writer()
        unseen = 0
        for chapter in _spine(package, posixpath.dirname(package_name)):
            try:
                content = book.read(chapter)
            except KeyError:
                continue  # the spine names a chapter that is not there
            text, _ = decode(content, raw.name)
            tree = _parsed(text)
            if tree is not None:
                unseen += strip_unseen(tree)
                body = tree.find("body")
                render(tree if body is None else body, writer)
    return Draft(
        writer.text,
        "application/epub+zip",
        title=sensible_title(_element(package, "title")),
        date=clean_date(_element(package, "date")),
        headings=tuple(writer.headings),
        metadata=({"author": author} if (author := clean_title(_element(package, "creator"))) else {})
        | left_out(unseen),
    )


def _xml(data: bytes) -> Any:
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    )


def _package_name(book: zipfile.ZipFile, name: str) -> str:
    roots = _xml(book.read("META-INF/container.xml")).xpath("//*[local-name()='rootfile']/@full-path")
    if not roots:
        raise LoadError("broken", f"{name}: the e-book names no package; save or download it again")
    return str(roots[0])


def _spine(package: Any, folder: str) -> Iterator[str]:
    items = {item.get("id"): item for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
    for reference in package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref"):
        item = items.get(reference)
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        if "html" in (item.get("media-type") or "html"):
            yield posixpath.normpath(posixpath.join(folder, unquote((item.get("href") or "").split("#")[0])))


def _element(package: Any, name: str) -> str | None:
    found = package.xpath(f"//*[local-name()='metadata']/*[local-name()='{name}']")
    return "".join(found[0].itertext()) if found else None
