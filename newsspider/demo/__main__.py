"""``python -m newsspider.demo --port 18900``: the replica campus for use by hand."""

from __future__ import annotations

import argparse
import signal

from newsspider.demo.campus import Campus
from newsspider.demo.faults import WAYS

USE = """\
time passes        {control}/advance?hours=24
all of the demo    {control}/pass                        (edits, withdraws, publishes)
one at a time      {control}/edit?path=PATH  withdraw?path=PATH  restore?path=PATH  publish?site=vsb
truth, requests    {control}/articles  count?site=vsb&id=2600  log
failures           {control}/fail?pattern=REGEX&how=HOW  mend
                   HOW: {ways}, or an HTTP status
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m newsspider.demo", description="Serve the replica campus on loopback."
    )
    parser.add_argument("--port", type=int, default=18900, help="0 takes a free one (default: %(default)s)")
    with Campus(port=parser.parse_args().port) as campus:
        for seed, url in campus.urls.items():
            print(f"{seed:18} {url}")
        print(USE.format(control=f"{campus.doors['vsb'].origin}/_campus", ways=", ".join(WAYS)), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("closed")


if __name__ == "__main__":
    main()
