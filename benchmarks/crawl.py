"""What a full crawl costs beside a spider that only fetches: the same nginx, the same pages, in one run.

    ./run.sh bench crawl [--pages 5000] [--rounds 3]

Three spiders fetch the same 34 KB VSB pages, politeness off, each in a process of its own, in turn, several rounds:
``default``, bare Scrapy as it comes; ``ours``, bare Scrapy with our settings; ``full``, newsspider: listings, articles parsed
and extracted, counters in batches, everything stored with its payload. Printed: pages a second (the best round), CPU time a page,
the ratios, and the peak of memory, that of the processes that read pages included. Needs nginx (Debian: apt-get install nginx-light).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROW = '<li id="line_u9_{i}"><a href="info/1001/{n}.htm" title="{title}">{title}</a><span>{date}</span></li>'
LISTING = """<html><head><title>新闻-示例大学</title><!--Announced by Visual SiteBuilder 9--></head><body><ul class="list">{rows}</ul>
<span class="p_pages"><span class="p_next p_fun">{next}</span></span><script>_jsq_(1001,'/list.jsp',-1,1391370217)</script></body></html>"""
ARTICLE = """<html><head><title>{title}-示例大学</title><meta charset="utf-8"><!--Announced by Visual SiteBuilder 9-->
<script>{script}</script></head><body><ul class="nav">{nav}</ul><div class="content"><form name="_newscontent_fromname">
<h1>{title}</h1><div class="info">日期：{date}　浏览次数：<script>_showDynClicks("wbnews", 1391370217, {n})</script></div>
<div id="vsb_content"><div class="v_news_content">{body}</div></div></form></div>
<script>_jsq_(1001,'/content.jsp',{n},1391370217)</script></body></html>"""
WORDS = "学校召开会议研究部署推进落实教育改革发展师生科研团队成果学院领导讲话精神工作要求建设一流大学人才培养服务社会文化交流合作创新"


def text(chooser: random.Random, length: int) -> str:
    return "".join(chooser.choices(WORDS, k=length))


def make(root: Path, pages: int) -> list[str]:
    """A VSB site of that many articles, 20 a listing page; the paths of the articles."""
    chooser = random.Random(7)
    nav = "".join(f'<li><a href="/col{n}.htm">{text(chooser, 6)}</a></li>' for n in range(110))
    script = "".join(f"var setting{n}='{text(chooser, 20)}';" for n in range(110))
    (root / "info/1001").mkdir(parents=True)
    (root / "news").mkdir()
    rows = []
    for n in range(1, pages + 1):
        about = {"n": n, "title": text(chooser, 22) + str(n), "date": f"20{n % 9 + 15}-{n % 12 + 1:02}-{n % 28 + 1:02}"}
        body = "".join(f"<p>{text(chooser, 198)}。</p>" for _ in range(10))
        page = ARTICLE.format(nav=nav, script=script, body=body, **about)
        (root / f"info/1001/{n}.htm").write_text(page + " " * max(0, 34_000 - len(page.encode())), encoding="utf-8")
        rows.append(ROW.format(i=n % 20, **about))
    listings = [rows[start : start + 20] for start in range(0, pages, 20)]
    for number, part in enumerate(listings):
        last = len(listings) - 1
        following = f'<a href="/news/{last - number}.htm">下页</a>' if number < last else "下页"
        name = root / ("news.htm" if number == 0 else f"news/{len(listings) - number}.htm")
        name.write_text(
            LISTING.format(rows="".join(part).replace('href="', 'href="/'), next=following), encoding="utf-8"
        )
    return [f"/info/1001/{n}.htm" for n in range(1, pages + 1)]


def nginx(root: Path, port: int) -> subprocess.Popen[bytes]:
    counts = ",".join(str(n) for n in range(50))
    config = root.parent / "nginx.conf"
    config.write_text(f"""
worker_processes 1; daemon off; pid {root.parent}/nginx.pid; error_log /dev/null;
events {{ worker_connections 512; }}
http {{
  access_log off; types {{ text/html htm; }} default_type text/plain; client_body_temp_path {root.parent}; proxy_temp_path {root.parent};
  fastcgi_temp_path {root.parent}; uwsgi_temp_path {root.parent}; scgi_temp_path {root.parent};
  server {{ listen 127.0.0.1:{port}; root {root}; charset utf-8; keepalive_requests 100000;
    location /system/resource/code/news/click/dynclicksbatch.jsp {{ return 200 "{counts}"; }} }}
}}""")
    server = subprocess.Popen([shutil.which("nginx") or "nginx", "-c", str(config)])
    time.sleep(0.5)
    return server


FAST = {
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "ROBOTSTXT_OBEY": "False",
    "LOG_LEVEL": "WARNING",
}


def spider(kind: str, origin: str, paths: list[str], archive: Path) -> None:
    """Runs in a process of its own."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    settings = Settings({"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
    if kind != "default":
        settings.setmodule("newsspider.settings", priority="project")
        for name, value in FAST.items():
            settings.set(name, value, priority="cmdline")
        settings.set("ARCHIVE", str(archive), priority="cmdline")
    if kind == "full":
        from newsspider.site import of_address
        from newsspider.spiders.loader import spider_of

        chosen: type[scrapy.Spider] = spider_of(of_address(f"{origin}/news.htm"))
    else:
        settings.set("ITEM_PIPELINES", {}, priority="cmdline")

        class Bare(scrapy.Spider):
            name = "bare"

            async def start(self):  # type: ignore[no-untyped-def]
                for path in paths:
                    yield scrapy.Request(origin + path, callback=self.parse)

            def parse(self, response):  # type: ignore[no-untyped-def]
                assert response.status == 200

        chosen = Bare
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(chosen)
    process.crawl(crawler)
    begin = time.perf_counter()
    process.start()
    spent = time.perf_counter() - begin
    used, others = resource.getrusage(resource.RUSAGE_SELF), _others()
    pages = crawler.stats.get_value("response_received_count")
    found = dict(getattr(crawler.spider, "found", {}))
    print(
        json.dumps(
            {
                "s": spent,
                "cpu": used.ru_utime + used.ru_stime,
                "mb": used.ru_maxrss / 1024 + others,
                "pages": pages,
                "found": found,
            }
        )
    )


def _others() -> float:
    """Megabytes of the processes that read pages for this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    peaks = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child}/status").read_text()) for child in children]
    return sum(int(peak[1]) for peak in peaks if peak) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000, help="articles, a multiple of 50 (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=18990)
    parser.add_argument("--only", choices=("default", "ours", "full"), help="(one spider, for a profiler)")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    origin = f"http://127.0.0.1:{args.port}"
    paths = [f"/info/1001/{n}.htm" for n in range(1, args.pages + 1)]
    if args.run:
        return spider(args.run[0], origin, paths, Path(args.run[1]))
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        root = Path(folder) / "site"
        root.mkdir()
        make(root, args.pages)
        server = nginx(root, args.port)
        best: dict[str, dict[str, float]] = {}
        try:
            for round_ in range(args.rounds):
                for kind in ("default", "ours", "full") if not args.only else (args.only,):
                    archive = Path(folder) / f"{kind}{round_}.db"
                    command = [sys.executable, __file__, "--pages", str(args.pages), "--port", str(args.port)]
                    done = subprocess.run(
                        [*command, "--run", kind, str(archive)], capture_output=True, text=True, check=True
                    )
                    got = json.loads(done.stdout.splitlines()[-1])
                    if kind == "full" and got["found"].get("new") != args.pages:
                        raise SystemExit(
                            f"the full crawl stored {got['found']} of {args.pages} articles\n{done.stderr}"
                        )
                    if kind not in best or got["s"] < best[kind]["s"]:
                        best[kind] = got
        finally:
            server.terminate()
            server.wait()
    for kind, got in best.items():
        print(
            f"{kind:8} {args.pages / got['s']:7.0f} articles/s  {got['cpu'] / args.pages * 1e6:6.0f} µs CPU an article"
            f"  {got['mb']:5.0f} MB at most  ({got['pages']} responses)"
        )
    if "full" in best and "default" in best:
        for kind in ("default", "ours"):
            print(f"full / {kind}: {best[kind]['s'] / best['full']['s']:.2f} of its speed")
    return None


if __name__ == "__main__":
    main()
