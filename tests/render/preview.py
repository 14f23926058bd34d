"""Slack messages as a web page that looks as Slack's client would show them, to be looked at.

`python -m tests.render.preview DIR` writes one page a situation and, where Playwright and a Chromium
are found, pictures of it at a phone's and a desk's width. Not shipped, and no test depends on it.
"""

import html
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.render.situations import SITUATIONS

WIDTHS = {"phone": 390, "desk": 1280}
CHROMIUM = "/usr/bin/chromium"

# Sizes, colours and gaps as Slack's web client has them: text 15/22, header 18 bold, context 13/18
# in grey, buttons 28 high at a desk and 36 on a phone, messages at most 600 wide at a desk.
_STYLE = """
* {box-sizing: border-box}
body {margin: 0; font: 15px/22px Lato, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1d1c1d; background: #fff}
.bar {background: #350d36; color: #fff; font-weight: 700; padding: 10px 16px}
.message {display: flex; gap: 8px; padding: 12px 16px}
.face {flex: 0 0 36px; height: 36px; border-radius: 6px; background: #1264a3; color: #fff; text-align: center;
  line-height: 36px; font-weight: 900}
.body {flex: 1; min-width: 0; max-width: 640px; overflow-wrap: anywhere}
.name b {font-weight: 900} .app {background: #dddddd; font-size: 10px; padding: 1px 3px; border-radius: 2px;
  font-weight: 700; color: #616061} .time {color: #616061; font-size: 12px}
.header {font-size: 18px; line-height: 24px; font-weight: 900; margin: 8px 0 4px}
.section, .rich {margin: 8px 0; white-space: pre-wrap}
.rich ul {margin: 0; padding-left: 24px} .rich li {white-space: normal}
.context {font-size: 13px; line-height: 18px; color: #616061; white-space: pre-wrap; margin: 8px 0}
.actions {display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0}
.button {border: 1px solid #bbbabb; border-radius: 4px; font-size: 13px; font-weight: 700; height: 28px;
  line-height: 26px; padding: 0 12px; color: #1d1c1d; text-decoration: none}
hr {border: 0; border-top: 1px solid #dddddd; margin: 12px 0}
a {color: #1264a3; text-decoration: none}
.line {color: #616061; font-size: 12px; border-top: 1px solid #dddddd; margin: 4px 16px; text-align: right}
@media (max-width: 500px) {.button {height: 36px; line-height: 34px; font-size: 15px} .message {padding: 12px}}
"""
_LINK = re.compile(r"&lt;(https?://[^|]*?)\|(.*?)&gt;")


def page(name: str, blocks: tuple[Mapping[str, Any], ...]) -> str:
    """One message in a channel; a line marks the end of a phone's screen."""
    shown = "\n".join(map(_block, blocks))
    return (
        f'<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{name}</title><style>{_STYLE}</style>"
        f'<div class="bar"># china-data</div><div class="message"><div class="face">w</div>'
        f'<div class="body"><div class="name"><b>watcher</b> <span class="app">APP</span> '
        f'<span class="time">14:02</span></div>{shown}</div></div>'
    )


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "divider":
            return "<hr>"
        case "header":
            return f'<div class="header">{_plain(block["text"]["text"])}</div>'
        case "section":
            return f'<div class="section">{_mrkdwn(block["text"]["text"])}</div>'
        case "context":
            texts = " ".join(_mrkdwn(each["text"]) for each in block["elements"])
            return f'<div class="context">{texts}</div>'
        case "rich_text":
            return f'<div class="rich">{"".join(map(_rich, block["elements"]))}</div>'
        case "actions":
            return f'<div class="actions">{"".join(map(_element, block["elements"]))}</div>'
        case other:
            raise ValueError(f"no picture of a block {other!r}")


def _element(element: Mapping[str, Any]) -> str:
    label = "•••" if element["type"] == "overflow" else _plain(element["text"]["text"])
    return f'<span class="button">{label}</span>'


def _rich(part: Mapping[str, Any]) -> str:
    match part["type"]:
        case "rich_text_list":
            return (
                "<ul>" + "".join(f"<li>{_rich(each)}</li>" for each in part["elements"]) + "</ul>"
            )
        case "rich_text_section":
            return "".join(map(_rich, part["elements"]))
        case "text":
            text = html.escape(part["text"])
            for style, tag in (("bold", "b"), ("strike", "s")):
                if part.get("style", {}).get(style):
                    text = f"<{tag}>{text}</{tag}>"
            return text
        case other:
            raise ValueError(f"no picture of a rich text {other!r}")


def _plain(text: str) -> str:
    return html.escape(html.unescape(text))


def _mrkdwn(text: str) -> str:
    shown = html.escape(html.unescape(text))
    shown = _LINK.sub(r'<a href="\1">\2</a>', shown)
    return re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", shown)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, message in SITUATIONS.items():
        (folder / f"{name}.html").write_text(page(name, message.blocks), encoding="utf-8")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.stdout.write(f"pages in {folder}; no Playwright, so no pictures\n")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for width_name, width in WIDTHS.items():
            view = browser.new_page(viewport={"width": width, "height": 844})
            for name in SITUATIONS:
                view.goto((folder / f"{name}.html").resolve().as_uri())
                height = view.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
                view.screenshot(path=folder / f"{name}.{width_name}.png", full_page=True)
                sys.stdout.write(f"{name:12} {width_name:6} {height} px high\n")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
