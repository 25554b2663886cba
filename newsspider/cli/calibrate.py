"""newsspider calibrate"""

from __future__ import annotations

import json
from pathlib import Path

import click

from newsspider import site as sites
from newsspider.archive import Archive, naming, polling, weight
from newsspider.cli import options, outcome, poll, running
from newsspider.items import instant
from newsspider.spiders import moment

WORDS = {0: "adds nothing", 1: "adds a view", None: "is not clear"}


@click.command()
@click.argument("site")
@options.together(options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@options.network
def calibrate(site: str, archive: Path, settings: tuple[str, ...], as_json: bool, quiet: bool, verbose: int) -> int:
    """Measure whether our looks raise a site's view counts, on the article that is read least.

    Twice counter, counter, page, counter within seconds; where counts are printed, page and page. The archive keeps
    the verdict, its view net_views the counts less our own looks.
    """
    pairs = options.pairs(settings)
    with running.lock(archive, "poll"):
        with Archive(archive) as held:
            naming.check(held, site)
            row = polling.sites(held.conn)[site]
            articles = weight.quiet(held.conn, site)
        if not articles:
            raise sites.SiteError(f"no counts of {site} are held yet; `newsspider crawl {site}` reads them")
        from newsspider.spiders.weighing import spider_of

        spider = spider_of(poll.site_of(row, archive), articles)
        runs = running.run([spider], archive, pairs, {}, verbose, quiet)
        at = instant(moment.now(pairs))
        verdicts = {family: weight.of(rounds) for family, rounds in spider.rounds.items() if rounds}
        with Archive(archive, write=True) as held, held.transaction() as conn:
            for family, found in verdicts.items():
                weight.keep(conn, site, family, at, articles[family], spider.rounds[family], found)
    for family, found in verdicts.items():
        if as_json:
            click.echo(json.dumps({"family": family, "by_counter": found.by_counter, "by_page": found.by_page}))
        else:
            counter = "" if family == weight.PAGE else f"a reading of the counter {WORDS[found.by_counter]}, "
            click.echo(f"{family}: {counter}a fetch of the page {WORDS[found.by_page]}")
    return outcome.conclude(runs, False, quiet=True, kind="poll")
