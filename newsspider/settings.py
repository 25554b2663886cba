"""Every Scrapy setting we change, each with its reason. ``-s NAME=VALUE`` changes one for a run."""

import os

from scrapy.settings import default_settings

BOT_NAME = "newsspider"
SPIDER_MODULES: list[str] = []
SPIDER_LOADER_CLASS = "newsspider.spiders.loader.SiteLoader"  # one spider a site: `scrapy list`, `scrapy crawl <site>`

# Ours
ARCHIVE = os.environ.get("NEWSSPIDER_ARCHIVE", "archive.db")
ARCHIVE_BUSY = 30.0  # seconds to wait for another program that writes to the archive
CONTACT = os.environ.get(
    "NEWSSPIDER_CONTACT", ""
)  # put into the User-Agent: a mail address or a page about the project
BEACONS: list[str] = []  # patterns of more addresses whose fetch would raise a count: they are never fetched
CLOCK_OFFSET = 0.0  # seconds ahead of the real clock; the tests travel in time with it
CLOCK = ""  # an instant, as 2023-04-21T08:00:00Z, at which the clock stands still: the demo is the same every time

# Politeness: what the servers of a school can bear. USER_AGENT is made from CONTACT (newsspider.spiders.news).
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsspider"
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.25
HOST_REST = 5.0  # seconds that a host rests that fails again and again; twice as long each time
CONCURRENT_REQUESTS_PER_DOMAIN = 1
SITES_AT_ONCE = 16  # crawled side by side; what waits costs nothing
DOWNLOADER_MIDDLEWARES = {
    # Before all others. A redirect's target is a request of its own and comes through here, too.
    "newsspider.spiders.guard.ScopeGuard": 0,
    "newsspider.spiders.politeness.BeaconGuard": 1,
    "newsspider.spiders.politeness.CrawlDelay": 90,  # Scrapy reads Crawl-delay and does not apply it
    "newsspider.spiders.politeness.Rest": 560,  # it sees an answer before it is retried (550)
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsspider.spiders.politeness.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "newsspider.spiders.redirects.PageRedirect": 540,  # inside of Retry it would follow half a page
    "newsspider.spiders.failures.Retry": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newsspider.spiders.endings.Decompression": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newsspider.spiders.guard.Redirect": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "newsspider.spiders.guard.Cookies": 700,
    # Not needed by news sites, and each costs time on every page.
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # ScopeGuard is stricter
}
SPIDER_MIDDLEWARES = {
    # Callbacks see every status: a 404 is news about an article.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # for authors of spiders
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.6",
}

# Scope: newsspider.scope decides.
ALLOW_PRIVATE = False  # whether hosts of a site may have addresses of a private network: a crawl from inside a campus
DNS_RESOLVER = TWISTED_DNS_RESOLVER = "newsspider.spiders.guard.Resolver"
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("data", "file", "ftp", "s3")),  # http and https alone
    **dict.fromkeys(("http", "https"), "newsspider.spiders.tls.Handler"),
}
DOWNLOADER_CLIENT_TLS_CIPHERS = "DEFAULT:!DH"  # as browsers: some servers would choose a group too weak for OpenSSL

# Robustness
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # no article page is larger
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # Retry judges: some servers declare more than they have, always
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = (
    "INFO"  # the crawl itself says what it could not read; one page that fails is no cause for a mail
)

# Speed
READ_BESIDE = (os.cpu_count() or 1) > 1  # another process reads pages once this one is too busy (spiders.readers)
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # a listing's next page goes out before its articles
# Scrapy makes this many tasks for every response; our items come one or two a page.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source of every callback at every call

# Safety: no door into the running process.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

ITEM_PIPELINES = {"newsspider.pipelines.Validate": 100, "newsspider.pipelines.Store": 300}
COMMANDS_MODULE = "newsspider.spiders.commands"  # `scrapy crawl` that refuses a misspelt -a
EXTENSIONS = {
    "scrapy.extensions.feedexport.FeedExporter": None,
    "newsspider.spiders.rows.Rows": 0,  # -O and FEEDS: one row an article, with its count
    "scrapy.extensions.memusage.MemoryUsage": None,
}
# Off by the settings above, and not even imported: Scrapy imports what EXTENSIONS turns off, too, a fifth of a second at every start.
EXTENSIONS_BASE = {
    name: order
    for name, order in default_settings.EXTENSIONS_BASE.items()
    if not name.startswith(("scrapy.extensions.remote_control.", "scrapy.extensions.telnet."))
}
LOG_LEVEL = "INFO"
LOG_FORMATTER = "newsspider.spiders.politeness.QuietFormatter"
