"""Why a file is turned away: one class, stable codes, and the words that a learner reads.

A refusal ends the whole import. What can be left out without harm (a field too long, a picture of an unknown
type) is a `Skipped` record of `app.formats.drafts` instead.
"""

from typing import Any, Final

from app.core.errors import Refused


class FileRefused(Refused):
    """The file cannot be imported; `code` is a key of `WORDS`, `params` fill its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        if code not in WORDS:
            raise ValueError(f"no words for the refusal {code}")
        super().__init__(code, pointer="/file", **params)


WORDS: Final[dict[str, dict[str, str]]] = {
    # any file
    "file-empty": {"zh": "文件是空的。", "en": "The file is empty."},
    "file-too-large": {"zh": "文件太大，最多 {limit}。", "en": "The file is too large: {limit} at most."},
    "file-unknown": {
        "zh": "不认识这种文件。",
        "en": "This kind of file is not known.",
    },
    "file-is-cards": {
        "zh": "这里面是卡片或表格，不是文章。请改用“导入成卡片”。",
        "en": "These are cards or tables, not a text: import them as cards instead.",
    },
    "file-is-text": {
        "zh": "这是一篇文章，不是卡片。请改用“从文章里找卡片”。",
        "en": "This is a text, not cards: find cards in it instead.",
    },
    "file-nothing-inside": {
        "zh": "文件里没有可以导入的卡片。",
        "en": "There is nothing to import in this file.",
    },
    "file-reader-failed": {
        "zh": "读取文件时出错，没有导入任何内容。",
        "en": "The file could not be read, and nothing was imported.",
    },
    "file-takes-too-long": {
        "zh": "读取这个文件太费时间，没有导入任何内容。",
        "en": "Reading this file takes too long, and nothing was imported.",
    },
    "file-takes-too-much": {
        "zh": "读取这个文件太费内存，没有导入任何内容。",
        "en": "Reading this file takes too much memory, and nothing was imported.",
    },
    # archives
    "archive-broken": {"zh": "压缩包已损坏。", "en": "The archive is damaged."},
    "archive-encrypted": {
        "zh": "压缩包有密码，请先解密。",
        "en": "The archive is encrypted: remove its password first.",
    },
    "archive-method": {
        "zh": "压缩包用了不支持的压缩方式。",
        "en": "The archive uses a way of packing that is not supported.",
    },
    "archive-entries": {
        "zh": "压缩包里的文件太多，最多 {limit} 个。",
        "en": "The archive holds too many files: {limit} at most.",
    },
    "archive-repeated-name": {
        "zh": "压缩包里有重名的文件。",
        "en": "The archive holds two files of the same name.",
    },
    "archive-unpacked": {
        "zh": "解压后的内容太大，最多 {limit}。",
        "en": "The archive unpacks to too much: {limit} at most.",
    },
    "archive-ratio": {
        "zh": "压缩包的压缩率异常，不予解压。",
        "en": "The archive is packed suspiciously tight and is not unpacked.",
    },
    # Anki packages
    "package-no-collection": {
        "zh": "这不是 Anki 卡组文件：里面没有集合。",
        "en": "This is no Anki package: there is no collection inside.",
    },
    "package-too-new": {
        "zh": "这个文件由更新的 Anki 写成，请在 Anki 中用旧格式导出。",
        "en": "A newer Anki wrote this file: export it again for older versions.",
    },
    "package-stub": {
        "zh": "文件里只有提示升级的占位卡片，真正的内容缺失，请重新导出。",
        "en": "Only the placeholder card is in this file, the deck itself is missing: export it again.",
    },
    "package-meta": {"zh": "文件的版本信息已损坏。", "en": "The version mark of the file is damaged."},
    "package-media-map": {"zh": "媒体清单已损坏。", "en": "The list of media is damaged."},
    "zstd-broken": {"zh": "压缩数据已损坏。", "en": "The compressed data is damaged."},
    "zstd-window": {
        "zh": "压缩数据要用太多内存，不予解压。",
        "en": "The compressed data asks for too much memory and is not unpacked.",
    },
    # collections
    "collection-too-large": {
        "zh": "集合太大，最多 {limit}。",
        "en": "The collection is too large: {limit} at most.",
    },
    "collection-broken": {"zh": "集合数据库已损坏。", "en": "The collection's database is damaged."},
    "collection-schema": {
        "zh": "集合数据库的结构不是 Anki 的。",
        "en": "The collection's database is not built as Anki builds it.",
    },
    "collection-too-old": {
        "zh": "集合来自太旧的 Anki，请用新版 Anki 打开后再导出。",
        "en": "The collection comes from an Anki too old: open it in a newer one and export it again.",
    },
    "collection-too-new": {
        "zh": "集合来自更新的 Anki，请在 Anki 中用旧格式导出。",
        "en": "The collection comes from a newer Anki: export it again for older versions.",
    },
    "collection-takes-too-long": {
        "zh": "读取集合太费时间，没有导入任何内容。",
        "en": "Reading the collection takes too long, and nothing was imported.",
    },
    "collection-data": {
        "zh": "集合里的{what}无法读取。",
        "en": "A part of the collection cannot be read: {what}.",
    },
    "too-many-rows": {
        "zh": "内容太多：{what}最多 {limit}。",
        "en": "There is too much in the file: {limit} {what} at most.",
    },
    # documents
    "document-broken": {"zh": "文档已损坏，无法读取。", "en": "The document is damaged and cannot be read."},
    "document-encrypted": {
        "zh": "文档有密码或版权保护，请先解除。",
        "en": "The document is protected: remove its password first.",
    },
    "document-no-text": {
        "zh": "文档里没有文字。扫描的图片请先做文字识别。",
        "en": "There is no text in the document. Run text recognition on scanned pages first.",
    },
    "document-old-office": {
        "zh": "这是旧格式的文档，请另存为 .docx 或纯文本。",
        "en": "This is an old format: save the document as .docx or as plain text.",
    },
    "document-pages": {
        "zh": "页数太多，最多 {limit} 页。",
        "en": "There are too many pages: {limit} at most.",
    },
    "document-structure": {
        "zh": "文档的结构异常，不予读取。",
        "en": "The document is built suspiciously and is not read.",
    },
    "document-too-long": {
        "zh": "文档太长，最多 {limit} 个字。请分成几份。",
        "en": "The document is too long: {limit} letters at most. Divide it.",
    },
    # text and tables
    "text-not-text": {"zh": "这不是文本文件。", "en": "This is not a text file."},
    "table-no-columns": {
        "zh": "找不到两列内容：每行至少要有正面和背面。",
        "en": "There are no two columns: each line needs a front and a back.",
    },
    "table-too-wide": {
        "zh": "列太多，最多 {limit} 列。",
        "en": "There are too many columns: {limit} at most.",
    },
    "table-old-office": {
        "zh": "这是旧格式或有密码的表格，请在 Excel 或 WPS 里另存为不带密码的 .xlsx。",
        "en": "This table is in an old format or has a password: save it as .xlsx without one.",
    },
    "workbook-broken": {
        "zh": "Excel 文件已损坏，无法读取。",
        "en": "The Excel file is damaged and cannot be read.",
    },
    "table-quote-open": {
        "zh": "第 {line} 行的引号没有结束。",
        "en": "The quotation mark opened in line {line} is never closed.",
    },
    "table-header": {
        "zh": "第 {line} 行的文件头无法理解：{key}。",
        "en": "The header in line {line} makes no sense: {key}.",
    },
    "deck-file-line": {
        "zh": "卡组文件第 {line} 行无法理解（{problem}）。",
        "en": "Line {line} of the deck file makes no sense ({problem}).",
    },
    "table-columns": {
        "zh": "所选的列不存在或重复：{column}。",
        "en": "The chosen column does not exist or is chosen twice: {column}.",
    },
}
