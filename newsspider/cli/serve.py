"""newsspider serve"""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from newsspider.cli import extras, options


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0: for everybody who reaches this machine.",
)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any that is free."
)
@click.option("--open", "opens", is_flag=True, help="Open it in a browser.")
@options.together(options.archive, options.quiet)
def serve(host: str, port: int, opens: bool, archive: Path, quiet: bool) -> int:
    """Show the archive in a browser: questions, search, curves, versions, stored pages, SQL. Read-only, also beside a crawl."""
    from newsspider.archive import Archive

    Archive(archive).close()  # what is wrong with the file is said before anything listens
    with extras.needed("serve", "serve"):
        import uvicorn

        from newsspider.serve import app
    import socket

    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose another --port") from error
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    if not quiet:
        click.echo(f"{archive} at {address} (Ctrl-C ends it)", err=True)
    if opens:
        webbrowser.open(address)
    server = uvicorn.Server(uvicorn.Config(app.of(archive.resolve()).app(), log_level="warning", lifespan="on"))
    server.run(sockets=[listening])
    return 0
