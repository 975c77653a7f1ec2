"""Form of a document, by its content first and by its name second; forms that are not read are refused with the next step."""

from __future__ import annotations

import re
from pathlib import PurePath

from etl.documents.refusal import UnreadableDocumentError
from schemas.texts import Text

_IT_IS, _NOT_READ = Text("it is ", "这是"), Text(", and its numbers are not read. ", "，不读取其中的数字。")
COMPOUND, ARCHIVES = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (b"PK\x03\x04", b"PK\x05\x06")
_BY_RECOGNITION = Text(
    "Recognize its text (OCR), check the numbers by hand, and save it as .docx or text",
    "请作文字识别（OCR），人工核对数字，另存为 .docx 或文本",
)
_REFUSED_SIGNATURES = {
    b"\x89PNG": Text("a PNG image", "PNG 图片"),
    b"\xff\xd8\xff": Text("a JPEG image", "JPEG 图片"),
    b"GIF8": Text("a GIF image", "GIF 图片"),
    b"II*\0": Text("a TIFF image", "TIFF 图片"),
    b"MM\0*": Text("a TIFF image", "TIFF 图片"),
    b"BM": Text("a BMP image", "BMP 图片"),
}
_REFUSED_ARCHIVES = {
    b"\x1f\x8b": Text("a gzip file", "gzip 压缩文件"),
    b"Rar!": Text("a RAR archive", "RAR 压缩文件"),
    b"7z\xbc\xaf\x27\x1c": Text("a 7z archive", "7z 压缩文件"),
    b"BZh": Text("a bzip2 file", "bzip2 压缩文件"),
    b"\xfd7zXZ": Text("an xz file", "xz 压缩文件"),
}
_IN_ARCHIVE = {b"word/": "docx", b"xl/": "xlsx", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "ods"}
_REFUSED_IN_ARCHIVE = {
    b"ppt/": Text("a presentation (.pptx). Save it as PDF", "演示文稿（.pptx）。请另存为 PDF"),
    b"mimetypeapplication/vnd.oasis.opendocument.text": Text(
        "an OpenDocument text (.odt). Save it as .docx", "OpenDocument 文本（.odt）。请另存为 .docx"
    ),
    b"mimetypeapplication/epub": Text("a book (.epub). Save it as PDF or HTML", "电子书（.epub）。请另存为 PDF 或 HTML"),
    b"OFD.xml": Text("an OFD document. Export it as PDF, with its text", "OFD 文件。请导出为含文字的 PDF"),
}
_IN_COMPOUND = {
    "EncryptedPackage": Text(
        "encrypted. Open it in Office or WPS, and save it without a password",
        "加密文件。请用 Office 或 WPS 打开，另存为无密码的文件",
    ),
    "WordDocument": Text(
        "an old Word document (.doc). Open it in Word or WPS, and save it as .docx",
        "旧版 Word 文件（.doc）。请用 Word 或 WPS 打开，另存为 .docx",
    ),
    "PowerPoint Document": Text("an old presentation (.ppt). Save it as PDF", "旧版演示文稿（.ppt）。请另存为 PDF"),
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
        raise UnreadableDocumentError(
            "it is XML, and neither a page nor an Office document. Save it as HTML, .docx or text",
            "这是 XML，既不是网页也不是 Office 文件。请另存为 HTML、.docx 或文本",
        )
    if ending in (".csv", ".md", ".markdown"):
        return "csv" if ending == ".csv" else "markdown"
    is_unnamed = name == "-" or not ending
    return "markdown" if is_unnamed and _MARKDOWN.search(bare) else "text"


def _form_of_archive(content: bytes, ending: str) -> str:
    for mark, reason in _REFUSED_IN_ARCHIVE.items():
        if mark in content:
            raise UnreadableDocumentError(_IT_IS + reason)
    for mark, form in _IN_ARCHIVE.items():
        if mark in content:
            return form
    if ending in (".docx", ".xlsx", ".ods"):
        return ending[1:]
    raise UnreadableDocumentError(
        "it is a zip archive. Unpack it, and name one document in it", "这是 zip 压缩文件。请解压，并指明其中一份文件"
    )


def _form_of_compound(content: bytes) -> str:
    for stream, reason in _IN_COMPOUND.items():
        if stream.encode("utf-16-le") in content:
            raise UnreadableDocumentError(_IT_IS + reason)
    return "xls"


def _refuse_others(content: bytes, head: bytes) -> None:
    for signature, what in _REFUSED_SIGNATURES.items():
        if content.startswith(signature) and (len(signature) > 2 or b"\0" in content[:64]):
            raise UnreadableDocumentError(_IT_IS + what + _NOT_READ + _BY_RECOGNITION)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        raise UnreadableDocumentError(_IT_IS + Text("a WebP image", "WebP 图片") + _NOT_READ + _BY_RECOGNITION)
    if content[4:8] == b"ftyp":
        raise UnreadableDocumentError(_IT_IS + Text("an image or a film", "图片或视频") + _NOT_READ + _BY_RECOGNITION)
    for signature, what in _REFUSED_ARCHIVES.items():
        if content.startswith(signature):
            raise UnreadableDocumentError(_IT_IS + what + Text(". Unpack it first", "。请先解压"))
    if head.startswith(b"{\\rtf"):
        raise UnreadableDocumentError(
            "it is an RTF document. Open it in Word or WPS, and save it as .docx",
            "这是 RTF 文件。请用 Word 或 WPS 打开，另存为 .docx",
        )
    if head.startswith((b"MIME-Version:", b"From: <Saved by")):
        raise UnreadableDocumentError("it is a saved page (.mht). Save it as HTML", "这是网页归档（.mht）。请另存为 HTML")
