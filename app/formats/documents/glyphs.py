"""Letters as people write them, where fonts have signs for parts of characters or for fi and fl."""

import re
import unicodedata
from typing import Final

from app.formats.documents.blocks import clean

_SIGNS: Final = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")
_PAIRS: Final = (  # radicals that Unicode does not decompose, each before its character
    "⺁厂⺌小⺎兀⺙攵⺠民⺩王⺼月⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻒镸⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻱龟⻲龟⻳龟⺫罒⺪疋⺸羊"
)
_RADICALS: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_WIDE: Final = "\u2e80-\u9fff，。；：、！？“”‘’（）"
_LOOSE: Final = re.compile(  # blanks that stand only where the font changed
    f"(?<=[{_WIDE}]) (?=[\\d“”‘’（），。；：、%])|(?<=[\\d“”‘’（）%，。；：、]) (?=[{_WIDE}])"
)


def as_written(text: str) -> str:
    """Without blanks around it, too."""
    text = _SIGNS.sub(_letter, clean(text))
    return _LOOSE.sub("", text).strip()


def _letter(sign: re.Match[str]) -> str:
    return _RADICALS.get(sign[0]) or unicodedata.normalize("NFKC", sign[0])
