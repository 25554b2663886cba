"""The charset of a page, as its bytes prove it. A declaration is a hint that the bytes may refute."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_to_unicode

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)

# The superset that browsers decode a declared charset with.
_SUPERSET = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "euc-jp": "euc_jp",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
}
_CJK = ("gb18030", "big5hkscs", "cp949", "cp932", "euc_jp")
# The most frequent characters of running text: a page decoded with the wrong charset has next to none of them.
_FREQUENT = re.compile(
    "[的一是不了在人有我他这中大来上个国和说们为子学生校院工作年月日时会新发研究教师部公通知关于网页首信息名系理"
    "這個來國們說為學時會發研究師關於網頁資訊處務館課程與電話"
    "のにはをがとでたいるしてすなれンスートルイアリ다이의는에을를고가하로한지기사대학교공]"
)
_SAMPLE = 200_000
# The least share of frequent characters: of a page declared otherwise, and of one whose own meta names the codec.
_SENSE, _SENSE_NAMED = 0.2, 0.1
_SURE = 0.2  # of a page that declares the codec: others make broken characters of it
_FAVOUR = 0.1  # for the codec that is declared
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def decoded(payload: bytes, headers_type: str | None = None, codec: str | None = None) -> tuple[str, str]:
    """The codec of a page, the one given, else as `proven`, and its text; broken bytes are replaced."""
    if codec is None:
        try:
            return "utf-8", payload.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            codec = proven(payload, headers_type)
    return codec, html_to_unicode(f"charset={codec}", payload)[1]


def proven(payload: bytes, headers_type: str | None = None) -> str:
    """A Python codec name for the bytes; ``headers_type`` is the Content-Type header.

    A byte order mark, then UTF-8 where the bytes are valid UTF-8 (a few broken characters are allowed, as left by systems
    that cut texts at a byte), then the declared charset, unless another of its region makes more sense of the bytes.
    """
    for bom, name in _BOMS:
        if payload.startswith(bom):
            return name
    sample = payload[:_SAMPLE]
    if _is_utf8(sample):
        return "utf-8"
    declared, named = _declared(payload, headers_type), _declared(payload, None)
    if declared is not None and declared not in _CJK:
        return _cjk(sample, named) or declared
    if declared is not None and _sense(sample, declared) >= _SURE:
        return declared
    best = max(_CJK, key=lambda name: _sense(sample, name) + (_FAVOUR if name == declared else 0))
    if _sense(sample, best) < 0.05:
        return declared or "cp1252"
    return best


def _cjk(sample: bytes, named: str | None) -> str | None:
    """The CJK codec that makes sense of bytes declared to be of one byte a character: first the one that meta names, which a server
    that says ISO-8859-1 of all it sends does not know of."""
    best = max(_CJK, key=lambda name: _sense(sample, name) + (_FAVOUR if name == named else 0))
    if _sense(sample, best) >= (_SENSE_NAMED if best == named else _SENSE):
        return best
    return named if named in _CJK and _is_paired(sample, named) else None


def _is_paired(sample: bytes, codec: str) -> bool:
    """All bytes are characters of the codec, and most beyond ASCII stand beside another: accents of Western words stand alone."""
    alone = sum(map(len, _ALONE.findall(sample)))
    beyond = sum(byte > 127 for byte in sample)
    return alone * 4 < beyond and "\ufffd" not in sample.decode(codec, errors="replace")[:-1]


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return True
    except UnicodeDecodeError:
        text = sample.decode("utf-8", errors="replace")
    return text.count("\ufffd") * 20 < _beyond_ascii(text)


def declared(payload: bytes, headers_type: str | None = None) -> str | None:
    """The charset's name as the Content-Type header or, where that names none, the page declares it."""
    found = _HEADER.search(headers_type or "")
    if found:
        return found[1]
    tag = _DECLARED.search(payload[:8192])
    return (tag[1] or tag[2]).decode("ascii", errors="replace") if tag else None


def superset(name: str) -> str | None:
    """The codec that browsers read a declared charset with; None where there is no such charset."""
    try:
        return codecs.lookup(_SUPERSET.get(name.lower(), name)).name
    except LookupError:
        return None


def _declared(payload: bytes, headers_type: str | None) -> str | None:
    name = declared(payload, headers_type)
    codec = superset(name) if name else None
    return None if codec is None or codec.startswith("utf") else codec


def _sense(sample: bytes, name: str) -> float:
    """The share of frequent characters among those beyond ASCII, broken ones counted against it."""
    text = sample.decode(name, errors="replace")
    beyond = _beyond_ascii(text)
    return (len(_FREQUENT.findall(text)) - 3 * text.count("\ufffd")) / beyond if beyond else 0.0


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
