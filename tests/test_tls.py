"""Certificates that are not in order."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from school import article


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = article(1).encode() if self.path != "/robots.txt" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """The address of an article on a server whose certificate is its own, and for the right name."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    name = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    make = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "9",
    )
    subprocess.run([*make, "-keyout", key, "-out", certificate, *name], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that refuses us is no news
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/news/1.html"
    server.shutdown()
    server.server_close()


def test_what_is_wrong_with_a_certificate_is_said(secure, newsspider, ask):
    done = newsspider("crawl", secure, "-s", "DOWNLOAD_DELAY=0")
    assert done.returncode == 0, done.stderr
    assert "the certificate of 127.0.0.1 is not in order: it is self-signed" in done.stderr
    assert ask("SELECT headers ->> 'certificate-problem' FROM capture WHERE kind = 'article'") == ["it is self-signed"]


def test_strict_tls_refuses_it(secure, newsspider, ask):
    done = newsspider("crawl", secure, "--strict-tls", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
    assert done.returncode == 3
    assert "certificate" in done.stderr
    assert ask("SELECT count(*) FROM snapshot") == [0]
