"""What the scripts that play rollouts share: tenants, rollout files, and what a rollout came to.

What the commands print is read with patience: a member that is not there counts as empty, so that a
further member, or one that is left out, breaks nothing here.
"""

import csv
import json
import os
import pathlib
import subprocess
import threading
import time

from processes import Breach

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLAYBOOK = ROOT / ".ci" / "playbooks" / "rollout-tenant.yaml"
PASSWORD = "correct horse battery staple"
WELL = {"succeeded", "unchanged"}
KEY = """
playbook: 1
name: key
steps: [{id: made, call: keys.generate}]
outputs: {publicKey: "${{ steps.made.publicKey }}"}
"""


def objects(text):
    """The JSON objects of lines; a process that was killed may leave half a line."""
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


class Ended:
    """How a process ended: its status (None when it was killed), output, time and peak memory."""

    def __init__(self, status, output, errors, seconds, peak):
        self.status, self.output, self.errors = status, output, errors
        self.seconds, self.peak = seconds, peak


class Rollouts:
    """The rollouts of one user, in a folder with a journal of its own."""

    def __init__(self, privirun, folder, server, secrets=None, journal=None):
        self.privirun, self.folder = privirun, folder
        self.journal = journal or folder / "journal.sqlite"
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = os.environ | server.addresses | {"ROLLOUT_PASSWORD": PASSWORD}
        self.environment |= secrets or {}
        self.history = []

    def write(self, name, tenants, inputs=None, playbook=PLAYBOOK, **keys):
        """Writes a tenants file and a rollout file; returns the path of the latter."""
        columns = list(dict.fromkeys(column for tenant in tenants for column in tenant))
        with open(self.folder / f"{name}.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(tenants)
        given = {"password": "env:ROLLOUT_PASSWORD"} | (inputs or {})
        given = {key: value for key, value in given.items() if key not in columns}
        head = {"rollout": 1, "name": name, "playbook": str(playbook), "tenants": f"{name}.csv"}
        keys = {key.replace("_", "-"): value for key, value in keys.items()}
        # JSON is YAML.
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(head | {"inputs": given} | keys, indent=2))
        return path

    def command(self, *words):
        return [str(word) for word in (self.privirun, *words, "--journal", self.journal)]

    def play(self, *words, kill_after=None, patience=600):
        """Runs a command to its end, or kills it after some seconds."""
        began = time.monotonic()
        process = subprocess.Popen(
            self.command(*words), cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        peak, over = [0], threading.Event()
        watch = threading.Thread(target=self.watch, args=(process.pid, peak, over))
        watch.start()
        is_killed = False
        try:
            output, errors = process.communicate(timeout=kill_after or patience)
        except subprocess.TimeoutExpired:
            is_killed = True
            process.kill()
            output, errors = process.communicate()
            if not kill_after:
                raise Breach(f"{' '.join(map(str, words))} does not end within {patience} s")
        finally:
            over.set()
            watch.join()
        status = None if is_killed and process.returncode < 0 else process.returncode
        self.history.append(f"{words[0]} {words[1]}: {'killed' if status is None else status}")
        return Ended(
            status, output.decode(errors="replace"), errors.decode(errors="replace"),
            time.monotonic() - began, peak[0],
        )  # fmt: skip

    @staticmethod
    def watch(pid, peak, over):
        """Keeps the most memory that a process had, in KiB."""
        while not over.wait(0.05):
            try:
                text = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                return
            found = [line.split()[1] for line in text.splitlines() if line.startswith("VmHWM")]
            peak[0] = max([peak[0], *map(int, found)])

    def read(self, *words):
        """What a command that only looks prints as JSON."""
        ended = self.play(*words)
        if ended.status != 0:
            raise Breach(f"{words} ended with {ended.status}: {ended.errors}")
        return json.loads(ended.output)

    def public_key(self):
        """A signed public key that all tenants may register."""
        (self.folder / "key.yaml").write_text(KEY)
        lines = list(objects(self.play("run", "key.yaml", "--output", "json").output))
        return lines[-1]["outputs"]["publicKey"]

    def latest(self):
        """The id of the newest rollout; None where none is recorded."""
        ended = self.play("rollout", "status", "latest", "--output", "json")
        found = list(objects(ended.output))
        return found[0].get("rollout") if ended.status == 0 and found else None

    def tenants(self, rollout):
        """How each tenant of a rollout stands, by its name; and the reasons of those that failed."""
        report = self.read("report", rollout, "--format", "json")
        rows = report.get("tenants", [])
        named = {row["tenant"]: row for row in rows}
        if len(named) != len(rows):
            raise Breach("a tenant is in the report twice")
        return named, report.get("reasons", [])

    def runs(self, rollout):
        """The runs of a rollout by tenant, of which each may have one."""
        listing = self.read(
            "runs", "--rollout", rollout, "--limit", "10000", "--output", "json"
        )["runs"]
        named = {}
        for run in listing:
            if (name := run.get("tenant")) is None:
                continue
            if name in named:
                raise Breach(f"{name} has two runs in the rollout {rollout}")
            named[name] = run
        return named


def message(row):
    """Why a tenant did not end well, as its row says."""
    failure, refusal = row.get("failure") or {}, row.get("refusal") or {}
    return failure.get("message") or refusal.get("reason") or ""
