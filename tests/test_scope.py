"""Where a run may go."""

from __future__ import annotations

from types import SimpleNamespace

import lxml.html
import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.internet.error import DNSLookupError

from newsspider import scope
from newsspider.cms.base import Page
from newsspider.cms.vsb import VSB
from newsspider.cms.webplus import WebPlus
from newsspider.items import Site
from newsspider.spiders import guard

SCHOOL = scope.of(Site(name="x", listings=("https://news.x.edu.cn/xwdt.htm",), hosts=("cdn.example.com",)))
HERE = scope.of(Site(name="here", listings=("http://127.0.0.1:8000/xwdt.htm",)))


@pytest.mark.parametrize(
    "url",
    [
        "https://news.x.edu.cn/info/1.htm",
        "http://www.x.edu.cn:8080/",
        "http://NEWS.X.EDU.CN./",
        "https://x.edu.cn/",
        "https://cdn.example.com/1.png",
    ],
)
def test_the_hosts_of_the_organisation_and_those_that_are_named_are_asked(url):
    assert SCHOOL.refusal(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://news.y.edu.cn/",
        "https://edu.cn/",
        "https://news.x.edu.cn.example.com/",
        "https://www.example.com/",
        "http://8.8.8.8/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://localhost/",
        "http:///a",
        "http://[::1/",
    ],
)
def test_other_hosts_are_not(url):
    assert SCHOOL.refusal(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://news.x.edu.cn/", "data:text/html,x", "gopher://news.x.edu.cn/", "a"]
)
def test_only_http_and_https_are_asked(url):
    assert "only http and https" in (SCHOOL.refusal(url) or "")


@pytest.mark.parametrize("url", ["https://a:b@news.x.edu.cn/", "https://a@news.x.edu.cn/", "https://@news.x.edu.cn/"])
def test_an_address_with_a_password_is_not_asked_and_not_repeated(url):
    assert "password" in (SCHOOL.refusal(url) or "")
    assert scope.has_secret(f"see {url}")
    assert "a:b" not in scope.without_secret(f"see {url}")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.0.0.1.", "%31%32%37.0.0.1"),
        *(
            "\uff11\uff12\uff17.0.0.1",
            "127\u30020\u30020\u30021",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
        ),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    ],
)
def test_one_address_is_one_in_all_its_spellings(host):
    assert scope.host(f"http://{host}:80/") == "127.0.0.1"
    assert SCHOOL.refusal(f"http://{host}/")
    assert HERE.refusal(f"http://{host}/") is None


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "127.2", "0", "0.0.0.0", "localhost", "10.0.0.1", "192.168.1.1", "[::]", "[fe80::1]"]
)
def test_a_private_seed_is_one_host_and_no_network(host):
    assert HERE.refusal(f"http://{host}/")


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("0.0.0.0", "unspecified"),
        ("127.8.8.8", "this machine"),
        ("10.1.1.1", "private"),
        ("172.16.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("169.254.1.1", "link-local"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::1", "this machine"),
        ("fe80::1%eth0", "link-local"),
        ("fd00::1", "private"),
        ("ff02::1", "multicast"),
        ("a.localhost", "this machine"),
    ],
)
def test_addresses_that_only_some_networks_reach_are_known(address, what):
    assert what in (scope.private(address) or "")


@pytest.mark.parametrize("address", ["8.8.8.8", "202.117.1.1", "2001:4860:4860::8888", "news.x.edu.cn"])
def test_all_others_are_public(address):
    assert scope.private(address) is None


def test_an_operator_may_allow_private_addresses_of_the_site():
    site = Site(name="campus", listings=("http://news.x.edu.cn/",))
    assert not scope.of(site).may_be_private("news.x.edu.cn")
    assert scope.of(site, private=True).may_be_private("news.x.edu.cn")
    allowed = scope.of(Site(name="campus", listings=("http://10.0.0.1/",), allow_private=True))
    assert allowed.refusal("http://10.0.0.1/a.htm") is None
    assert allowed.refusal("http://10.0.0.2/a.htm"), "another host is another site"


def test_a_site_without_a_file_is_its_homepage_or_its_name():
    assert scope.of(Site(name="127.0.0.1:80")).refusal("http://127.0.0.1:80/") is None
    assert scope.of(Site(name="x", homepage="http://127.0.0.1:80/")).refusal("http://127.0.0.1/") is None


class Stats(dict[str, int]):
    def inc_value(self, name: str) -> None:
        self[name] = self.get(name, 0) + 1


def guarding(site: Site, **settings: object) -> guard.ScopeGuard:
    crawler = SimpleNamespace(spider=SimpleNamespace(site=site), settings=Settings(settings), stats=Stats())
    return guard.ScopeGuard.from_crawler(crawler)


def test_the_guard_refuses_in_words_without_the_password():
    guarded = guarding(Site(name="x", listings=("https://news.x.edu.cn/",)))
    guarded.process_request(Request("https://www.x.edu.cn/robots.txt"))
    for url in ("http://127.0.0.1/", "https://reader:hunter2@news.x.edu.cn/", "ftp://news.x.edu.cn/a"):
        with pytest.raises(guard.OutOfScope, match="out of scope: ") as refused:
            guarded.process_request(Request(url))
        assert "hunter2" not in str(refused.value)
    assert guarded.crawler.stats == {"newsspider/out_of_scope": 3}


@pytest.mark.parametrize("address", ["10.0.0.8", "127.0.0.1", "169.254.169.254", "0.0.0.0"])
def test_a_name_that_leads_into_a_private_network_is_not_connected_to(monkeypatch, address):
    monkeypatch.setattr(guard.Resolver, "may_be_private", set())
    monkeypatch.setattr(guard.Resolver, "refused", {})
    resolver = guard.Resolver(None, 0, 1.0)
    with pytest.raises(DNSLookupError):
        resolver._checked(address, "news.x.edu.cn")
    assert resolver._checked("202.117.1.1", "www.x.edu.cn") == "202.117.1.1"
    seed = Site(name="x", listings=("https://news.x.edu.cn/",))
    with pytest.raises(guard.OutOfScope, match="--allow-private"):
        guarding(seed).process_exception(Request("https://news.x.edu.cn/"), CannotResolveHostError())
    guarding(seed, ALLOW_PRIVATE=True).process_request(Request("https://news.x.edu.cn/"))
    assert resolver._checked(address, "news.x.edu.cn") == address


def test_a_redirect_to_an_address_with_a_password_is_not_followed():
    redirect = guard.Redirect(Settings())
    answer = Response("http://x.edu.cn/", status=302, headers={"Location": "http://reader:hunter2@x.edu.cn/"})
    redirect.crawler = SimpleNamespace(spider=None)
    with pytest.raises(guard.OutOfScope, match="password"):
        redirect.process_response(Request("http://x.edu.cn/"), answer)


def test_cookies_are_kept_without_asking_anybody(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("Scrapy's own list of public suffixes was asked for")

    monkeypatch.setattr("scrapy.downloadermiddlewares.cookies._split_domain", refuse)
    cookies = guard.Cookies()
    cookies.crawler = SimpleNamespace(spider=None)
    for domain, kept in (("", True), ("; Domain=x.edu.cn", True), ("; Domain=edu.cn", False)):
        cookies.jars.clear()
        answer = Response("http://news.x.edu.cn/", headers={"Set-Cookie": f"JSESSIONID=A1{domain}; Path=/"})
        cookies.process_response(Request("http://news.x.edu.cn/"), answer)
        again = Request("http://news.x.edu.cn/2.htm")
        cookies.process_request(again)
        assert ("Cookie" in again.headers) is kept, domain


@pytest.mark.parametrize(
    "head",
    [
        '<base href="http://10.0.0.1/admin/">',
        '<div sudy-wp-context="//10.0.0.1/x"></div>',
        '<div sudy-wp-context="http://10.0.0.1/?"></div>',
    ],
)
def test_a_counter_is_the_pages_own_hosts_whatever_the_page_says(head):
    address = "https://news.example.edu.cn/2026/0301/c1a50/page.htm"
    page = Page(
        f'<html><head>{head}</head><body><script sudy-wp-siteId="5"></script>_showDynClicks("wbnews", 9, 7)</body></html>'.encode(),
        address,
    )
    for family in (WebPlus(), VSB()):
        counter = family.counter(page)
        assert counter is not None
        assert counter.url.startswith(
            ("https://news.example.edu.cn/_visitcountdisplay", "https://news.example.edu.cn/system/resource/")
        )
    row = lxml.html.fromstring(
        '<li><span url="http://10.0.0.1/x/_visitcountdisplay?siteId=5&type=3&articleId=50"></span></li>'
    )
    assert WebPlus().row_counter(page, row) is None
