"""What may stand where the archive or its lock is expected, and the errors of the disk as sentences."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from newsspider.archive import Archive, ArchiveError, Damaged, Full, Locked
from newsspider.cli import running, teaching


def _socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


ODD = {
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a socket": _socket,
    "a device": lambda path: os.symlink("/dev/zero", path),
    "a link to itself": lambda path: os.symlink(path, path),
    "two links to each other": lambda path: (os.symlink(path, f"{path}2"), os.symlink(f"{path}2", path)),
}


@pytest.mark.parametrize("end", ["", "-wal", "-journal"])
@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_can_be_no_archive_is_refused_before_it_is_opened(tmp_path, make, end):
    path = tmp_path / "archive.db"
    if end:
        Archive(path, write=True).close()
    make(tmp_path / f"archive.db{end}")
    for write in (False, True):
        with pytest.raises(ArchiveError, match=f"archive.db{end}"):
            Archive(path, write=write)


@pytest.mark.parametrize("make", [ODD["a pipe"], ODD["a link to itself"]], ids=["a pipe", "a link to itself"])
@pytest.mark.parametrize("verb", ["verify", "poll", "doctor", "crawl http://127.0.0.1:9/news.htm"])
def test_no_verb_waits_for_what_is_no_archive(tmp_path, newsspider, make, verb):
    make(tmp_path / "archive.db")
    done = newsspider(*verb.split())
    assert done.returncode == 2, done.stderr
    assert "archive.db" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", ["ingest", "merge"])
def test_a_pipe_is_no_file_to_be_taken(tmp_path, newsspider, verb):
    os.mkfifo(tmp_path / "other")
    done = newsspider(verb, "other")
    assert done.returncode == 2
    assert "other is a pipe" in done.stderr


def test_a_link_to_an_archive_elsewhere_is_that_archive(tmp_path):
    (tmp_path / "kept").mkdir()
    link = tmp_path / "archive.db"
    link.symlink_to(tmp_path / "kept" / "archive.db")
    Archive(link, write=True).close()
    Archive(tmp_path / "kept" / "archive.db").close()
    with running.lock(link, "crawl"), pytest.raises(Locked), running.lock(tmp_path / "kept" / "archive.db", "crawl"):
        pytest.fail("two at once")


def test_who_holds_a_lock_is_named_and_what_is_left_of_it_is_nothing(tmp_path):
    archive = tmp_path / "archive.db"
    running.lock_file(archive, "crawl").write_text("process 123456789, which was killed\n")
    with running.lock(archive, "crawl"):
        with (
            pytest.raises(Locked, match=rf"another crawl of .* \(process {os.getpid()}\)"),
            running.lock(archive, "crawl"),
        ):
            pytest.fail("two at once")
        with running.lock(archive, "poll"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_was_removed_while_it_was_taken_is_taken_anew(tmp_path, monkeypatch):
    """One run ends between the moment when the next opens the lock's file and the moment when it locks it."""
    archive = tmp_path / "archive.db"
    before = running.lock(archive, "crawl")
    before.__enter__()
    opened = running._opened

    def late(path):
        file = opened(path)
        monkeypatch.setattr(running, "_opened", opened)
        before.__exit__(None, None, None)
        return file

    monkeypatch.setattr(running, "_opened", late)
    with running.lock(archive, "crawl"), pytest.raises(Locked), running.lock(archive, "crawl"):
        pytest.fail("two at once")


@pytest.mark.parametrize("kind", ["a pipe", "a folder", "a socket", "a device", "a link to itself"])
def test_what_is_no_file_in_the_place_of_a_lock_is_an_error(tmp_path, kind):
    archive = tmp_path / "archive.db"
    ODD[kind](running.lock_file(archive, "crawl"))
    with pytest.raises((ArchiveError, OSError)) as caught, running.lock(archive, "crawl"):
        pytest.fail("locked")
    assert isinstance(teaching.of(caught.value, None), ArchiveError)


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, Full, "no room left to write /x/report"),
        (errno.EDQUOT, Full, "no room left to write /x/report"),
        (errno.EACCES, ArchiveError, "cannot read or write /x/report: Permission denied"),
        (errno.EROFS, ArchiveError, "Read-only file system"),
        (errno.ENAMETOOLONG, ArchiveError, "File name too long"),
    ],
)
def test_errors_of_the_disk_say_what_to_do(number, kind, said):
    taught = teaching.of(OSError(number, os.strerror(number), "/x/report"), None)
    assert type(taught) is kind
    assert said in str(taught)


def test_a_crash_is_told_from_a_damaged_archive(tmp_path):
    path, crash = tmp_path / "archive.db", IndexError("no such row")
    Archive(path, write=True).close()
    assert teaching.of(crash, path) is crash
    assert teaching.of(crash, None) is crash
    with Archive(path, write=True) as held:
        held.conn.execute(
            "INSERT INTO payload (digest, body, encoding, size) VALUES ('sha256:0', x'00', 'identity', 1)"
        )
    assert isinstance(teaching.of(crash, path), Damaged)
    path.write_bytes(path.read_bytes()[:5000])
    assert isinstance(teaching.of(crash, path), Damaged)
