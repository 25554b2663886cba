# ruff: noqa: E501 - a pager is easier to read unbroken
"""The next page, in the ways that systems lead to it. (address, pager, next page): all invented (synthetic)."""

from __future__ import annotations

import pytest

import newsspider

HOST = "https://news.example.edu"
ROWS = "".join(
    f'<li><a href="/info/1001/{n}.htm">学校召开第{n}次教学工作会议</a><span>2024-03-{n}</span></li>'
    for n in range(11, 19)
)

PAGERS = {
    "vsb": (
        "/xwdt.htm",
        '<span class="p_pages"><span class="p_first_d">首页</span><span class="p_prev_d">上页</span><span class="p_no_d">1</span>'
        '<span class="p_no"><a href="xwdt/9.htm">2</a></span><span class="p_dot">...</span><span class="p_no"><a href="xwdt/1.htm">10</a></span>'
        '<span class="p_next p_fun"><a href="xwdt/9.htm">下页</a></span><span class="p_last"><a href="xwdt/1.htm">尾页</a></span></span>',
        "/xwdt/9.htm",
    ),
    "vsb, last page": (
        "/xwdt/1.htm",
        '<span class="p_pages"><span class="p_first"><a href="../xwdt.htm">首页</a></span><span class="p_prev"><a href="2.htm">上页</a></span>'
        '<span class="p_no"><a href="2.htm">9</a></span><span class="p_no_d">10</span><span class="p_next_d p_fun_d">下页</span>'
        '<span class="p_last_d">尾页</span></span>',
        None,
    ),
    "old vsb": (
        "/xwdt.htm",
        '<div>共98条 1/10 <span class="PrevDisabled">首页</span><span class="PrevDisabled">上页</span><a href="xwdt/9.htm" class="Next">下页</a>'
        '<a href="xwdt/1.htm" class="Next">尾页</a><input type="button" value="转到"></div>',
        "/xwdt/9.htm",
    ),
    "webplus": (
        "/1021/list2.htm",
        '<ul class="wp_paging"><li class="pages_count"><span class="per_page">每页 <em>14</em> 记录</span> <span>总共 <em>280</em> 记录</span></li>'
        '<li class="page_nav"><a class="first" href="/1021/list1.htm"><span>第一页</span></a><a class="prev" href="/1021/list1.htm">'
        '<span>&lt;&lt;上一页</span></a><a class="next" href="/1021/list3.htm"><span>下一页&gt;&gt;</span></a><a class="last" href="/1021/list20.htm">'
        '<span>尾页</span></a></li><li class="page_jump"><span>页码 <em class="curr_page">2</em>/<em class="all_pages">20</em></span>'
        '<a class="pagingJump" href="javascript:void(0);">跳转到</a></li></ul>',
        "/1021/list3.htm",
    ),
    "webplus, last page": (
        "/1021/list20.htm",
        '<ul class="wp_paging"><li><a class="first" href="/1021/list1.htm">第一页</a><a class="prev" href="/1021/list19.htm">&lt;&lt;上一页</a>'
        '<a class="next" href="javascript:void(0);">下一页&gt;&gt;</a><a class="last" href="javascript:void(0);">尾页</a></li></ul>',
        None,
    ),
    "the last page leads to itself": (
        "/list.asp?id=3&page=9",
        '<p><a href="list.asp?id=3&page=1">首页</a> <a href="list.asp?id=3&page=8">上一页</a> <a href="list.asp?page=9&id=3">下一页</a></p>',
        None,
    ),
    "numbers, current marked on li": (
        "/category/3/1",
        '<ul class="pagination"><li class="disabled"><span>&laquo;</span></li><li class="active"><span>1</span></li>'
        '<li><a href="/category/3/2">2</a></li><li><a href="/category/3/3">3</a></li><li><a href="/category/3/2" rel="next">&raquo;</a></li></ul>',
        "/category/3/2",
    ),
    "numbers alone, current is no link": (
        "/list/7.html",
        '<div class="page"><a href="/list/6.html">6</a> <b>7</b> <a href="/list/8.html">8</a></div>',
        "/list/8.html",
    ),
    "numbers alone, current leads here": (
        "/news?page=2",
        '<div class="page"><a href="/news?page=1">1</a><a href="/news?page=2">2</a><a href="/news?page=3">3</a></div>',
        "/news?page=3",
    ),
    "the symbol leads to the next ten": (
        "/board.php?bo_table=notice",
        '<ul><li><a href="?bo_table=notice&page=1" class="on">1</a><a href="?bo_table=notice&page=2">2</a>'
        '<a href="?bo_table=notice&page=3">3</a></li><li><a href="?bo_table=notice&page=11">&gt;</a><a href="?bo_table=notice&page=96">&gt;&gt;</a></li></ul>',
        "/board.php?bo_table=notice&page=2",
    ),
    "gnuboard": (
        "/bbs/board.php?bo_table=notice&page=10",
        '<nav class="pg_wrap"><span class="pg"><a href="?bo_table=notice&page=9" class="pg_page">9<span class="sound_only">페이지</span></a>'
        '<span class="sound_only">열린</span><strong class="pg_current">10</strong><span class="sound_only">페이지</span>'
        '<a href="?bo_table=notice&page=11" class="pg_page pg_next">다음</a><a href="?bo_table=notice&page=12" class="pg_page pg_end">맨끝</a></span></nav>',
        "/bbs/board.php?bo_table=notice&page=11",
    ),
    "k2web": (
        "/bbs/example/238/artclList.do",
        '<div class="_paging"><ul><li><strong title="현재 페이지">1</strong></li><li><a href="javascript:page_link(\'2\')">2</a></li></ul>'
        '<a href="javascript:page_link(\'2\')" class="_next">다음</a></div>',
        "/bbs/example/238/artclList.do?page=2",
    ),
    "k2web, in a page of a site": (
        "/example/1136/subview.do",
        '<form name="pageForm" method="post" action="/bbs/example/238/artclList.do"><input type="hidden" name="page" value="1"></form>'
        '<div class="_paging"><ul><li><strong title="현재 페이지">1</strong></li><li><a href="javascript:page_link(\'2\')">2</a></li></ul></div>',
        "/bbs/example/238/artclList.do?page=2",
    ),
    "jwxe": (
        "/kr/example/notice.do",
        '<div class="b-paging"><ul><li class="active"><a href="?mode=list&articleLimit=10&article.offset=0">1</a></li>'
        '<li><a href="?mode=list&articleLimit=10&article.offset=10">2</a></li><li class="next pager">'
        '<a href="?mode=list&articleLimit=10&article.offset=10" title="다음 페이지로 이동하기"><span class="hide">다음 페이지로 이동하기</span></a></li></ul></div>',
        "/kr/example/notice.do?mode=list&articleLimit=10&article.offset=10",
    ),
    "wordpress": (
        "/archives/category/news/page/2",
        '<nav class="pagination"><div class="nav-links"><a class="prev page-numbers" href="/archives/category/news">Previous</a>'
        '<a class="page-numbers" href="/archives/category/news">1</a><span aria-current="page" class="page-numbers current">2</span>'
        '<a class="page-numbers" href="/archives/category/news/page/3">3</a><a class="next page-numbers" href="/archives/category/news/page/3">Next</a></div></nav>',
        "/archives/category/news/page/3",
    ),
    "wordpress, older posts": (
        "/blog/",
        '<div class="navigation"><div class="nav-previous"><a href="/blog/page/2/"><span class="meta-nav">&larr;</span> Older posts</a></div></div>',
        "/blog/page/2/",
    ),
    "drupal": (
        "/news",
        '<nav class="pager"><ul><li class="pager__item is-active"><a href="?page=0" title="Current page"><span class="visually-hidden">Current page</span>1</a></li>'
        '<li><a href="?page=1" title="Go to page 2"><span class="visually-hidden">Page</span>2</a></li><li class="pager__item--next">'
        '<a href="?page=1" title="Go to next page" rel="next"><span class="visually-hidden">Next page</span><span aria-hidden="true">››</span></a></li></ul></nav>',
        "/news?page=1",
    ),
    "joomla": (
        "/news?start=10",
        '<ul class="pagination"><li><a title="首页" href="/news" class="pagenav"><span class="icon-first"></span></a></li><li><a href="/news" class="pagenav">1</a></li>'
        '<li class="active"><a>2</a></li><li><a href="/news?start=20" class="pagenav">3</a></li>'
        '<li><a title="下页" href="/news?start=20" class="hasTooltip pagenav"><span class="icon-next"></span></a></li></ul>',
        "/news?start=20",
    ),
    "trs": ("/xwdt/index.html", '<script>createPageHTML(20, 0, "index", "html");</script>', "/xwdt/index_1.html"),
    "trs, last page": ("/xwdt/index_19.html", '<script>createPageHTML(20, 19, "index", "html");</script>', None),
    "index_2.html": (
        "/publish/news/4205/index.html",
        '<p><a>上一页</a> <span class="cur">1</span> <a href="index_2.html">2</a> <a href="index_2.html">下一页</a></p>',
        "/publish/news/4205/index_2.html",
    ),
    "rpage": (
        "/p/403-1004-42-1.php?Lang=zh-tw",
        '<ul class="pagination"><li class="pg-item active"><a href="/p/403-1004-42-1.php?Lang=zh-tw" title="1">1</a></li>'
        '<li class="pg-item"><a href="/p/403-1004-42-2.php?Lang=zh-tw" title="2">2</a></li><li class="pg-item"><a href="/p/403-1004-42-2.php?Lang=zh-tw" '
        'title="下一頁"><i class="fas fa-angle-right"></i></a></li></ul>',
        "/p/403-1004-42-2.php?Lang=zh-tw",
    ),
    "picture of an arrow": (
        "/list.aspx?p=1",
        '<div><a href="?p=1"><img src="f.gif" alt="首页"></a><a href="?p=2"><img src="n.gif" alt="下一页"></a></div>',
        "/list.aspx?p=2",
    ),
    "opened by a script that shows the address": (
        "/list.jsp?page=1",
        '<div><a href="#" onclick="location.href=\'list.jsp?page=1\'">上一页</a><a href="#" onclick="location.href=\'list.jsp?page=2\'">下一页</a></div>',
        "/list.jsp?page=2",
    ),
    "a form with GET": (
        "/notice/list.do",
        '<form name="f" action="/notice/list.do"><input type="hidden" name="pageIndex" value="1"><input type="hidden" name="bbsId" value="B7"></form>'
        '<div class="paging"><strong>1</strong><a href="#" onclick="fn_page(2); return false;">2</a><a href="#" onclick="fn_page(3); return false;">3</a></div>',
        "/notice/list.do?pageIndex=2&bbsId=B7",
    ),
    "a form with POST has no address": (
        "/notice/list.do",
        '<form name="f" method="post" action="/notice/list.do"><input type="hidden" name="pageIndex" value="1"></form>'
        '<div class="paging"><strong>1</strong><a href="#" onclick="fn_page(2); return false;">2</a></div>',
        None,
    ),
    "single arrow before the double one": (
        "/news/1",
        '<div><a href="/news/1">«</a><a href="/news/1">‹</a><span>1</span>/<span>30</span><a href="/news/2">›</a><a href="/news/30">»</a></div>',
        "/news/2",
    ),
    "an arrow drawn by a class": (
        "/news/2",
        '<div><a href="/news/1"><i class="fa fa-chevron-left"></i></a><em>2 / 9</em><a href="/news/3"><i class="fa fa-chevron-right"></i></a>'
        '<a href="/news/9"><i class="fa fa-angle-double-right"></i></a></div>',
        "/news/3",
    ),
    "next twenty": ("/news", '<div><em>1-20 of 300</em> <a href="/news?start=20">Next 20</a></div>', "/news?start=20"),
    "called after the rows before": (
        "/spip.php?rubrique3",
        '<p class="pagination"><strong class="on">0</strong> | <a href="spip.php?rubrique3&amp;debut=10#pages">10</a> | '
        '<a href="spip.php?rubrique3&amp;debut=20#pages">20</a></p>',
        "/spip.php?rubrique3&debut=10",
    ),
    "called after the rows before, second page": (
        "/spip.php?rubrique3&debut=10",
        '<p class="pagination"><a href="spip.php?rubrique3#pages">0</a> | <strong class="on">10</strong> | '
        '<a href="spip.php?rubrique3&amp;debut=20#pages">20</a></p>',
        "/spip.php?rubrique3&debut=20",
    ),
    "alone, another page of this list": ("/news", '<a href="/news?p=2">Siguiente &gt;</a>', "/news?p=2"),
    "alone, a page of something else": ("/news", '<a href="/events/7">Next &gt;</a>', None),
    "a button among the rows' neighbours": (
        "/news",
        '<p><a href="/rss">RSS</a> <a href="/mail">Mail</a> <a href="/print">Print</a></p><a href="/news?page=2">Weitere Meldungen</a>',
        "/news?page=2",
    ),
    "a button": (
        "/list.jsp",
        "<p>第1页/共9页 <button onclick=\"location.href='list.jsp?p=2'\">下一页</button></p>",
        "/list.jsp?p=2",
    ),
    "a button of a form": (
        "/list.jsp",
        '<p><input type="button" value="上一页" disabled><input type="button" value="下一页" onclick="location=\'list.jsp?p=2\'"></p>',
        "/list.jsp?p=2",
    ),
    "a word with spaces": ("/news", '<p><a href="?p=1">首 页</a><a href="?p=2">下 一 页</a></p>', "/news?p=2"),
    "triangles": ("/news?p=2", '<p><a href="?p=1">◀</a> <a href="?p=3">▶</a></p>', "/news?p=3"),
    "the current page in a term": (
        "/news",
        '<dl><dt>1</dt><dd><a href="?p=2">2</a></dd><dd><a href="?p=3">3</a></dd></dl>',
        "/news?p=2",
    ),
    "earlier articles": ("/news/", '<div><a href="/news/page/2">以前の記事</a></div>', "/news/page/2"),
    "more of the same list": ("/news", '<div><a href="/news?page=2">View more news</a></div>', "/news?page=2"),
    "more of another list": ("/news", '<div><a href="/events?page=2">View more events</a></div>', None),
    "options with addresses": (
        "/tzgg/index_2.htm",
        '<div><select onchange="location=this.value"><option value="index.htm">第1页</option><option value="index_2.htm" selected>第2页</option>'
        '<option value="index_3.htm">第3页</option></select></div>',
        "/tzgg/index_3.htm",
    ),
    "the last of the options": (
        "/tzgg/index_2.htm",
        '<div><select><option value="index.htm">1</option><option value="index_2.htm" selected>2</option></select></div>',
        None,
    ),
    "in the head, to the next column of a manual": (
        "/news/category/notices/",
        '<link rel="next" href="/news/category/research/">',
        None,
    ),
    "in the head, to the archive of a year": (
        "/news/category/notices/",
        '<link rel="next" href="/news/archive/2024/">',
        None,
    ),
    "last page, whose arrow leads to the site's first": (
        "/page/4/",
        '<div class="paginator"><a href="/page/3/"><i class="fa fa-chevron-left"></i></a><span>4</span>'
        '<a href="/"><i class="fa fa-chevron-right"></i></a></div>',
        None,
    ),
    "angles, one and two": (
        "/",
        '<nav><ul><li>Page 1 / 4</li><li><a href="/index2.html">&rang;</a></li><li><a href="/index4.html">&Rang;</a></li></ul></nav>',
        "/index2.html",
    ),
    "last page, whose link to the next is not drawn": (
        "/page/4/",
        '<nav class="pagination"><div class="pagination-previous"><a href="/page/3/">上一页</a></div>'
        '<div class="pagination-next is-invisible"><a href="/page/5/">下一页</a></div><ul><li><a href="/page/3/">3</a></li>'
        '<li><a class="is-current" href="/page/4/">4</a></li></ul></nav>',
        None,
    ),
    "first page, whose number is in the query": (
        "/",
        '<div class="paginator"><span>1</span><a href="/?page=2"><i class="fa fa-chevron-right"></i></a></div>',
        "/?page=2",
    ),
    "in the head": ("/news/", '<link rel="next" href="/news/page/2/">', "/news/page/2/"),
    "no pager": ("/news/", "", None),
    "previous and next article": (
        "/news/",
        '<p>上一篇：<a href="/info/1001/5.htm">上一篇文章的标题</a></p><p>下一篇：<a href="/info/1001/7.htm">下一篇文章的标题</a></p>',
        None,
    ),
    "a number of comments": (
        "/news/",
        '<table><tr><td class="no">1</td><td><a href="/news/view?id=7">오늘의 소식</a><a href="/news/view?id=7#comment">2</a></td></tr></table>',
        None,
    ),
    "alone below the list": ("/news/", '<a href="news/2.htm">下一页</a>', "/news/news/2.htm"),
    "years": (
        "/news/2023",
        '<ul><li><a href="/news/2024">2024</a></li><li class="active"><a href="/news/2023">2023</a></li><li><a href="/news/2022">2022</a></li></ul>',
        None,
    ),
    "years to choose from": (
        "/news?year=2023",
        '<select><option value="/news?year=2024">2024</option><option value="/news?year=2023" selected>2023</option>'
        '<option value="/news?year=2022">2022</option></select>',
        None,
    ),
    "a calendar": (
        "/news/",
        '<table class="calendar"><tr><td><a href="/day/1">1</a></td><td><a href="/day/2">2</a></td><td><a href="/day/3">3</a></td></tr></table>',
        None,
    ),
}


@pytest.mark.parametrize("name", PAGERS)
def test_next_page(name: str) -> None:
    path, pager, following = PAGERS[name]
    html = f'<html><body><div class="main"><ul>{ROWS}</ul>{pager}</div></body></html>'
    page = newsspider.read_listing(html.encode(), HOST + path)
    assert page.next_url == (HOST + following if following else None)
    assert len(page.entries) == 8
