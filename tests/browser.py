"""Headless Chromium over its DevTools protocol: open the demo's page, act on it, take a picture when it is at rest.

Chromium's own `--screenshot` may catch the page while it still arranges itself, so the page is asked first.
https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import base64
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --remote-debugging-port=0 --lang=en-US"
).split()
AT_REST = (
    "window.simcordPreview?.ready === true && document.querySelector('#channel-composer-input') !== null"
    " && document.querySelector('#action-status').innerText !== 'Updating viewport…'"
)


def chromium() -> str | None:
    """Return the browser's program, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._calls = 0

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._calls += 1
        await self._socket.send_json({"id": self._calls, "method": method, "params": parameters})
        async with asyncio.timeout(30):
            while True:
                message = json.loads((await self._socket.receive()).data)
                if message.get("id") == self._calls:
                    assert "error" not in message, message
                    return dict(message["result"])

    async def evaluate(self, script: str) -> Any:
        """Return the value of a JavaScript expression."""
        result = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def wait(self, script: str) -> None:
        """Wait until an expression is true."""
        async with asyncio.timeout(20):
            while not await self.evaluate(f"!!({script})"):
                await asyncio.sleep(0.1)

    async def rest(self) -> None:
        """Wait until the page shows what it has and stays so."""
        await asyncio.sleep(1)
        await self.wait(AT_REST)

    async def click(self, selector: str) -> None:
        """Click the middle of the element that an expression names."""
        await self.wait(selector)
        x, y = await self.evaluate(
            f"(() => {{ const e = {selector}; e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def type(self, text: str) -> None:
        """Type text where the focus is."""
        await self.call("Input.insertText", text=text)

    async def enter(self) -> None:
        """Press the Enter key."""
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    async def choose_file(self, selector: str, path: Path) -> None:
        """Give a file to an input."""
        root = (await self.call("DOM.getDocument", depth=-1))["root"]["nodeId"]
        node = (await self.call("DOM.querySelector", nodeId=root, selector=selector))["nodeId"]
        await self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    async def picture(self, path: Path, clip: dict[str, float] | None = None) -> None:
        """Save what the page shows, or a part of it, as a PNG."""
        area = {"clip": {**clip, "scale": 1}} if clip else {}
        shot = await self.call("Page.captureScreenshot", format="png", **area)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))


@asynccontextmanager
async def opened(url: str, *, width: int, height: int, scale: float = 1) -> AsyncIterator[Page]:
    """Open a page in a browser of its own, which ends with the block."""
    program = chromium()
    assert program is not None, "Chromium is needed: install the package chromium"
    with tempfile.TemporaryDirectory(prefix="verbatim-browser-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program,
            *FLAGS,
            f"--user-data-dir={profile}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(Path(profile))
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as response:
                    target = next(found for found in await response.json() if found["type"] == "page")
                async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    page = Page(socket)
                    await page.call(
                        "Emulation.setDeviceMetricsOverride",
                        width=width,
                        height=height,
                        deviceScaleFactor=scale,
                        mobile=False,
                    )
                    await page.call("Page.navigate", url=url)
                    await page.wait(AT_REST)
                    await page.rest()
                    yield page
        finally:
            process.terminate()
            await process.wait()


async def _port(profile: Path) -> int:
    """Return the port that the browser chose, once it has written it down."""
    async with asyncio.timeout(30):
        while not (path := profile / "DevToolsActivePort").exists() or not path.read_text().strip():
            await asyncio.sleep(0.1)
        return int(path.read_text().splitlines()[0])
