"""Reposts on made truth: how many are found, how many of those found are none, in what time and room.

    ./run.sh bench reposts [--articles 200000] [--seed 1]

Texts of invented words at five sites. One in ten is a repost: with another site's name in it, a line before or after, other punctuation,
some clauses reworded, or paragraphs left out. Beside them stand notices by one pattern for other days and rooms, digests that quote
several articles, and phrases that thousands of texts share.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from newsspider.archive import Archive, alike

SITES = [f"site-{number}" for number in range(5)]
AT = "2026-03-01T00:00:00Z"
PHRASES = (
    "欢迎广大师生积极参加",
    "本次活动得到了各单位的大力支持",
    "与会人员进行了深入的交流讨论",
    "学校有关部门负责人参加会议",
)
NOTICE = (
    "各学院、各单位：根据学校工作安排，现将{what}有关事项通知如下。一、时间：2026年{month}月{day}日{hour}:30。二、地点：{place}教学楼{room}室。"
    "三、请参加人员提前{minutes}分钟到场并携带有效证件。四、请各学院高度重视并通知到每一位师生。五、如有疑问请致电{phone}咨询。特此通知。"
)


class World:
    """``family``: the article that a text tells again, by article; of a notice or a digest none."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        characters = [chr(0x4E00 + number) for number in range(2500)]
        self.words = [
            "".join(self.chance.choices(characters, k=self.chance.choice((1, 2, 2, 2, 3)))) for _ in range(12_000)
        ]
        self.weights = [1 / (rank + 20) for rank in range(len(self.words))]
        self.stock: list[str] = []
        self.originals: list[tuple[int, list[list[str]]]] = []

    def clause(self) -> str:
        if len(self.stock) < 400:
            self.stock = self.chance.choices(self.words, self.weights, k=100_000)
        return "".join(self.stock.pop() for _ in range(self.chance.randint(3, 9)))

    def text(self) -> list[list[str]]:
        """Paragraphs of clauses."""
        paragraphs = [
            [self.clause() for _ in range(self.chance.randint(5, 14))] for _ in range(self.chance.randint(3, 9))
        ]
        if self.chance.random() < 0.3:
            paragraphs[-1].append(self.chance.choice(PHRASES))
        paragraphs[0][0] = f"我校{self.chance.randint(1, 28)}日" + paragraphs[0][0]
        return paragraphs

    def repost(self, paragraphs: list[list[str]]) -> str:
        chance = self.chance
        kept = [list(clauses) for clauses in paragraphs]
        if chance.random() < 0.25:
            for _ in range(chance.randint(0, len(kept) // 2)):
                kept.pop(chance.randrange(len(kept)))
        if chance.random() < 0.5:
            kept = [[self.clause() if chance.random() < 0.08 else clause for clause in clauses] for clauses in kept]
        said = written(kept, chance.choice("，,"))
        if chance.random() < 0.5:
            said = said.replace("我校", f"{self.clause()[:4]}大学")
        if chance.random() < 0.5:
            said = f"来源：{self.clause()}\n{said}\n责任编辑：{self.clause()[:3]}"
        return said

    def make(self, number: int) -> tuple[int, str]:
        """(family, text) of an article."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.1 and self.originals:
            family, paragraphs = chance.choice(self.originals[-20_000:])
            return family, self.repost(paragraphs)
        if kind < 0.13:
            return -1, self.notice()
        if kind < 0.14 and len(self.originals) > 10:
            return -1, "\n".join(
                written(paragraphs[:2], "，") for _, paragraphs in chance.sample(self.originals[-500:], 5)
            )
        paragraphs = self.text()
        self.originals.append((number, paragraphs))
        del self.originals[:-20_000]
        return number, written(paragraphs, "，")

    def notice(self) -> str:
        chance = self.chance
        figures = {"month": chance.randint(1, 12), "day": chance.randint(1, 28), "hour": chance.randint(8, 19)}
        figures |= {
            "room": chance.randint(101, 599),
            "minutes": chance.choice((5, 10, 15)),
            "phone": chance.randint(82660000, 82669999),
        }
        return NOTICE.format(what=self.clause(), place=self.clause()[:2], **figures)


def written(paragraphs: list[list[str]], comma: str) -> str:
    return "\n".join(comma.join(clauses) + "。" for clauses in paragraphs)


def run(folder: Path, articles: int, seed: int) -> dict[str, Any]:
    world = World(seed)
    families: dict[int, int] = {}
    with Archive(folder / "archive.db", write=True) as archive:
        conn = archive.conn
        with archive.transaction():
            conn.executemany(
                "INSERT INTO site (name, timezone) VALUES (?, 'Asia/Shanghai')", [(site,) for site in SITES]
            )
        looked = 0.0
        for start in range(1, articles + 1, 500):
            conn.execute("BEGIN IMMEDIATE")
            for number in range(start, min(start + 500, articles + 1)):
                families[number], body = world.make(number)
                url = f"http://campus.test/{number}.htm"
                conn.execute(
                    "INSERT INTO article (id, site, url, first_seen_at) VALUES (?,?,?,?)",
                    (number, SITES[number % 5], url, AT),
                )
                conn.execute(
                    "INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, body, content_digest, parser)"
                    " VALUES (?,?,?,?,?,?,'0')",
                    (number, AT, AT, url, body, str(number)),
                )
            begun = time.process_time()
            for number in range(start, min(start + 500, articles + 1)):
                alike.write(conn, number)
            looked += time.process_time() - begun
            conn.execute("DELETE FROM search_due")
            conn.execute("DELETE FROM alike_due")
            conn.execute("COMMIT")
        pairs = {tuple(row) for row in conn.execute("SELECT article_id, other_id FROM alike")}
        sizes = dict(conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    reposts = [(family, number) for number, family in families.items() if family not in (number, -1)]
    right = Counter(families[one] == families[other] != -1 for one, other in pairs)
    room = sum(size for name, size in sizes.items() if name.startswith(("text_mark", "alike")))
    return {
        "articles": articles,
        "reposts": len(reposts),
        "recall": round(sum(pair in pairs for pair in reposts) / max(1, len(reposts)), 4),
        "precision": round(right[True] / max(1, len(pairs)), 4),
        "seconds": round(looked, 1),
        "milliseconds an article": round(1000 * looked / articles, 2),
        "bytes an article": round(room / articles),
        "share of the archive": round(room / sum(sizes.values()), 3),
        "memory (MB)": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder), asked.articles, asked.seed), indent=2))


if __name__ == "__main__":
    main()
