"""The tables of a dataset: one definition for every format, every descriptor and the data card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["integer", "string", "datetime", "date", "boolean"]
Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    label: str  # its name in Chinese
    en: str
    zh: str
    unit: str | None = None
    required: bool = False
    text: bool = False  # what --no-text leaves out

    def named(self, lang: Lang) -> str:
        return self.label if lang == "zh" else self.name

    def says(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    en: str
    zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def kept(self, texts: bool) -> Table:
        columns = tuple(column for column in self.columns if texts or not column.text)
        return Table(self.name, self.en, self.zh, self.key, columns)

    def says(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


def _c(name: str, kind: Kind, label: str, en: str, zh: str, *, unit: str | None = None, text: bool = False) -> Column:
    """A column; ``name!``: never missing."""
    return Column(name.rstrip("!"), kind, label, en, zh, unit, name.endswith("!"), text)


ARTICLE = _c("article_id!", "integer", "文章编号", "the article's number in the archive", "文章在档案中的编号")
SITE = _c("site!", "string", "站点", "short name of the site", "站点短名")
UTC = "UTC"
SAID = (
    _c("title", "string", "标题", "title", "标题"),
    _c(
        *(
            "published",
            "string",
            "发布日期",
            "date of publication, ISO 8601 at the precision printed, in the site's zone",
        ),
        "发布日期，按页面所印精度写作 ISO 8601，站点所在时区",
    ),
    _c("published_text", "string", "发布日期原文", "the date line as printed", "页面所印日期行原文"),
    _c("source", "string", "来源", "source as printed", "页面所印来源"),
    _c("author", "string", "作者", "author as printed", "页面所印作者"),
    _c("editor", "string", "编辑", "editor as printed", "页面所印编辑"),
    _c("body", "string", "正文内容", "plain text, a paragraph a line", "正文纯文本，每段一行", text=True),
)
DIGEST = _c(
    *("content_digest", "string", "内容摘要", "sha256 of title, date, source, author, editor and body"),
    "标题、日期、来源、作者、编辑与正文的 sha256",
)
STEP = _c(
    *(
        "views_step",
        "integer",
        "浏览次数精度",
        "how the count is printed: missing: to the unit; 1000: in thousands; 0: at least so many",
    ),
    "计数的印刷精度：缺失为精确到个位；1000 为以千计；0 为“至少”",
    unit="views",
)

ARTICLES = Table(
    "articles",
    "Articles as last known by the cut, one row each",
    "截至截止时刻所知的文章，每篇一行",
    ("article_id",),
    (
        ARTICLE,
        SITE,
        _c("url!", "string", "网址", "the address it was first met under", "首次发现时的网址"),
        _c(
            "native_id", "string", "系统编号", "its identity in the content management system", "在内容管理系统中的标识"
        ),
        _c(
            *("kind!", "string", "种类", "article; external or file: known from a listing alone"),
            "article 为文章；external（站外）与 file（文件）仅见于列表",
        ),
        *SAID,
        DIGEST,
        _c(
            "views",
            "integer",
            "浏览次数",
            "the last view count read; missing: never read",
            "最近一次读到的浏览次数；缺失为从未读到",
            unit="views",
        ),
        STEP,
        _c("observed_at", "datetime", "读数时刻", "when that count was read", "读到该计数的时刻", unit=UTC),
        _c("versions!", "integer", "版本数", "how many versions were seen", "所见版本数"),
        _c("first_seen_at!", "datetime", "首见时刻", "first look at it", "首次查看的时刻", unit=UTC),
        _c(
            "last_seen_at",
            "datetime",
            "末见时刻",
            "its page was last read well",
            "最近一次成功读取页面的时刻",
            unit=UTC,
        ),
        _c(
            "gone_since",
            "datetime",
            "撤下时刻",
            "first look that found it withdrawn; missing: it stood",
            "首次发现已撤下的时刻；缺失为仍在",
            unit=UTC,
        ),
    ),
)
VERSIONS = Table(
    "versions",
    "What each article said, from when to when, as far as looks can tell",
    "每篇文章在各段时间内的内容（以查看所及为准）",
    ("article_id", "version"),
    (
        ARTICLE,
        _c("version!", "integer", "版本", "its number within the article, from 1", "在该文章中的序号，从 1 起"),
        SITE,
        _c("captured_at!", "datetime", "首次采集时刻", "first capture of this version", "该版本首次采集时刻", unit=UTC),
        _c(
            "last_seen_at!",
            "datetime",
            "末次采集时刻",
            "last capture of this version",
            "该版本最近一次采集时刻",
            unit=UTC,
        ),
        _c("url!", "string", "网址", "the address it was read from", "读取时的网址"),
        *SAID,
        DIGEST,
        _c(
            "parser!",
            "string",
            "解析程序",
            "newsspider version and family that read it",
            "读取所用的 newsspider 版本与系统家族",
        ),
        _c(
            "incomplete!",
            "boolean",
            "不完整",
            "true: not all pages of its text could be read",
            "为真：正文的若干页未能读取",
        ),
    ),
)
OBSERVATIONS = Table(
    "observations",
    "Every reading of every view count, one row each",
    "浏览次数的每一次读数，每次一行",
    ("article_id", "observed_at"),
    (
        ARTICLE,
        SITE,
        _c("observed_at!", "datetime", "读数时刻", "when it was read", "读数时刻", unit=UTC),
        _c("views!", "integer", "浏览次数", "the count", "计数", unit="views"),
        STEP,
        _c(
            "method!",
            "string",
            "读法",
            "counter (the site's own counter), listing, page",
            "counter（站点计数接口）、listing（列表页）、page（文章页）",
        ),
        _c("run_id!", "integer", "运行编号", "the run that read it", "读到该数的运行"),
    ),
)
DAILY = Table(
    "daily_counts",
    "View counts by day of the site's zone: the last reading of each day that has one; days without a reading have no row",
    "按站点所在时区逐日的浏览次数：取当日最后一次读数；当日无读数则无该行",
    ("article_id", "day"),
    (
        ARTICLE,
        SITE,
        _c("day!", "date", "日期", "day in the site's zone", "站点所在时区的日期"),
        _c("views!", "integer", "浏览次数", "the last count of the day", "当日最后一次计数", unit="views"),
        _c("lowest!", "integer", "当日最低", "the lowest count of the day", "当日最低计数", unit="views"),
        _c("highest!", "integer", "当日最高", "the highest count of the day", "当日最高计数", unit="views"),
        _c("readings!", "integer", "读数次数", "how many readings there are", "当日读数次数"),
        _c("last_at!", "datetime", "末次读数时刻", "when the last was read", "当日最后一次读数时刻", unit=UTC),
    ),
)
EVENTS = Table(
    "events",
    "What happened to view counts besides growing",
    "浏览次数除增长以外的变化",
    ("article_id", "at", "event"),
    (
        ARTICLE,
        SITE,
        _c("at!", "datetime", "时刻", "when it was noticed", "发现的时刻", unit=UTC),
        _c(
            *("event!", "string", "事件", "drop, reset, restored, moved, jump, freeze, capped, rounded"),
            "drop 下降，reset 清零，restored 恢复，moved 换计数器，jump 骤增，freeze 停滞，capped 封顶，rounded 取整",
        ),
        _c(
            *(
                "before",
                "integer",
                "之前",
                "the count before; of capped and rounded the lowest; of freeze the growth in as long before",
            ),
            "之前的计数；capped 与 rounded 为最低值；freeze 为此前同样时长内的增长",
            unit="views",
        ),
        _c(
            "after!",
            "integer",
            "之后",
            "the count then; of capped and rounded the highest",
            "当时的计数；capped 与 rounded 为最高值",
            unit="views",
        ),
        _c(
            "readings",
            "integer",
            "读数次数",
            "of capped, rounded and freeze: how many readings",
            "capped、rounded 与 freeze 所含读数次数",
        ),
    ),
)
EDITS = Table(
    "edits",
    "Every change of a field between two versions",
    "相邻两个版本之间每个字段的改动",
    ("article_id", "version", "field"),
    (
        ARTICLE,
        _c("version!", "integer", "版本", "the version that has the change", "含该改动的版本"),
        SITE,
        _c(
            "field!",
            "string",
            "字段",
            "title, published, body, source, author, editor",
            "title、published、body、source、author、editor",
        ),
        _c(
            "changed_after!",
            "datetime",
            "改动不早于",
            "the version before was last seen then",
            "前一版本最后一次见到的时刻",
            unit=UTC,
        ),
        _c(
            "changed_by!", "datetime", "改动不晚于", "the version was first seen then", "该版本首次见到的时刻", unit=UTC
        ),
        _c(
            "before_length",
            "integer",
            "原文长度",
            "length of the text before; missing: there was none",
            "改动前文字长度；缺失为原无",
            unit="characters",
        ),
        _c(
            "after_length",
            "integer",
            "新文长度",
            "length of the text after; missing: there is none",
            "改动后文字长度；缺失为已无",
            unit="characters",
        ),
        _c("before", "string", "原文", "the text before", "改动前文字", text=True),
        _c("after", "string", "新文", "the text after", "改动后文字", text=True),
    ),
)
WITHDRAWALS = Table(
    "withdrawals",
    "Every time an article was missing",
    "文章每一次被撤下",
    ("article_id", "missing_at"),
    (
        ARTICLE,
        SITE,
        _c("last_seen_at!", "datetime", "末见时刻", "last read well before", "此前最后一次成功读取", unit=UTC),
        _c("missing_at!", "datetime", "撤下发现时刻", "first look that found it missing", "首次发现缺失", unit=UTC),
        _c(
            "reappeared_at",
            "datetime",
            "重现时刻",
            "first read again; missing: it was still gone",
            "再次读到；缺失为仍未恢复",
            unit=UTC,
        ),
        _c("status", "integer", "状态码", "HTTP status of the answer", "应答的 HTTP 状态码"),
        _c("error", "string", "说明", "what was found instead", "所见的替代内容"),
    ),
)
SITES = Table(
    "sites",
    "The sites, as they are called now",
    "站点（以现名列出）",
    ("site",),
    (
        SITE,
        _c("title", "string", "站名", "its own name", "站点自称"),
        _c("homepage", "string", "首页", "address of its front page", "首页网址"),
        _c("country", "string", "国家", "ISO 3166 code", "ISO 3166 国家代码"),
        _c("language", "string", "语言", "BCP 47 code", "BCP 47 语言代码"),
        _c("timezone!", "string", "时区", "IANA zone of the printed dates", "所印日期的 IANA 时区"),
        _c(
            "cms",
            "string",
            "建站系统",
            "family of its pages; missing: told from each page",
            "页面所属系统家族；缺失为逐页判定",
        ),
    ),
)
RUNS = Table(
    "runs",
    "The runs of newsspider that had begun",
    "截至截止时刻已开始的 newsspider 运行",
    ("run_id",),
    (
        _c("run_id!", "integer", "运行编号", "its number in the archive", "在档案中的编号"),
        _c(
            "kind!",
            "string",
            "种类",
            "crawl, poll, ingest, reparse, merge",
            "crawl 采集、poll 读数、ingest 导入、reparse 重读、merge 合并",
        ),
        _c("site", "string", "站点", "the site it was for; missing: several", "所针对站点；缺失为多个"),
        _c("started_at!", "datetime", "开始时刻", "when it began", "开始时刻", unit=UTC),
        _c(
            "finished_at",
            "datetime",
            "结束时刻",
            "when it ended; missing: running, or killed",
            "结束时刻；缺失为仍在运行或被中断",
            unit=UTC,
        ),
        _c("reason", "string", "结束原因", "why it stopped", "结束原因"),
        _c("version!", "string", "程序版本", "newsspider version", "newsspider 版本"),
        _c("requests", "integer", "请求数", "requests sent", "发出的请求数"),
        _c("bytes", "integer", "字节数", "bytes received", "收到的字节数", unit="bytes"),
        _c(
            "uuid",
            "string",
            "通用编号",
            "names the run in every archive it was merged into",
            "在所有合并档案中标识该次运行",
        ),
    ),
)
TABLES = (ARTICLES, VERSIONS, OBSERVATIONS, DAILY, EVENTS, EDITS, WITHDRAWALS, SITES, RUNS)
