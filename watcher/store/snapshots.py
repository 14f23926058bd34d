"""Raw bytes as fetched, kept once each under the hash of their content: `<sha[:2]>/<sha>.gz`."""

import gzip
import hashlib
import os
import tempfile
from pathlib import Path

from watcher.errors import StoreError


class Snapshots:
    """A folder of compressed snapshots. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha: str) -> Path:
        return self.folder / sha[:2] / f"{sha}.gz"

    def put(self, body: bytes) -> str:
        """Keep `body`; return its SHA-256 in hexadecimal. Raises StoreError when it cannot be kept."""
        sha = hashlib.sha256(body).hexdigest()
        path = self.path(sha)
        if path.exists():
            return sha
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=path.parent, prefix=".part-", delete=False
            ) as file:
                temporary = Path(file.name)
                file.write(gzip.compress(body, 6, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as exc:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise StoreError(f"snapshot folder {str(self.folder)!r}: {exc}") from exc
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes kept under `sha`; StoreError when they are missing or damaged."""
        try:
            body = gzip.decompress(self.path(sha).read_bytes())
        except (OSError, EOFError, gzip.BadGzipFile) as exc:
            raise StoreError(f"snapshot {sha}: {exc}") from exc
        if hashlib.sha256(body).hexdigest() != sha:
            raise StoreError(f"snapshot {sha}: content does not match its name")
        return body

    def sweep(self) -> int:
        """Remove what a killed process left half-written; return how many files."""
        leftovers = list(self.folder.glob("*/.part-*"))
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)
