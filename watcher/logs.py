"""Logs on stderr: sentences on a terminal, one JSON object a line elsewhere."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from watcher.text import one_line

_NOISY = ("httpx", "httpcore", "apscheduler", "slack_sdk", "alembic", "hpack")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name.removeprefix("watcher."),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Sentence(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        room = record.name.removeprefix("watcher.")
        line = f"{at:%H:%M:%S} {record.levelname.lower():7} {room}: {one_line(record.getMessage())}"
        if not record.exc_info:
            return line
        # exceptions quote what was scraped
        trace = self.formatException(record.exc_info).split("\n")
        indents = (part[: len(part) - len(part.lstrip(" "))] for part in trace)
        return "\n".join(
            [line, *(i + one_line(part) for i, part in zip(indents, trace, strict=True))]
        )


def start_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send the process's logs to `stream` (stderr). Scraped text in them cannot drive a terminal."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Sentence() if stream.isatty() else _Json())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _NOISY:  # they log addresses and headers at INFO
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
