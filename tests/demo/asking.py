"""A client for the demo's server: one request, its status, headers and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


def get(base: str, path: str, method: str = "GET", **headers: str) -> Got:
    """`headers` are written with underscores: If_None_Match."""
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        return Got(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()
