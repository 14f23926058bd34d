"""A throw-away PostgreSQL cluster from Debian's binaries, on a Unix socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real import absent


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        absent("PostgreSQL's server (Debian's package postgresql)")
    return found[-1].parent


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = _binaries()
        # the server refuses to run as root
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def _run(self, *command: str) -> None:
        as_user = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_user, str(self.bin / command[0]), *command[1:]],
            check=True,
            capture_output=True,
            cwd="/",
        )

    def start(self) -> None:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off"
        self._run(
            "pg_ctl", "-D", data, "-o", options, "-l", str(self.folder / "log"), "-w", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{uuid.uuid4().hex}"
        self._run("createdb", "-h", str(self.folder), name)
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="watcher-pg-", dir="/tmp"))
    try:
        server = Cluster(folder)
        if os.geteuid() == 0:
            shutil.chown(folder, server.user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
