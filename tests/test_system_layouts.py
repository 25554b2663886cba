"""Pages in the layouts that open-source systems give to articles: a title, fields, a named text, comments. All invented."""

from __future__ import annotations

import pytest

from newsspider import Article, read_article

URL = "https://news.example.edu/2024/03/19/car-park/"
TITLE = "Car park C closed"
NOTICE = "Car park C is closed on Friday; use lot 122."
FIELDS = "<ul><li>March 19, 2024</li></ul>"
FORM = (
    "<div id='respond' class='comment-respond'><h3>Leave a Reply</h3><form class='comment-form'>"
    "<p class='comment-notes'>Your email address will not be published. Required fields are marked *</p>"
    "<p class='comment-form-comment'>Comment *</p><p class='comment-form-cookies-consent'>Save my name, email, and website in "
    "this browser for the next time I comment.</p></form></div>"
)
MORE = "<div><h2>More posts</h2>" + "".join(
    f"<h3><a href='/{n}/'>{title}</a></h3><div><time datetime='2024-02-{n:02}'>February {n}, 2024</time></div>"
    for n, title in enumerate(
        (
            "Library extends opening hours",
            "Students win national bridge competition",
            "Volunteers restore walled garden",
        ),
        start=11,
    )
)


def read(inner: str, *, body: str = "", main: str = "") -> Article:
    html = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{TITLE} – Example University News</title></head>"
        f"<body {body}><header><a href='/'>Example University News</a></header><main {main}>{inner}</main>"
        "<footer><p>© 2024 Example University News</p></footer></body></html>"
    )
    return read_article(html.encode(), URL)


@pytest.mark.parametrize(
    "text", [f"<p>{NOTICE}</p>", f"<p>{NOTICE}</p><p><a href='/form.pdf'>Application form</a></p>"]
)
@pytest.mark.parametrize("below", [FORM, FORM + MORE, MORE, ""])
@pytest.mark.parametrize("fields", [FIELDS, ""])
def test_a_notice_of_a_few_words_above_the_form_for_comments(fields: str, below: str, text: str) -> None:
    its = read(f"<article><h1>{TITLE}</h1>{fields}<div class='entry-content'>{text}</div></article>{below}")
    assert (its.title, its.body.splitlines()[0]) == (TITLE, NOTICE)
    assert set(its.body.splitlines()) <= {NOTICE, "Application form"}
    assert its.published == ("2024-03-19" if fields else None)


@pytest.mark.parametrize(
    "names", [("class='single no-comments footer-top-visible'", ""), ("", "id='skip-link--target'")]
)
def test_what_holds_the_whole_page_is_not_what_surrounds_the_text(names: tuple[str, str]) -> None:
    body, main = names
    inner = f"<h1>{TITLE}</h1><div><p>{NOTICE}</p></div>{MORE}"
    assert read(inner, body=body, main=main).body == NOTICE


@pytest.mark.parametrize("wrapper", ["flex relative w-full", "sidebar-right content", "post-content-bottom"])
@pytest.mark.parametrize("name", ["post-content", "e-content article-entry"])
@pytest.mark.parametrize("above", ["", "<div>Loading, just a moment please...</div>"])
def test_a_notice_in_a_box_that_is_called_after_its_place(above: str, name: str, wrapper: str) -> None:
    inner = f"<h1>{TITLE}</h1><div>2024-03-19</div><div class='{name}'><p>{NOTICE}</p></div><ul><li>Author: Mark Lee</li></ul>"
    its = read(f"{above}<div class='{wrapper}'>{inner}</div>")
    assert (its.title, its.published, its.body) == (TITLE, "2024-03-19", NOTICE)
