"""TLS: always verified; old servers by `tls:`; HTTP/2 where the server speaks it."""

import ssl
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fetch.conftest import LOCAL, QUICK
from tests.fetch.h2server import H2Server
from tests.loopback import Loopback
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.fetch.lines import tls_context
from watcher.settings import Manners

HERE = Path(__file__).parent


def server_context(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # as careless as an old server
    context.load_cert_chain(HERE / f"{name}.pem")
    return context


def with_tls(kind: str) -> Manners:
    return Manners(gap=timedelta(0), robots="ignore", tls=kind)


def trust(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HERE / f"{name}.pem"))


@pytest.mark.parametrize("kind", ["default", "legacy", "seclevel1"])
def test_a_self_signed_certificate_is_refused(kind: str, fetcher: Fetcher) -> None:
    with Loopback({"/": b"x"}, tls=server_context("server")) as site:
        with pytest.raises(
            FetchError, match=r"certificate not accepted \(self.signed.*`tls:`"
        ) as e:
            fetcher.fetch(site.url("/"), manners=with_tls(kind))
        assert not e.value.transient
        assert site.requests == []


def test_a_trusted_certificate(monkeypatch: pytest.MonkeyPatch, fetcher: Fetcher) -> None:
    trust(monkeypatch, "server")
    with Loopback({"/": b"x"}, tls=server_context("server")) as site:
        for _ in range(3):
            assert fetcher.fetch(site.url("/"), manners=QUICK) is not None
        assert site.connections == 1


def test_a_certificate_for_another_name(monkeypatch: pytest.MonkeyPatch, fetcher: Fetcher) -> None:
    trust(monkeypatch, "server")
    with (
        Loopback({"/": b"x"}, tls=server_context("server"), host="127.0.0.2") as site,
        pytest.raises(FetchError, match=r"certificate not accepted .*mismatch"),
    ):
        fetcher.fetch(site.url("/"), manners=QUICK)


def test_a_weak_certificate_needs_seclevel1(
    monkeypatch: pytest.MonkeyPatch, fetcher: Fetcher
) -> None:
    trust(monkeypatch, "weak")
    with Loopback({"/": b"x"}, tls=server_context("weak")) as site:
        with pytest.raises(FetchError, match="`tls: seclevel1`") as e:
            fetcher.fetch(site.url("/"), manners=with_tls("default"))
        assert not e.value.transient
        assert fetcher.fetch(site.url("/"), manners=with_tls("seclevel1")) is not None


def test_what_the_kinds_of_tls_allow() -> None:
    renegotiation = {kind: bool(tls_context(kind).options & 0x4) for kind in ("default", "legacy")}
    assert renegotiation == {"default": False, "legacy": True}
    for kind in ("default", "legacy", "seclevel1"):
        context = tls_context(kind)
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_an_unknown_kind_of_tls(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="unknown tls 'off'"):
        fetcher.fetch("https://127.0.0.1/", manners=with_tls("off"))


def test_a_server_that_does_not_speak_tls(site: Loopback, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"TLS handshake failed|lost during the TLS handshake"):
        fetcher.fetch(site.url("/").replace("http:", "https:"), manners=QUICK)


def test_http2(monkeypatch: pytest.MonkeyPatch, fetcher: Fetcher) -> None:
    trust(monkeypatch, "server")
    with H2Server(server_context("server"), b"0123456789") as server:
        for path in ("/1", "/2"):
            page = fetcher.fetch(server.url(path), manners=QUICK)
            assert page is not None
            assert page.body == b"0123456789"
        assert (server.paths, server.connections) == (["/1", "/2"], 1)


@pytest.mark.parametrize("plan", ["reset", "hang-up", "goaway"])
def test_half_a_body_over_http2(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(monkeypatch, "server")
    with (
        H2Server(server_context("server"), b"0123456789", plan) as server,
        closing(Fetcher(LOCAL, Clock(), deadline=timedelta(seconds=2))) as fetcher,
    ):
        with pytest.raises(FetchError, match=r"body cut off after [05] of 10 bytes") as e:
            fetcher.fetch(server.url("/"), manners=QUICK)
        assert e.value.transient
        server.plan = "whole"
        server.paths.clear()
        assert fetcher.fetch(server.url("/"), manners=QUICK) is not None
