"""A Chromium without a window, driven over its debugging pipe (Chrome DevTools Protocol)."""

import base64
import json
import os
import select
import subprocess
import time

from processes import Breach

PATIENCE = 60  # seconds that one command may take
KEYS = {"Tab": 9, "Enter": 13, "Backspace": 8}


class Browser:
    """One page, of which every request and every message on its console is kept."""

    def __init__(self, profile, program="chromium"):
        commands, self.write = os.pipe()
        self.read, answers = os.pipe()
        words = [
            program, "--headless=new", "--remote-debugging-pipe", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--disable-background-networking", f"--user-data-dir={profile}",
        ]  # fmt: skip
        # Its sandbox refuses root.
        words += ["--no-sandbox"] * (os.getuid() == 0) + ["about:blank"]
        self.errors = open(profile.with_suffix(".txt"), "wb")
        # The pipe has to be 3 and 4.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers}', "bash", *words],
            pass_fds=(commands, answers), stderr=self.errors, stdout=self.errors,
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self.pending, self.number, self.session = b"", 0, None
        self.requests, self.messages = [], []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method, **parameters):
        """The result of one command."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while (answer := self.receive(deadline)).get("id") != self.number:
            pass
        if "error" in answer:
            raise Breach(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def receive(self, deadline):
        """The next message; what it says about requests and the console is kept."""
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.read], [], [], max(0, deadline - time.monotonic()))
            if not ready or not (part := os.read(self.read, 1 << 16)):
                raise Breach("the browser does not answer")
            self.pending += part
        line, self.pending = self.pending.split(b"\0", 1)
        message = json.loads(line)
        details = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(details["request"]["url"])
            case "Runtime.consoleAPICalled":
                self.messages.append(str([part.get("value") for part in details["args"]]))
            case "Runtime.exceptionThrown":
                self.messages.append(details["exceptionDetails"]["text"])
            case "Log.entryAdded":
                self.messages.append(details["entry"]["text"])
        return message

    def look(self, width, dark=False, media="screen"):
        """The size and the colours of what comes next."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
            mobile=width < 500,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def open(self, path):
        """Loads a file, and forgets the requests and messages of what was there before."""
        self.requests, self.messages = [], []
        self.send("Page.navigate", url=path.as_uri())
        deadline = time.monotonic() + PATIENCE
        while self.value("document.readyState") != "complete" or (
            self.value("location.href") != path.as_uri()
        ):
            if time.monotonic() > deadline:
                raise Breach(f"{path} does not load")
            time.sleep(0.02)

    def value(self, expression):
        """What an expression of JavaScript comes to, as JSON; promises are awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise Breach(f"{expression[:200]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key):
        """A key that a person presses: one of KEYS, or a letter."""
        code = KEYS.get(key) or ord(key.upper())
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key if key in KEYS else "",
                windowsVirtualKeyCode=code, nativeVirtualKeyCode=code,
                text=text if kind == "keyDown" else "",
            )  # fmt: skip

    def type(self, text):
        """Text that a person types."""
        self.send("Input.insertText", text=text)

    def scripts(self, allowed):
        """Whether pages that are loaded from now on run their scripts."""
        self.send("Emulation.setScriptExecutionDisabled", value=not allowed)

    def picture(self):
        """The upper part of the page as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def paper(self):
        """The page as PDF."""
        return base64.b64decode(self.send("Page.printToPDF", printBackground=True)["data"])

    def close(self):
        self.process.terminate()
        self.process.wait()
        os.close(self.write)
        os.close(self.read)
        self.errors.close()
