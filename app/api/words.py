"""Sentences for what goes wrong before any use case runs; the domain's own stand in core."""

from typing import Any

from app.core.sentences import SENTENCES
from app.formats.refusals import WORDS

LANGUAGES = ("zh", "en")

HTTP_SENTENCES: dict[str, dict[str, str]] = {
    "json-malformed": {
        "zh": "请求内容不是合法的 JSON（{place}）。",
        "en": "The request body is not valid JSON ({place}).",
    },
    "json-too-deep": {
        "zh": "请求内容嵌套过深，最多 {limit} 层。",
        "en": "The request body nests too deeply: {limit} levels are the most.",
    },
    "body-not-json": {
        "zh": "请求内容必须是 JSON（Content-Type: application/json）。",
        "en": "The request body must be JSON (Content-Type: application/json).",
    },
    "packing-unknown": {
        "zh": "请求内容的压缩方式不支持，只接受 gzip。",
        "en": "This Content-Encoding is not known here: only gzip is.",
    },
    "packing-broken": {"zh": "压缩的请求内容已损坏。", "en": "The packed request body is broken."},
    "validation": {"zh": "有些内容不符合要求。", "en": "Some of what was sent does not fit."},
    "not-found": {"zh": "找不到这项内容。", "en": "There is nothing here."},
    "method-not-allowed": {
        "zh": "这个地址不支持该操作。",
        "en": "This address does not know that method.",
    },
    "bad-request": {"zh": "无法理解这个请求。", "en": "This request could not be understood."},
    "cross-site": {
        "zh": "为了安全，不接受来自其他网站的操作。",
        "en": "For your safety, actions from other sites are not accepted.",
    },
    "internal": {
        "zh": "服务器出错了，已记录。请稍后再试。",
        "en": "Something went wrong on the server. It was recorded; please try again.",
    },
}

FIELD_SENTENCES: dict[str, dict[str, str]] = {
    "missing": {"zh": "缺少这一项。", "en": "This is missing."},
    "extra_forbidden": {"zh": "这一项不认识。", "en": "This is not known here."},
    "given_twice": {"zh": "这一项出现了两次。", "en": "This was given twice."},
    "string_type": {"zh": "应为文字。", "en": "This should be text."},
    "string_too_short": {
        "zh": "太短，至少 {min_length} 个字符。",
        "en": "Too short: at least {min_length} characters.",
    },
    "string_too_long": {
        "zh": "太长，最多 {max_length} 个字符。",
        "en": "Too long: at most {max_length} characters.",
    },
    "string_pattern_mismatch": {
        "zh": "含有不允许的字符或格式不对。",
        "en": "This has characters that are not allowed, or another form than asked for.",
    },
    "int_type": {"zh": "应为整数。", "en": "This should be a whole number."},
    "int_from_float": {"zh": "应为整数。", "en": "This should be a whole number."},
    "float_type": {"zh": "应为数字。", "en": "This should be a number."},
    "finite_number": {"zh": "应为有限的数字。", "en": "This should be a finite number."},
    "bool_type": {"zh": "应为 true 或 false。", "en": "This should be true or false."},
    "greater_than_equal": {"zh": "不能小于 {ge}。", "en": "This must be at least {ge}."},
    "greater_than": {"zh": "必须大于 {gt}。", "en": "This must be more than {gt}."},
    "less_than_equal": {"zh": "不能大于 {le}。", "en": "This must be at most {le}."},
    "too_short": {"zh": "太少，至少 {min_length} 项。", "en": "Too few: at least {min_length}."},
    "too_long": {"zh": "太多，最多 {max_length} 项。", "en": "Too many: at most {max_length}."},
    "literal_error": {"zh": "应为以下之一：{expected}。", "en": "This should be one of: {expected}."},
    "union_tag_invalid": {
        "zh": "应为以下之一：{expected_tags}。",
        "en": "This should be one of: {expected_tags}.",
    },
    "union_tag_not_found": {"zh": "缺少种类。", "en": "The kind is missing."},
    "list_type": {"zh": "应为列表。", "en": "This should be a list."},
    "tuple_type": {"zh": "应为列表。", "en": "This should be a list."},
    "dict_type": {"zh": "应为对象。", "en": "This should be an object."},
    "model_type": {"zh": "应为对象。", "en": "This should be an object."},
    "uuid_type": {"zh": "应为 UUID。", "en": "This should be a UUID."},
    "uuid_parsing": {"zh": "应为 UUID。", "en": "This should be a UUID."},
    "value_error": {"zh": "格式不对。", "en": "This has the wrong form."},
}
_ANY_FIELD = {"zh": "不符合要求。", "en": "This does not fit."}


def sentence(code: str, language: str, params: dict[str, Any]) -> str:
    """What `code` means, as one sentence in `language` ("zh" or "en")."""
    words = sentences_of(code) or HTTP_SENTENCES["bad-request"]
    return _filled(words[language], params)


def sentences_of(code: str) -> dict[str, str] | None:
    """The sentences of `code` in every language, gaps unfilled; None where there is no such code."""
    return SENTENCES.get(code) or HTTP_SENTENCES.get(code) or WORDS.get(code)


def field_sentence(kind: str, language: str, params: dict[str, Any]) -> str:
    """What is wrong with one field, for one of pydantic's kinds of error."""
    return _filled(FIELD_SENTENCES.get(kind, _ANY_FIELD)[language], params)


def _filled(words: str, params: dict[str, Any]) -> str:
    try:
        return words.format(**params)
    except (KeyError, IndexError):
        return words


def language_of(header: str | None) -> str:
    """The first of our languages that Accept-Language names with the highest weight; else Chinese."""
    best, choice = 0.0, LANGUAGES[0]
    for part in (header or "").lower().split(",")[:20]:
        name, _, weight = part.strip().partition(";q=")
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            continue
        if name[:2] in LANGUAGES and name[2:3] in ("", "-") and value > best:
            best, choice = value, name[:2]
    return choice
