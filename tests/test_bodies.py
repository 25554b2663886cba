"""Texts that stand in an unlikely place, or look like none."""

from __future__ import annotations

import pytest
from article_shell import TEXT, TITLE, paragraphs

from newsspider import read_article

FOOT = "<table><tr><td>新闻热线：022-00000000 投稿信箱：news@example.edu.cn</td></tr></table>"
HEAD = "<table><tr><td>{title}</td></tr><tr><td>来源：新闻网 发稿时间：2024-03-19 12:20</td></tr><tr><td>{text}</td></tr></table>"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            "".join(f"<p>★<a href='/info/{n}.htm'>第{n}次座谈会在图书馆召开</a></p>" for n in range(3)),
            "★第0次座谈会在图书馆召开",
        ),
        ("<p>秋去冬来</p><p>园中处处美景</p><p>令人不愿离开</p><p>等一盏灯亮</p>", "秋去冬来"),
        ("<video src='/v/20.mp4'></video>", ""),
    ],
)
def test_a_line_of_the_footer_is_no_text(text: str, body: str) -> None:
    html = f"<title>{TITLE}-要闻-示例大学</title><body>{HEAD.format(title=TITLE, text=text)}{FOOT}</body>"
    its = read_article(html.encode(), "https://news.example.edu.cn/info/1001/7.htm")
    assert (its.title, its.published, its.body.split("\n")[0]) == (TITLE, "2024-03-19T12:20", body)


@pytest.mark.parametrize("name", ["browser-stripe dark", "browserupgrade", "outdated-browser"])
def test_a_box_for_old_browsers_gives_neither_title_nor_text(name: str) -> None:
    box = f"<div class='{name}'><h2>Your browser is unsupported</h2><p>We recommend the latest version of Firefox.</p></div>"
    html = f"<title>{TITLE}</title><body>{box}<h2>{TITLE}</h2><p>2024-03-19</p><div>{paragraphs()}</div></body>"
    its = read_article(html.encode(), "https://news.example.edu.cn/info/1001/7.htm")
    assert (its.title, its.body.split("\n")[0]) == (TITLE, TEXT[0])


def test_a_text_with_a_big_table_is_one() -> None:
    table = "".join(f"<tr><td><p>第{n}学院</p></td><td><p>9{n}.4%</p></td><td><p>{n}</p></td></tr>" for n in range(40))
    notes = "<div><p>[1] 完成率是指提交的学生占应该参加的在校生的比例，按学院分别计算，再取平均，不含正在实习的班级。</p></div>"
    html = (
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2024-03-19</p><div>{paragraphs()}<table>{table}</table>{notes}</div>"
    )
    assert read_article(html.encode(), "https://news.example.edu.cn/info/1001/7.htm").body.split("\n")[
        : len(TEXT)
    ] == list(TEXT)


@pytest.mark.parametrize(
    ("caption", "kept"),
    [
        (
            "A view of the reading room as the visitors of last May found it. Click to enlarge. (Image: Library/A. Smith)",
            False,
        ),
        (
            "Bring a copy of your résumé, and be early so that the hosts can show you the rooms and the list of employers. "
            "We stayed late, all of us.",
            True,
        ),
        ("The herbarium of the university holds 40,000 sheets. Half of them can now be seen from anywhere. Photo: A. Smith", False),
        ("The rector speaks. The hall is full.", False),
    ],
)  # fmt: skip
def test_a_long_caption_is_text(caption: str, kept: bool) -> None:
    figure = f"<figure><img src='/a.jpg'><figcaption>{caption}</figcaption></figure>"
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2024-03-19</p><div>{paragraphs()}{figure}{paragraphs()}</div>"
    assert (caption in read_article(html.encode(), "https://news.example.edu.cn/info/1001/7.htm").body) is kept


def test_a_named_element_with_one_link_holds_no_text() -> None:
    named = "<div id='vsb_content'><div class='v_news_content'><p><a href='/en/zzh.htm'>English</a></p></div></div>"
    html = f"<title>张一红-示例学院</title><!--Announced by Visual SiteBuilder 9--><h1>张一红</h1>{named}<div>{paragraphs()}</div>"
    assert TEXT[1] in read_article(html.encode(), "https://zfxy.example.edu.cn/faculty/zzh.htm").body


def test_the_line_of_an_attachment_is_the_template_s() -> None:
    line = "<ul><li>附件【<a href='/system/_content/download.jsp?wbfileid=4'>专业目录.pdf</a>】已下载<span></span>次</li></ul>"
    html = (
        f"<title>{TITLE}</title><!--Announced by Visual SiteBuilder 9--><h1>{TITLE}</h1><div>2024-03-19</div>"
        f"<div id='vsb_content'><div class='v_news_content'>{paragraphs()}{line}</div></div>"
    )
    its = read_article(html.encode(), "https://yz.example.edu.cn/info/1057/1512.htm")
    assert (its.body.split("\n"), len(its.attachments)) == (list(TEXT), 1)


ENGLISH = (
    "The observatory on the hill opens its doors on Saturday, and children can build a sundial of their own in the old library.",
    "Guides show the telescope that was carried up the hill by mules in a week of snow, long before there was a road to it.",
    "Those who would like to stay for the night are asked to bring a warm coat, since the dome has to be open to the wind.",
)


def page(text: str, *, below: str = "") -> list[str]:
    title = "A night on the hill with the old telescope"
    html = (
        f"<title>{title} | Example University</title><div class='menu'><a href='/'>Home</a><a href='/news'>All of our news</a></div>"
        f"<h1>{title}</h1><p>March 19, 2024</p><div>{text}</div>{below}<div class='footer'><p>© 2024 Example University</p></div>"
    )
    return read_article(html.encode(), "https://news.example.edu/a-night-on-the-hill").body.split("\n")


@pytest.mark.parametrize(
    "between",
    [
        "<pre><code>$ look --at moon</code></pre>",
        "<h2>What you will see</h2>",
        "<div class='newsletter'><p>Sign up for our newsletter</p><a href='/join'>Subscribe</a></div>",
        "<aside class='promo'><ul><li><a href='/1'>The dome has a new roof</a></li></ul></aside>",
        "<figure><img src='/dome.jpg'><figcaption>The dome (Photo: A. Smith)</figcaption></figure>",
    ],
)
def test_a_text_goes_on_below_what_interrupts_it(between: str) -> None:
    lines = [f"{n}. {' '.join(ENGLISH)}" for n in range(3)]
    sections = between.join(f"<section><p>{line}</p></section>" for line in lines)
    assert [line for line in page(sections) if line in lines] == lines


def test_teasers_of_other_articles_are_no_text_even_if_they_are_longer() -> None:
    teasers = "".join(
        f"<div class='card'><h3><a href='/{n}'>The {n}th telescope of the hill and its story</a></h3><p>{ENGLISH[n % 3]} So it was.</p>"
        "</div>"
        for n in range(6)
    )
    lines = page(
        "".join(f"<p>{line}</p>" for line in ENGLISH),
        below=f"<div class='latest-news'><h2>Latest news</h2>{teasers}</div>",
    )
    assert lines == list(ENGLISH)


def test_a_text_in_short_lines_is_read_to_its_end() -> None:
    names = "".join(
        f"<li>{name} Example, of the school of {art}</li>"
        for name, art in (("Ann", "law"), ("Bo", "music"), ("Cy", "art"))
    )
    lines = page(f"<p>{ENGLISH[0]}</p><p>The winners are:</p><ul>{names}</ul><p>{ENGLISH[1]}</p>")
    assert lines == [
        ENGLISH[0],
        "The winners are:",
        "Ann Example, of the school of law",
        "Bo Example, of the school of music",
        "Cy Example, of the school of art",
        ENGLISH[1],
    ]
