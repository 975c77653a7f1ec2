"""Read the parts of a zipped workbook with limits, as streams of XML elements."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, iterparse

from etl.raw_files.workbooks.sheet import RefusedWorkbookError, damaged, encrypted

MOST_PARTS, MOST_BYTES, MOST_RATIO, SMALL = 2_000, 200 * 2**20, 100, 2**20
_CHUNK = 1 << 16
# XML that declares entities has a document type. The parser knows no encodings but those that extend ASCII, and UTF-16.
_DOCTYPES = (b"<!DOCTYPE", b"\0".join(b"%c" % byte for byte in b"<!DOCTYPE"))
_NAMESPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
    "{http://schemas.openxmlformats.org/package/2006/relationships}",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}",
    "{http://purl.oclc.org/ooxml/drawingml/main}",
    "{urn:oasis:names:tc:opendocument:xmlns:",
)


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Open the archive of a workbook, after inflating every part once to count it.

    Raises:
        RefusedWorkbookError: it is no archive, is encrypted or damaged, declares entities, or inflates beyond the limit.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged(error) from None
    if len(listed) > MOST_PARTS:
        raise RefusedWorkbookError(
            f"it has {len(listed):,} parts; an office document has a few dozen", f"含 {len(listed):,} 个部件，异常"
        )
    if len({part.filename.casefold() for part in listed}) < len(listed):
        raise RefusedWorkbookError("two of its parts have one name, so readers differ", "有两个同名部件，不同程序会读出不同内容")
    if any(part.flag_bits & 1 for part in listed):
        raise encrypted()
    most = MOST_BYTES if len(content) * MOST_RATIO > MOST_BYTES else max(SMALL, len(content) * MOST_RATIO)
    if sum(part.file_size for part in listed) > most:
        raise _bomb(most)
    left = most
    for part in listed:
        left -= _inflated_size(archive, part, left, most)
    return archive


def _inflated_size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, most: int) -> int:
    """Count the bytes of a part; the directory of an archive may lie."""
    size, tail = 0, b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > left:
                    raise _bomb(most)
                if any(mark in tail + chunk for mark in _DOCTYPES):
                    raise RefusedWorkbookError(
                        "its XML has a document type, which may declare entities; no office program writes one",
                        "其 XML 含文档类型声明（可能定义实体），任何办公软件都不会如此保存",
                    )
                tail = chunk[-len(_DOCTYPES[1]) :]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(error) from None
    return size


def elements(archive: zipfile.ZipFile, name: str, *tags: str) -> Iterator[Element]:
    """Yield the elements of a part with one of these tags, freeing each afterwards.

    A tag is a local name, or that of another namespace in full.

    Raises:
        RefusedWorkbookError: the part is missing, or is no XML.
    """
    try:
        part = archive.open(name)
    except KeyError:
        raise RefusedWorkbookError(f"its part {name} is missing", f"缺少部件 {name}") from None
    try:
        for _, element in iterparse(part):
            if local(element.tag) in tags or element.tag in tags:
                yield element
                element.clear()
    except (ParseError, LookupError, ValueError) as error:
        raise RefusedWorkbookError(f"its part {name} is no XML: {error}", f"部件 {name} 不是合法的 XML：{error}") from None


@lru_cache(1024)
def local(name: str) -> str:
    """Return an element's local name; empty if its namespace is not a workbook's."""
    return name.rpartition("}")[2] if name.startswith(_NAMESPACES) else ""


def attributes(element: Element) -> dict[str, str]:
    """Return the attributes of an element by their names without namespaces."""
    return {name.rpartition("}")[2]: value for name, value in element.attrib.items()}


def _bomb(most: int) -> RefusedWorkbookError:
    size = f"{most / 2**20:.0f} MiB"
    return RefusedWorkbookError(f"it inflates to more than {size}, as a zip bomb does", f"解压后超过 {size}，疑似压缩炸弹")
