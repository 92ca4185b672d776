"""Character references of HTML (`&amp;`, `&#8230;`) as the characters they mean."""

import html
import re
from typing import Final

_LONG_NUMBER: Final = re.compile(r"&#(?:0*+[0-9]{8,}+|[xX]0*+[0-9a-fA-F]{7,}+);?")


def unescaped(text: str) -> str:
    """What `html.unescape` gives, also for numbers so long that Python will not read them."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text
