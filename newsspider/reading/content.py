"""The body of an article: what each line says for being part of it, and its lines without what templates put around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate

from lxml.html import HtmlElement

from newsspider.extract.blocks import Block, Blocks
from newsspider.reading import counts, passing

_CHROME = re.compile(
    r"(?:^|(?<!has)(?<!no)(?<!is)(?<!with)(?<!show)[-_])(?:nav(?:bar|igation)?|menu|sub-?menu|foot(?:er)?|bottom|copyright|breadcrumbs?|crumbs?|"
    r"side(?:bar|nav)?|aside|related|recommend(?:ed)?|"
    r"comments?|comment-?list|respond|shar(?:e|ing)|social|share-?this|addtoany|sharedaddy|jiathis|"
    r"bdshare\w*|pager|pagination|paging|prev-?next|"
    r"widgets?|banner|logo|search|toolbar|tags?|taglist|tag-?links|newsletter\w*|subscribe|cookie|skip|friend\w*|hot\w*|"
    r"author-?(?:bio|box|info)|promo|advert\w*|ads?|popup|modal|toc|lang\w*|byline|entry-meta|post-?meta|"
    r"location|position|dqwz|weizhi|wz|print)(?:$|[-_\d])"
    r"|footer|sidebar|onetrust|cookie-?(?:consent|banner|notice)|breadcrumb|copyright|navigation|prevnext|sharebox|relat(?:ed|ive)",
    re.I,
)
# Parts of names that say how an element looks, which term a post of WordPress has, or that a page builder drew the box.
LOOKS = re.compile(
    r"^(?:tag|category)-(?!links?$|list|cloud).*|^elementor-widget|--[\w-]*(?:ads|position|bottom)(?:-[\w-]*)?$"
    r"|(?:margin|mar|padding|pad|border|align)[-_](?:top|bottom)|(?:hide|no|not|d)-print|print-(?:no|none|hide|hidden|block)"
    r"|position[-_](?:relative|absolute|fixed|static|sticky|top|bottom|left|right|center|image)",
    re.I,
)
# Names that templates of many systems give to the element with the body alone. Order matters: the surest first.
BODIES = (
    "#js_content .wp_articlecontent .v_news_content .TRS_Editor .trs_editor_view #ivs_content .Article_content "
    ".article_content .articleBody .article-body .article__body .article-content .article__content .entry-content "
    ".entry-body .post-content .post__content .post-body .field--name-body .field-name-body .news-content "
    ".news_content .newsContent .news-body .newscontent .nc_body .article-con .article_con .articleContent "
    ".article-text .article-detail .content-detail .detail-content .detail_content .artclView .b-content-box "
    ".fr-view .bo_v_con #bo_v_con .view-con .view_cont .board-view-content .xe_content .rhymix_content .mpgdetail #zoom "
    "#Zoom #artibody #article_content #articleContent #content_body #news_content #newsContent #newscontent #txt "
    "#text-content .wysiwyg .text-formatted .rich-text .richtext .story-body .body-copy .content_text .con_text "
    ".text_con .txt_con .e-content"
).split()
NAMED = frozenset(BODIES)
_FEW_WORDS = -10
_CELLS = ("td", "th")
_ENOUGH = 200  # what the best line below a box amid a text is worth
_BUTTONS = 80  # characters of a line of buttons
_BOX = 12  # lines of a box below a text
_PROSE = 60  # what a line of prose is worth
_SHORT = 200  # what the prose of a page without any is worth
_CHROME_TAGS = ("nav", "footer", "aside", "menu")
OWN_TAGS = ("body", "main")  # hold the article, whatever they are called: no-comments, skip-link-target
# Cases spelled out: every line of every page is searched, and a pattern that ignores case cannot skip ahead.
_FOOTER = re.compile(
    "版权所有|版權所有|新闻热线[:：]|投稿(?:信箱|邮箱|热线)[:：]|"
    "ICP备|公网安备|[Aa]ll [Rr]ights [Rr]eserved|ALL RIGHTS RESERVED|技术支持[:：]|邮编[:：]|저작권"
    # Neither the name below a picture nor a sentence about copyright is a footer.
    r"|(?:©|\([Cc]\))[ -]{0,3}(?:19|20)\d\d|(?:19|20)\d\d ?©"
    r"|(?:[Cc]opyright|COPYRIGHT)(?: ?(?:©|\([Cc]\))|[ :：-]{0,3}(?:19|20)\d\d|.{0,60}$)"
)
# One of these stands in every footer: most lines need not be searched.
_OF_FOOTERS = ("©", "pyright", "PYRIGHT", "eserved", "ESERVED", "(c)", "(C)")
_OF_ASIAN_FOOTERS = ("版", "热线", "投稿", "备", "支持", "邮编", "저작권")
_SENTENCE = re.compile(r"[。！？；，、]|[.!?;,](?:\s|$)|다\.")
ENDS = re.compile(
    r"^[\s【\[<«◀←]*(?:(?P<always>上一?[篇条则頁則页](?!文章中)|下一?[篇条则页]\s*[:：]|[上下]一[个個則则]|前一[篇条]|后一[篇条]|이전\s?글|다음\s?글|前の記事|次の記事|一覧[へに]戻る|"
    r"(?:previous|next)(?: article| post| story)?\s*[:：]|post navigation|leave a (?:reply|comment)|【?关闭(?:窗口|本页)】?$)|"
    r"(?:[【\[(]?\s*(?:返回(?:列表|顶部|上一页)?|打印(?:本[页文])?|关闭(?:窗口|本页)?|收藏(?:本[页文])?|友善列印|回上一?頁|回列表)\s*[】\])]?[\s|]*)+$|相关(?:新闻|文章|链接|阅读|信息|资讯|推荐|附件)[:：]?$|(?:延伸|推荐|热门)阅读[:：]?$|[为給给][你您]推[荐薦][:：]?$|猜[你您]喜[欢歡][:：]?$|分享(?:[到至][:：]?|[:：]?$)|扫一扫|-{4,}分[割隔]线-|"
    r"목록$|related (?:articles?|posts?|news|stories|content|links|topics)[:：]?$|share this|more news|recommended|you (?:might|may) also|"
    r"das könnte sie auch)",
    re.I,
)
_NAMES_TEXT = re.compile(
    r"(?:公告|详细|詳細)?(?:内容|內容|內文|正文|本文|本文內容|본문|내용)\s*[:：]?"
)  # the field of a table
_NAMES_TAGS = re.compile(
    r"(?:tags?|tagged|categor(?:y|ies)|filed under|标签|標籤|分类|分類|schlagwörter)\s*[:：]", re.I
)
_SHARE = re.compile(
    r"(?:(?:share|print|email|e-mail|facebook|twitter|x|linkedin|pinterest|reddit|whatsapp|tumblr|google plus|google\+|instagram|weibo|"
    r"copy link|share on|share to|share via|on|open share links|close share links)[\s,|]*)+$",
    re.I,
)


_ATTACHED = re.compile(r"附件\s*\d*\s*[:：]?\s*[【\[].{1,160}[】\]]\s*已?下载(?:次数)?\s*[:：]?\s*\d*\s*次?")


@cache
def is_chrome(name: str) -> bool:
    """A class or id that templates give to what surrounds an article."""
    return bool(_CHROME.search(LOOKS.sub("", name)))


def is_chrome_element(element: HtmlElement) -> bool:
    if element.tag in OWN_TAGS:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return element.tag in _CHROME_TAGS or any(is_chrome(name) for name in names)


def worth(blocks: Blocks) -> list[int]:
    """What each line says for its being part of an article's text: above zero for prose, below for menus and footers."""
    plain = [_in_table(line, _value(line.text, line.linked, line.heading > 0)) for line in blocks.lines]
    return [
        in_chrome(line) if off else value
        for line, value, off in zip(blocks.lines, plain, _chrome(blocks, plain), strict=True)
    ]


def _in_table(line: Block, value: int) -> int:
    """A few words in a cell of a table take nothing from the text around it, however many cells it has."""
    if value != _FEW_WORDS or line.linked:
        return value
    cell = line.element if line.element.tag in _CELLS else line.element.getparent()
    return 0 if cell is not None and cell.tag in _CELLS else value


@lru_cache(maxsize=4096)  # menus are on every page of a site
def _value(text: str, linked: int, heading: bool) -> int:
    size = len(text.encode("utf-8", "replace"))  # a CJK character says as much as three letters
    if linked * 2 > len(text):
        return -20 - size // 2
    if says_footer(text):
        return -300
    if size < 60 and not _SENTENCE.search(text):
        return -6 if heading else _FEW_WORDS
    return size - 2 * linked


def _chrome(blocks: Blocks, values: list[int]) -> list[bool]:
    """Which lines stand in a menu, footer, sidebar and the like, by the names of the elements around them."""
    marked = [False] * len(values)
    prose = [0, *accumulate(max(0, value) for value in values)]
    # What holds most of the page's prose is not chrome, whatever its name: themes name wrappers "no-sidebar".
    most = prose[-1] * 0.3
    short = prose[-1] < _SHORT
    bodies = [blocks.span[body][0] for name in BODIES for body in blocks.by_name.get(name, ())] if short else []

    def mark(element: HtmlElement) -> None:
        start, end = blocks.span[element]
        if prose[end] - prose[start] <= most or short:
            marked[start:end] = [True] * (end - start)

    for name, elements in blocks.by_name.items():
        if is_chrome(name[1:]):
            for element in elements:
                start, end = blocks.span[element]
                # Nor what holds the text of a page with no more than a notice.
                if element.tag not in OWN_TAGS and not any(start <= body < end for body in bodies):
                    mark(element)
    for element in blocks.span:
        if element.tag in _CHROME_TAGS:
            mark(element)
    return marked


def paragraphs(lines: Sequence[Block]) -> list[str]:
    """The texts of lines that are an article's own, up to where links to other articles begin."""
    sizes = [_value(line.text, line.linked, line.heading > 0) for line in lines]
    rest = total = sum(max(0, size) for size in sizes)
    most = [*accumulate(reversed(sizes), max)][::-1]  # that a line from here on is worth
    kept: list[Block] = []
    skipping = False
    for at, line in enumerate(lines):
        rest -= max(0, sizes[at])
        if ends := end(line):
            if ends["always"] or rest * 4 < total or most[at] < _ENOUGH:
                break
            skipping = True  # a box amid the text: what it links goes with it
        elif rest == 0 and len(line.text) < 16 and _NAMES_TAGS.fullmatch(line.text):
            break
        elif not (skipping and line.linked * 2 > len(line.text)):
            skipping = False
            kept.append(line)
    return without_buttons(kept)


def chosen(lines: Sequence[Block], values: Sequence[int]) -> list[str]:
    """The texts of lines that were found to be an article's, less fields of the template among them. ``values``: their worth."""
    last = max((at for at, value in enumerate(values) if value > _PROSE), default=-1)  # tags stand below it
    tags = (
        at for at, line in enumerate(lines) if at > last and _NAMES_TAGS.match(line.text) and len(line.text) < _BUTTONS
    )
    its = [*zip(lines[: next(tags, None)], values, strict=False)]
    own = [line for line, value in its if len(line.text) >= _BUTTONS or not _is_field(line, value)]
    if not own and len(its) > 1:  # a discussion: all of it stands among comments
        own = [line for line, _ in its if counts.labelled(line.text) is None]
    return without_buttons(own)


def _is_field(line: Block, value: int) -> bool:
    return value == in_chrome(line) or counts.labelled(line.text) is not None


def without_buttons(lines: Sequence[Block]) -> list[str]:
    """The texts of lines less what templates print among them: the field's name, buttons, tallies."""
    first = 1 if lines and _NAMES_TEXT.fullmatch(lines[0].text) else 0
    return passing.without(
        [
            line.text
            for line in lines[first:]
            if not (_ATTACHED.fullmatch(line.text) or (len(line.text) < _BUTTONS and _SHARE.match(line.text)))
        ]
    )


def before_box(lines: Sequence[Block], values: Sequence[int], starts: int, end: int, title: str) -> int:
    """Where below a text the box with its title, address and licence begins: a line that is the title again, and short ones;
    else ``end``."""
    for index in range(end - 1, max(starts, end - _BOX), -1):
        if lines[index].text == title and not lines[index].heading:
            return index
        if values[index] > 0:
            break
    return end


def end(line: Block) -> re.Match[str] | None:
    """What a line says, if it says that the text is over, or that a box begins: 上一篇：, 【打印本页】, related news."""
    return ENDS.match(line.text) if len(line.text) < 200 else None


def is_footer(line: Block) -> bool:
    return says_footer(line.text)


def says_footer(text: str) -> bool:
    may = any(sign in text for sign in _OF_FOOTERS) or (
        not text.isascii() and any(sign in text for sign in _OF_ASIAN_FOOTERS)
    )
    return may and _FOOTER.search(text) is not None


def in_chrome(line: Block) -> int:
    """What a line in a menu, footer or sidebar is worth."""
    return -20 - 2 * len(line.text)
