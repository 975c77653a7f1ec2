"""The parts of a zipped workbook, counted before they are believed and again while they are inflated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from etl.raw_files.workbooks.sheet import RefusedWorkbookError

MOST_PARTS, MOST_BYTES, MOST_RATIO, SMALL = 2_000, 200 * 2**20, 100, 2**20
_CHUNK = 1 << 16
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "urn:oasis:names:tc:opendocument:xmlns:",
)


def parts(content: bytes) -> zipfile.ZipFile:
    """Give the archive of a workbook, after every part of it was inflated once and counted.

    Raises:
        RefusedWorkbookError: it is no archive, is encrypted or damaged, or inflates to more than a workbook should.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged(error) from None
    if len(listed) > MOST_PARTS:
        raise RefusedWorkbookError(
            f"it has {len(listed):,} parts; a workbook has a few dozen", f"含 {len(listed):,} 个部件，异常"
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
        left -= _inflated(archive, part, left, most)
    return archive


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, most: int) -> int:
    """Give the size of a part; the directory of an archive may lie."""
    size, tail = 0, b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > left:
                    raise _bomb(most)
                if b"<!DOCTYPE" in tail + chunk:
                    raise entities()
                tail = chunk[-9:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _damaged(error) from None
    return size


def parsed(
    archive: zipfile.ZipFile, name: str, start: Callable[..., Any], end: Callable[..., Any], text: Callable[..., Any]
) -> None:
    """Run the three handlers over the XML of a part.

    Raises:
        RefusedWorkbookError: the part is missing, is no XML, or declares entities.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse_entities
    try:
        parser.Parse(archive.read(name), True)
    except KeyError:
        raise RefusedWorkbookError(f"its part {name} is missing", f"缺少部件 {name}") from None
    except expat.ExpatError as error:
        raise RefusedWorkbookError(f"its part {name} is no XML: {error}", f"部件 {name} 不是合法的 XML：{error}") from None


def local(name: str) -> str:
    """Give the name of an element without its namespace; empty where that is none of a workbook's."""
    namespace, _, own = name.rpartition(" ")
    return own if namespace.startswith(_NAMESPACES) else ""


def attributes(given: dict[str, str]) -> dict[str, str]:
    """Give attributes by their names without namespaces."""
    return {name.rpartition(" ")[2]: value for name, value in given.items()}


def encrypted() -> RefusedWorkbookError:
    """Give the refusal of an encrypted workbook."""
    return RefusedWorkbookError("it is encrypted; save it without a password", "文件已加密；请另存为无密码的文件")


def entities() -> RefusedWorkbookError:
    """Give the refusal of XML that declares entities, as no spreadsheet program does."""
    return RefusedWorkbookError(
        "its XML has a document type, which may declare entities; no spreadsheet program writes one",
        "其 XML 含文档类型声明（可能定义实体），任何电子表格软件都不会如此保存",
    )


def _refuse_entities(*_: object) -> None:
    raise entities()


def _bomb(most: int) -> RefusedWorkbookError:
    size = f"{most / 2**20:.0f} MiB"
    return RefusedWorkbookError(f"it inflates to more than {size}, as a zip bomb does", f"解压后超过 {size}，疑似压缩炸弹")


def _damaged(error: Exception) -> RefusedWorkbookError:
    return RefusedWorkbookError(f"it is cut off or damaged: {error}", f"文件被截断或损坏：{error}")
