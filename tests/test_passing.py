"""Lines that a page prints anew at each visit are no part of its text."""

import pytest

from newsspider import read_article
from newsspider.reading import passing

TEXT = "学校今日举行开学典礼，新生共3120人。"
PAGE = (
    '<html><head><title>学校举行开学典礼</title></head><body><div class="main"><h1>学校举行开学典礼</h1><p>发布时间：2026-09-01</p>'
    '<div class="article-content">{}</div></div></body></html>'
)


@pytest.mark.parametrize(
    "line",
    [
        "已有35人点赞",
        "当前在线：35人",
        "当前有 35 人在线",
        "评论（35）　点赞（3）　收藏（1）",
        "本文已被 35 人收藏",
        "下载次数：35",
        "附件下載：1,203次",
        "35 likes",
        "Likes: 35 | Comments (3)",
        "128 people like this",
        "Users online: 35",
        "좋아요 35",
        "댓글 3개",
        "いいね 35",
        "ダウンロード：35",
        "今天是2026年11月28日 星期六",
        "现在时间：2026-11-28 12:30:05",
        "Today is Saturday, November 28, 2026",
    ],
)
def test_a_closing_line_of_a_label_and_a_number_is_none_of_the_text(line):
    assert passing.without([TEXT, line]) == [TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "报名人数：35人",
        "联系电话：82660000",
        "共有120人参加在线考试。",
        "合计：120",
        "收藏：3500件",
        "今天是2026年10月1日，我们在这里庆祝。",
        "2026年11月28日",
        "下载地址：35号楼",
        "分享3个故事",
        "第35期",
    ],
)
def test_a_closing_line_that_says_something_stays(line):
    assert passing.without([TEXT, line]) == [TEXT, line]


def test_a_number_amid_the_text_stays():
    lines = [TEXT, "点赞：35", "以上为本次活动的点赞数。"]
    assert passing.without(lines) == lines


def test_the_same_page_with_other_tallies_reads_the_same():
    bodies = {
        read_article(
            PAGE.format(f"<p>{TEXT}</p>" * 4 + f"<p>已有{n}人点赞</p><p>当前在线：{n}人</p>").encode(),
            "https://news.example.edu.cn/a/1.htm",
        ).body
        for n in (12, 99)
    }
    assert bodies == {"\n".join([TEXT] * 4)}
