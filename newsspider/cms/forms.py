"""Pagers that send a form: ASP.NET's ``__doPostBack('target','argument')``, the submit button of a form, a script's page number.

Evidence: AspNetPager of 网站 built with ASP.NET WebForms (``<a href="javascript:__doPostBack('AspNetPager1','2')">下一页</a>``), GridView
(``'GridView1','Page$Next'``), DataPager (an empty argument); on the last page the link has no href. The server knows the page from
``__VIEWSTATE``, a hidden field, which each reply brings anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from newsspider.cms.marks import PAGE_FIELD
from newsspider.extract import urls
from newsspider.items import Form
from newsspider.reading import links

_POSTBACK = re.compile(r"(?:__doPostBack|WebForm_PostBackOptions)\s*\(\s*[\"']([^\"']*)[\"']\s*,\s*[\"']([^\"']*)[\"']")
_BY_NUMBER = re.compile(r"(?:javascript:)?\s*(?:return\s+)?\w+\(\s*['\"]?(\d{1,5})['\"]?\s*(?:,[^()]*)?\)", re.I)
_TYPED = ("hidden", "text", "search", "number", "", "date")
MOST_BYTES = 1_000_000  # of a form; a __VIEWSTATE has some ten thousand


def sent(element: HtmlElement, page_url: str, base: str) -> Form | None:
    """What a click on a link or a button of a pager sends by POST; None: nothing that the page itself spells out."""
    script = f"{links.unquoted(element.get('href'))} {element.get('onclick') or ''}"
    if found := _POSTBACK.search(script):
        form = next(element.iterancestors("form"), None)
        if form is None:
            form = next((form for form in _forms(element) if _has(form, "__VIEWSTATE")), None)
        return None if form is None else _form(form, page_url, base, __EVENTTARGET=found[1], __EVENTARGUMENT=found[2])
    if element.tag in ("button", "input"):
        return _pressed(element, page_url, base)
    if number := _BY_NUMBER.search(script):
        for form in _forms(element):
            fields = [name for name, value in _fields(form) if PAGE_FIELD.fullmatch(name) and value.isdigit()]
            if len(fields) == 1 and _posts(form):
                return _form(form, page_url, base, **{fields[0]: number[1]})
    return None


def _pressed(button: HtmlElement, page_url: str, base: str) -> Form | None:
    """A button that submits its form: ``<input type="submit" name="next" value="下一页">``."""
    kind = (button.get("type") or ("submit" if button.tag == "button" else "")).lower()
    form = next(button.iterancestors("form"), None)
    name = button.get("name")
    if form is None or kind not in ("submit", "image") or not name or not _posts(form):
        return None
    pressed = {f"{name}.x": "1", f"{name}.y": "1"} if kind == "image" else {name: button.get("value") or ""}
    return _form(form, page_url, base, **pressed)


def _forms(element: HtmlElement) -> Iterator[HtmlElement]:
    return element.getroottree().iter("form")


def _posts(form: HtmlElement) -> bool:
    return (form.get("method") or "get").strip().lower() == "post"


def _has(form: HtmlElement, name: str) -> bool:
    return any(field.get("name") == name for field in form.iter("input"))


def _form(form: HtmlElement, page_url: str, base: str, **pressed: str) -> Form | None:
    fields = {**dict(_fields(form)), **pressed}
    url = urls.absolute(form.get("action"), base) if (form.get("action") or "").strip() else page_url.split("#")[0]
    if url is None or links.kind(url, page_url) == "external" or sum(map(len, fields.values())) > MOST_BYTES:
        return None
    clicked = "&".join(f"{name}={value}" for name, value in pressed.items())
    return Form(url=url, fields=tuple(fields.items()), clicked=clicked)


def _fields(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """The fields that a browser sends, but for buttons: the last of a name wins where there are several."""
    for field in form.iter("input", "select", "textarea"):
        name = field.get("name")
        if not name or field.get("disabled") is not None:
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = next((one for one in options if one.get("selected") is not None), options[0] if options else None)
            if chosen is not None:
                yield name, chosen.get("value") if chosen.get("value") is not None else links.text(chosen)
        elif field.tag == "textarea":
            yield name, "".join(field.itertext())
        elif (kind := (field.get("type") or "text").lower()) in _TYPED:
            yield name, field.get("value") or ""
        elif kind in ("checkbox", "radio") and field.get("checked") is not None:
            yield name, field.get("value") or "on"
