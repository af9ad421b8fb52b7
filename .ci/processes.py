"""What the scripts that play workflows with processes share: a service and its clients.

`--server FILE` of such a script names a Python program that takes the place of `privirun sandbox`:
it prints the addresses in the same way, understands `--seed N` and `--calm`, and serves its ledger
at /ledger of the API.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

PATIENCE = 120  # seconds that one client may take


class Breach(Exception):
    """Something that must not happen."""


class Refused(Breach):
    """A plain request that the service refused."""


class Server:
    """The service, in a process of its own."""

    def __init__(self, options, folder, seed, calm=False, words=()):
        if options.server:
            command = [sys.executable, options.server] + ["--calm"] * calm
            self.ledger_path = "/ledger"
        else:
            command = [options.privirun, "sandbox", "--delay", "5ms"]
            self.ledger_path = "/__sandbox/ledger"
        self.errors = folder / "server.txt"
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [*command, *words, "--seed", str(seed)],
                stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        self.addresses = {}
        while len(self.addresses) < 4:
            if not (line := self.process.stdout.readline()):
                raise Breach(f"the server ended at once: {self.errors.read_text()}")
            self.addresses |= dict(re.findall(r"(PRIVICORE_\w+_URL)=(\S+)", line))

    def read(self, path):
        url = self.addresses["PRIVICORE_API_URL"] + path
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)

    def ledger(self):
        """What the server saw, once nothing is in progress any more."""
        before = None
        for _ in range(100):
            ledger = self.read(self.ledger_path)
            if ledger == before and not ledger.get("inProgress"):
                return ledger
            before = ledger
            time.sleep(0.05)
        raise Breach("the server does not come to rest")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Client:
    """The runs of one user, in a folder with a journal of its own."""

    def __init__(self, options, folder, server, secrets):
        self.options, self.folder, self.server = options, folder, server
        self.journal = folder / "journal.sqlite"
        self.log, self.errors = folder / "events.jsonl", folder / "client.txt"
        self.log.touch()
        self.errors.touch()
        self.environment = os.environ | server.addresses | secrets

    def command(self, *words):
        return [self.options.privirun, *words, "--journal", self.journal]

    def play(self, command, kill=None):
        """Runs a client; returns its status, or None when `kill`, called with it, killed it."""
        with open(self.log, "ab") as log, open(self.errors, "ab") as errors:
            process = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=errors
            )
        try:
            if kill:
                kill(process)
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Breach(f"a client does not end within {PATIENCE} s") from None
        finally:
            process.kill()
            process.wait()
        return None if kill and status == -signal.SIGKILL else status

    def read(self, *words):
        """What a command that only looks prints as JSON."""
        found = subprocess.run(
            self.command(*words, "--output", "json"), capture_output=True, cwd=self.folder,
            env=self.environment,
        )  # fmt: skip
        if found.returncode != 0:
            raise Breach(f"{words[0]} ended with {found.returncode}: {found.stderr.decode()}")
        return json.loads(found.stdout)

    def calls(self):
        """Every step of the latest run that calls an operation."""

        def beneath(steps):
            for step in steps:
                if step.get("kind") == "call":
                    yield step
                yield from beneath(step.get("steps", []))

        return list(beneath(self.read("show", "latest")["steps"]))

    def evidence(self, history):
        """What a person needs to understand a breach."""
        shown = subprocess.run(
            self.command("show", "latest", "--no-color"), capture_output=True, cwd=self.folder
        )
        texts = [f"history   {'; '.join(history)}", shown.stdout.decode()]
        texts += [path.read_text(errors="replace") for path in (self.errors, self.server.errors)]
        try:
            texts.append(json.dumps(self.server.ledger(), indent=1))
        except (OSError, Breach) as error:
            texts.append(f"no ledger: {error}")
        return "\n".join(text for text in texts if text.strip())


def kill_at(seconds):
    """What kills a process when it has run for so long; one that ended before stays as it is."""

    def kill(process):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()

    return kill


def manual(privirun):
    """Each operation of the API by its id, as `privirun operations` describes it."""
    found = subprocess.run(
        [privirun, "operations", "--output", "json"], capture_output=True, check=True
    )
    return {entry["id"]: entry for entry in json.loads(found.stdout)}


DONE = {"create", "change", "remove", "drift", "unchanged"}  # actions that a run is sure to record


SESSION = {
    "profile.authenticate", "websockets.establishing-connection", "websockets.join-channel",
    "websockets.leave-channel",
}  # fmt: skip


def acted(before, after, reads):
    """The operations that are no reads, and came between two ledgers."""
    for operation, counts in after["operations"].items():
        earlier = before["operations"].get(operation, {"received": 0, "effects": 0})
        is_read = operation in reads and counts["effects"] == earlier["effects"]
        if counts != earlier and operation not in SESSION and not is_read:
            yield operation


def departures(actions, events):
    """How a run did otherwise than a plan said of each step, a line each."""
    done = {
        event["step"]: event["change"]["kind"] for event in events
        if event["type"] == "step-finished" and "change" in event
    }  # fmt: skip
    for step, kind in done.items():
        # What the plan does not know, it says of the group or loop around it.
        around = [step[: mark.start()] for mark in re.finditer(r"[/\[]", step)]
        said = [actions[path] for path in [*around, step] if path in actions]
        if kind not in said and "unknown" not in said:
            yield f"{step} was planned as {said}, and done is {kind}"
    for step, action in actions.items():
        if action in DONE and step not in done:
            yield f"{step} was planned as {action}, and is not done"


def planned(document):
    """Every step of a plan as `privirun plan --output json` prints it, those within others too."""
    for step in document["steps"]:
        yield step
        yield from planned({"steps": step.get("steps", [])})
