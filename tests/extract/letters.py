"""Letters as mailers write them, put together from invented pieces."""

import base64

LAMPS = "关于公开征求《灯具管理办法（征求意见稿）》意见的通知"
TEXT = f"{LAMPS}\n各灯具厂：请于三月底前反馈意见，朱镕同志收。"
PAGE = f"<html><head><title>x</title></head><body><h1>{LAMPS}</h1><p>各灯具厂：请于三月底前<br>反馈意见。</p></body></html>"


def letter(body: bytes | str, *fields: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    """A letter with CRLF in its header; `body` is a text, or bytes in their transfer encoding."""
    head = ["From: =?utf-8?B?54Gv5YW35Y+4?= <news@lamps.example>", "MIME-Version: 1.0"]
    head += [f"Content-Type: {kind}", *fields]
    raw = body.encode() if isinstance(body, str) else body
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + raw


def part(body: bytes | str, kind: str, *fields: str) -> bytes:
    raw = body.encode() if isinstance(body, str) else body
    head = "\r\n".join((f"Content-Type: {kind}", *fields))
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + raw


def bound(kind: str, *parts: bytes, mark: str = "b") -> tuple[bytes, str]:
    """A body of several parts, and its Content-Type."""
    line = f"\r\n--{mark}".encode()
    body = b"preamble" + b"".join(line + b"\r\n" + piece for piece in parts) + line + b"--\r\n"
    return body, f'multipart/{kind}; boundary="{mark}"'


def several(kind: str, *parts: bytes, mark: str = "b") -> bytes:
    body, told = bound(kind, *parts, mark=mark)
    return letter(body, kind=told)


def inside(kind: str, *parts: bytes, mark: str) -> bytes:
    body, told = bound(kind, *parts, mark=mark)
    return part(body, told)


def b64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


HTML_KIND = "text/html; charset=utf-8"
QP = "Content-Transfer-Encoding: quoted-printable"
B64 = "Content-Transfer-Encoding: base64"
BIT8 = "Content-Transfer-Encoding: 8bit"
PDF = b"%PDF-1.4 lamps"
