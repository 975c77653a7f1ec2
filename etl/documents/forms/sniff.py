"""Form of a document, by its content first and by its name second; forms that are not read are refused with the next step."""

from __future__ import annotations

import re
from pathlib import PurePath

from etl.documents.refusal import UnreadableDocumentError

COMPOUND, ARCHIVES = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (b"PK\x03\x04", b"PK\x05\x06")
_BY_RECOGNITION = "Recognize its text (OCR), check the numbers by hand, and save it as .docx or text"
_REFUSED_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"BM": "a BMP image",
}
_REFUSED_ARCHIVES = {
    b"\x1f\x8b": "a gzip file",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
}
_IN_ARCHIVE = {b"word/": "docx", b"xl/": "xlsx", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "ods"}
_REFUSED_IN_ARCHIVE = {
    b"ppt/": "a presentation (.pptx). Save it as PDF",
    b"mimetypeapplication/vnd.oasis.opendocument.text": "an OpenDocument text (.odt). Save it as .docx",
    b"mimetypeapplication/epub": "a book (.epub). Save it as PDF or HTML",
    b"OFD.xml": "an OFD document. Export it as PDF, with its text",
}
_IN_COMPOUND = {
    "EncryptedPackage": "encrypted. Open it in Office or WPS, and save it without a password",
    "WordDocument": "an old Word document (.doc). Open it in Word or WPS, and save it as .docx",
    "PowerPoint Document": "an old presentation (.ppt). Save it as PDF",
}
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|meta|title|article|section)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_MARKUP = re.compile(rb"\s*<\?xml|\s*<!doctype(?!\s+html)", re.IGNORECASE)
_MARKDOWN = re.compile(rb"^(?:#{1,6}[ \t]+\S|[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*(?::?-{3,}:?)?[ \t]*\r?$)", re.MULTILINE)


def form_of(content: bytes, name: str) -> str:
    """Return the form of a document: text, markdown, csv, html, docx, pdf, xlsx, xls or ods.

    Raises:
        UnreadableDocumentError: it is of a form that is not read.
    """
    ending = PurePath(name).suffix.lower()
    head = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(ARCHIVES):
        return _form_of_archive(content, ending)
    if content.startswith(COMPOUND):
        return _form_of_compound(content)
    _refuse_others(content, head)
    bare = content.replace(b"\0", b"") if content[:4096].count(b"\0") else content
    bare = bare.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _MARKUP.match(bare[:65536]):
        return "html"
    if _OTHER_MARKUP.match(bare[:1024]):
        raise UnreadableDocumentError("it is XML, and neither a page nor an Office document. Save it as HTML, .docx or text")
    if ending in (".csv", ".md", ".markdown"):
        return "csv" if ending == ".csv" else "markdown"
    is_unnamed = name == "-" or not ending
    return "markdown" if is_unnamed and _MARKDOWN.search(bare) else "text"


def _form_of_archive(content: bytes, ending: str) -> str:
    for mark, reason in _REFUSED_IN_ARCHIVE.items():
        if mark in content:
            raise UnreadableDocumentError(f"it is {reason}")
    for mark, form in _IN_ARCHIVE.items():
        if mark in content:
            return form
    if ending in (".docx", ".xlsx", ".ods"):
        return ending[1:]
    raise UnreadableDocumentError("it is a zip archive. Unpack it, and name one document in it")


def _form_of_compound(content: bytes) -> str:
    for stream, reason in _IN_COMPOUND.items():
        if stream.encode("utf-16-le") in content:
            raise UnreadableDocumentError(f"it is {reason}")
    return "xls"


def _refuse_others(content: bytes, head: bytes) -> None:
    for signature, what in _REFUSED_SIGNATURES.items():
        if content.startswith(signature) and (len(signature) > 2 or b"\0" in content[:64]):
            raise UnreadableDocumentError(f"it is {what}, and its numbers are not read. {_BY_RECOGNITION}")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        raise UnreadableDocumentError(f"it is a WebP image, and its numbers are not read. {_BY_RECOGNITION}")
    if content[4:8] == b"ftyp":
        raise UnreadableDocumentError(f"it is an image or a film, and its numbers are not read. {_BY_RECOGNITION}")
    for signature, what in _REFUSED_ARCHIVES.items():
        if content.startswith(signature):
            raise UnreadableDocumentError(f"it is {what}. Unpack it first")
    if head.startswith(b"{\\rtf"):
        raise UnreadableDocumentError("it is an RTF document. Open it in Word or WPS, and save it as .docx")
    if head.startswith((b"MIME-Version:", b"From: <Saved by")):
        raise UnreadableDocumentError("it is a saved page (.mht). Save it as HTML")
