"""Files that come whole or not at all, and under names that a disk takes."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta

import pytest

from newsspider import whole
from newsspider.archive import Archive, backups
from newsspider.export import txt


def test_what_breaks_off_leaves_what_was_there(tmp_path):
    path = tmp_path / "index.html"
    whole.write(path, "第一版\n")
    (tmp_path / "index.html.part").write_text("of a run that was killed")

    def break_off():
        with whole.file(path) as out:
            out.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        break_off()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("index.html", "第一版\n".encode())]


def test_what_lies_in_the_place_of_a_file_is_not_written_into(tmp_path):
    os.mkfifo(tmp_path / "a.txt.part")
    (tmp_path / "b.txt").symlink_to(tmp_path / "elsewhere")
    for name in ("a.txt", "b.txt"):
        whole.write(tmp_path / name, name)
        assert (tmp_path / name).read_text() == name
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def row(number, native_id, site="x.edu.cn"):
    return {
        "native_id": native_id,
        "site": site,
        "url": f"http://x.edu.cn/{number}",
        "title": "题",
        "body": "文",
        "views": None,
        "published": None,
        "published_text": None,
    }


def test_long_ids_become_names_of_their_own(tmp_path):
    ids = ["vsb:1:2", "vsb:1:" + "7" * 300, "vsb:1:" + "7" * 301, "会" * 200, "../../etc/passwd"]
    rows = [row(number, native_id) for number, native_id in enumerate(ids)] + [row(9, None, site="站" * 300)]
    assert txt.write(rows, tmp_path / "out") == len(rows)
    names = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert len(names) == len(rows)
    assert max(len(name.encode()) for name in names) <= 255 - len(".part")
    assert "vsb-1-2.txt" in names


def test_a_backup_removes_what_a_killed_one_left(tmp_path):
    now = datetime.now(UTC)
    Archive(tmp_path / "a.db", write=True).close()
    kept = tmp_path / "kept"
    kept.mkdir()
    for name, age in {
        "a-20260101T000000Z.part": 2,
        "a-20260101T000000Z.part-journal": 2,
        "a-20260102T000000Z.part": 0,
    }.items():
        (kept / name).write_bytes(b"")
        at = (now - timedelta(days=age)).timestamp()
        os.utime(kept / name, (at, at))
    copy = backups.backup(tmp_path / "a.db", kept, now)
    assert sorted(one.name for one in kept.iterdir()) == ["a-20260102T000000Z.part", copy.name]
