"""A real Chromium without a window, driven through its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = f"no browser is installed: none of {', '.join(NAMES)} is on the PATH (apt-get install chromium)"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--enable-unsafe-swiftshader",
    "--remote-debugging-port=0",
    "--window-size=1300,800",
)
_CODES = {"Escape": 27, "Enter": 13}
_FIND_TERMINAL = (
    "function(){return Array.prototype.find.call(this,"
    "o=>{try{return Boolean(o.buffer&&o.buffer.active&&o.modes&&o.parser)}catch{return false}})}"
)
_READ_TERMINAL = (
    "function(){const b=this.buffer.active;let lines=[];"
    "for(let i=0;i<this.rows;i++)lines.push(b.getLine(b.viewportY+i).translateToString(true));"
    "return lines.join('\\n')}"
)


def installed() -> str | None:
    """The path of a Chromium, where there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """The one tab of a browser. ``requests`` are the addresses that its page has asked for."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._terminal = ""
        self.requests: list[str] = []
        self.opened: list[str] = []
        """The addresses that the page has opened in other tabs."""

    async def listen(self) -> None:
        """Take what the browser sends, until it is gone."""
        async for text in self._connection:
            message = json.loads(text)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                parameters = message["params"]
                self.requests.append(parameters.get("url") or parameters["request"]["url"])
            elif message["method"] == "Page.windowOpen":
                self.opened.append(message["params"]["url"])

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to ``method``. Raises `RuntimeError` when it refuses."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        answer = await self._answers[number]
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def press(self, key: str) -> None:
        """Press and let go of ``key``: a character, or one of `_CODES` by name."""
        typed = {"text": key} if len(key) == 1 else {"windowsVirtualKeyCode": _CODES[key]}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **typed)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def screen(self) -> str:
        """What the page's terminal says, line by line; empty while there is no terminal."""
        if not self._terminal:
            prototype = await self.ask("Runtime.evaluate", expression="Object.prototype")
            objects = await self.ask("Runtime.queryObjects", prototypeObjectId=prototype["result"]["objectId"])
            terminal = await self._called(objects["objects"]["objectId"], _FIND_TERMINAL)
            self._terminal = terminal.get("objectId", "")
        if not self._terminal:
            return ""
        return str((await self._called(self._terminal, _READ_TERMINAL)).get("value", ""))

    async def value(self, expression: str) -> str:
        """What ``expression`` comes to in the page, once settled, as text. Raises `RuntimeError` when it fails."""
        answer = await self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return str(answer["result"].get("value", ""))

    async def _called(self, object_id: str, function: str) -> dict[str, Any]:
        answer = await self.ask("Runtime.callFunctionOn", objectId=object_id, functionDeclaration=function)
        result: dict[str, Any] = answer["result"]
        return result

    async def until(self, is_right: Callable[[str], bool]) -> str:
        """What the screen says once it ``is_right``; bounded by the time of whoever waits, who is told of the last."""
        screen = ""
        try:
            while True:
                screen = await self.screen()
                if is_right(screen):
                    return screen
                await asyncio.sleep(0.05)
        except asyncio.CancelledError as given_up:
            given_up.add_note(screen)
            raise

    async def picture(self) -> bytes:
        """The tab as a PNG."""
        return base64.b64decode((await self.ask("Page.captureScreenshot"))["data"])


@asynccontextmanager
async def opened_tab(program: str, folder: Path) -> AsyncIterator[Tab]:
    """A tab of the browser ``program``, whose profile lies in ``folder``; the browser is ended on leaving."""
    words = (program, *_FLAGS, f"--user-data-dir={folder}", "about:blank")
    process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    assert process.stderr is not None
    try:
        address = ""
        while line := await process.stderr.readline():
            if b"DevTools listening on ws://" in line:
                address = line.decode().split()[3]
                break
        assert address, "the browser did not start"
        draining = asyncio.create_task(process.stderr.read())
        async with connect(address, max_size=None, proxy=None) as browser:
            await browser.send('{"id": 1, "method": "Target.getTargets"}')
            targets = json.loads(await browser.recv())["result"]["targetInfos"]
        [target] = [each["targetId"] for each in targets if each["type"] == "page"]
        page = f"{address.partition('/devtools/')[0]}/devtools/page/{target}"
        async with connect(page, max_size=None, proxy=None) as connection:
            tab = Tab(connection)
            listening = asyncio.create_task(tab.listen())
            for domain in ("Page", "Network", "Runtime"):
                await tab.ask(f"{domain}.enable")
            try:
                yield tab
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
        draining.cancel()
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
