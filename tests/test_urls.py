from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import examples

from newsspider.extract import urls

PARTS = (
    ".. ../ ./ . / // a b.htm info ... .x ~u - _ 中 %20 ? = & # x=1 ;p : @ [ ] \\ \t ?a=../b http: https://h.cn http://H.cn/ "
    "javascript: http://h.cn/../a"
).split(" ")
BASES = (
    "http://n.edu.cn/a/b/c.htm https://n.edu.cn http://n.edu.cn/ http://n.edu.cn:8080/a//b/c?d=e/f http://n.edu.cn/a/../b/c "
    "http://n.edu.cn/a/./b http://n.edu.cn/a;p/b;q?x http://n.edu.cn/a/b/ http://n.edu.cn/.a/b http://n.edu.cn/a.b/c#f/g "
    "http://n.edu.cn?x=1 http://n.edu.cn/a/.. http://n.edu.cn/a/b/. http://n.edu.cn//a/b http://n.edu.cn/中/a"
).split()


@settings(max_examples=examples(300), deadline=None)
@given(href=st.lists(st.sampled_from(PARTS), max_size=6).map("".join), base=st.sampled_from(BASES))
def test_an_address_is_resolved_as_the_standard_library_does(href: str, base: str) -> None:
    url = urls.absolute(href, base)
    if url is not None:
        assert url == urljoin(base, href.replace("\t", "").strip().replace("\\", "/")).split("#")[0]
        assert urlsplit(url).scheme in ("http", "https")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("3.htm", "http://n.edu.cn/a/b/3.htm"),
        ("../info/1.htm?p=2", "http://n.edu.cn/a/info/1.htm?p=2"),
        ("../../../1.htm", "http://n.edu.cn/1.htm"),
        ("?page=2", "http://n.edu.cn/a/b/c.htm?page=2"),
        ("/../x", "http://n.edu.cn/x"),
        ("//h.cn/x", "http://h.cn/x"),
        ("mailto:a@n.edu.cn", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_absolute(href: str, url: str | None) -> None:
    assert urls.absolute(href, "http://n.edu.cn/a/b/c.htm") == url
