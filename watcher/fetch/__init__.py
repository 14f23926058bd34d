"""The edge that asks servers for bytes, politely and within limits; the only room that knows httpx."""

from watcher.fetch.client import Fetcher

__all__ = ["Fetcher"]
