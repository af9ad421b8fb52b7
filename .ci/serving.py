"""What the scripts that run `privirun serve` share: the daemon as a process, and a check of its ledger."""

import collections
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from processes import Breach
from rollouts import Rollouts

# A tenant: one read, and a pause that makes it as long as is wanted.
PLAYBOOK = """
playbook: 1
name: {name}
steps:
  - call: utility.check-server-health
  - wait: {pause}
"""
PATIENCE = 60  # seconds that anything may take which takes one


def until(what, condition, patience=PATIENCE):
    """Waits until `condition` returns something true, and returns that."""
    end = time.monotonic() + patience
    while True:
        if found := condition():
            return found
        if time.monotonic() > end:
            raise Breach(f"{what}: not within {patience} s")
        time.sleep(0.02)


def instant(text):
    """Seconds since 1970 of an RFC 3339 instant, as an exact number of microseconds."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // MICROSECOND


MICROSECOND = datetime.timedelta(microseconds=1)
SECOND = 1_000_000


class Daemon:
    """A process of `privirun serve`, with its log."""

    started = []  # all of them

    def __init__(self, rollouts, *words, listen="127.0.0.1:0", environment=None, paths=None):
        self.rollouts, self.address = rollouts, None
        self.entries = []
        command = rollouts.command(
            "serve", *(paths or [rollouts.folder / "rollouts"]), "--listen", listen,
            "--log-format", "json", *words,
        )  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=rollouts.folder, env=rollouts.environment | (environment or {}),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        Daemon.started.append(self)

    @classmethod
    def kill_all(cls):
        """Ends those that still run; only a check that failed leaves one."""
        for daemon in cls.started:
            daemon.kill()
        cls.started = []

    def read(self):
        """Keeps the entries of the log; whatever else is written counts as a message, too."""
        for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"level": "none", "message": line.decode(errors="replace").strip()}
            self.entries.append(entry)

    def logged(self, message, **fields):
        """The entries whose message begins so, with these fields."""
        return [
            entry for entry in list(self.entries)
            if entry["message"].startswith(message)
            and fields.items() <= entry.get("fields", {}).items()
        ]  # fmt: skip

    def until_logged(self, message, patience=PATIENCE, **fields):
        def found():
            if entries := self.logged(message, **fields):
                return entries
            if self.process.poll() is not None and not self.reader.is_alive():
                raise Breach(f"it ended with {self.process.returncode}: {self.tail()}")
            return None

        return until(f"no entry “{message}” {fields} in the log", found, patience)

    def url(self):
        """The address of the status, once it is known."""
        if self.address is None:
            entry = self.until_logged("listening")[0]
            self.address = entry["fields"]["address"]
        return self.address

    def get(self, path, method="GET"):
        """The status code and the body of a page."""
        request = urllib.request.Request(self.url() + path, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def until_ready(self, state=None):
        def ready():
            code, body = self.get("/readyz")
            return code == 200 and (state is None or json.loads(body)["state"] == state)

        until(f"the daemon is not ready ({state or 'in any state'})", ready)

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, patience=PATIENCE):
        """Waits until it ended, and returns its status."""
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Breach(f"it does not end within {patience} s: {self.tail()}") from None
        self.reader.join(PATIENCE)
        return status

    def stop(self, number=signal.SIGTERM, patience=PATIENCE):
        self.send(number)
        if (status := self.end(patience)) != 0:
            raise Breach(f"it ended with {status} after signal {number}: {self.tail()}")

    def tail(self):
        return "\n".join(json.dumps(entry) for entry in self.entries[-15:])


class Schedules(Rollouts):
    """Rollouts with schedules, their files in a folder `rollouts` of their own."""

    def __init__(self, privirun, folder, server, **options):
        super().__init__(privirun, folder, server, **options)
        (folder / "rollouts").mkdir(exist_ok=True)

    def schedule(self, name, schedule, tenants=1, pause="1ms", **keys):
        """Writes a rollout file with a schedule; it is there at once."""
        head = {
            "rollout": 1, "name": name, "playbook": f"../{name}-tenant.yaml",
            "tenants": f"../{name}.jsonl", "schedule": schedule,
        }  # fmt: skip
        playbook = self.folder / f"{name}-tenant.yaml"
        playbook.write_text(PLAYBOOK.format(name=name, pause=pause))
        rows = "".join(json.dumps({"name": f"{name}-{n}"}) + "\n" for n in range(tenants))
        (self.folder / f"{name}.jsonl").write_text(rows)
        path = self.folder / "rollouts" / f"{name}.yaml"
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps(head | {k.replace("_", "-"): v for k, v in keys.items()}))
        draft.rename(path)
        return path

    def ticks(self, name):
        """All verdicts about a schedule, oldest first."""
        ticks = self.read(
            "schedule", "history", name, "--limit", "10000", "--output", "json"
        )["ticks"]
        if len(ticks) == 10000:
            raise Breach(f"the history of {name} is longer than what can be read")
        return ticks[::-1]

    def states(self):
        """The schedules by name."""
        listing = self.read("schedule", "list", "--output", "json")
        return {state["name"]: state for state in listing["schedules"]}


class Ledger:
    """A check of what a journal holds about schedules with `every`."""

    def __init__(self, schedules, intervals):
        """`intervals` are the seconds between the due instants of each schedule, by name."""
        self.schedules, self.intervals = schedules, intervals
        self.verdicts = collections.Counter()
        self.rollouts = set()

    def check(self, ended_after):
        """Raises unless each due instant has exactly one verdict, up to `ended_after` at least."""
        states = self.schedules.states()
        for name, seconds in self.intervals.items():
            self.check_schedule(states[name], seconds * SECOND, ended_after)
        self.check_rollouts()

    def check_schedule(self, state, period, ended_after):
        name = state["name"]
        seen, through = instant(state["firstSeenAt"]), instant(state["decidedThrough"])
        if through < ended_after * SECOND:
            raise Breach(f"{name} is decided through {state['decidedThrough']} only")
        found = collections.Counter()
        started = collections.Counter()
        for tick in self.schedules.ticks(name):
            due, last = instant(tick["due"]), instant(tick["through"])
            verdict = tick["verdict"]
            self.verdicts[verdict] += tick["count"]
            if verdict in ("ran", "caught-up", "triggered"):
                started[tick["rollout"], verdict] += 1
                self.rollouts.add(tick["rollout"])
            if verdict == "triggered":
                continue
            instants = range(due, last + 1, period)
            if due % period or last % period or len(instants) != tick["count"]:
                raise Breach(f"{name} has a tick that stands for other instants: {tick}")
            found.update(instants)
        first = (seen // period + 1) * period
        expected = set(range(first, through + 1, period))
        if "queued" in state:
            expected.discard(instant(state["queued"]))
        twice = [due for due, count in found.items() if count > 1]
        if twice or set(found) != expected:
            raise Breach(
                f"{name}: {len(twice)} instants have two verdicts, {len(expected - set(found))} "
                f"none, {len(set(found) - expected)} are not due: "
                f"{sorted(set(found) ^ expected)[:5]} {twice[:5]}"
            )
        for (rollout, verdict), count in started.items():
            if count > 1 and verdict == "ran":
                raise Breach(f"{name}: the rollout {rollout} ran for {count} instants")

    def check_rollouts(self):
        """Each rollout of a tick is recorded and ended, and so is each tenant, once."""
        listing = self.schedules.read("rollout", "list", "--limit", "10000", "--output", "json")
        recorded = {rollout["rollout"]: rollout for rollout in listing["rollouts"]}
        if missing := self.rollouts - set(recorded):
            raise Breach(f"rollouts that have a tick are not recorded: {sorted(missing)[:5]}")
        if extra := set(recorded) - self.rollouts:
            raise Breach(f"rollouts are recorded without a tick: {sorted(extra)[:5]}")
        for rollout in recorded.values():
            if rollout.get("outcome") is None:
                raise Breach(f"a rollout has not ended: {rollout}")
        runs = self.schedules.read("runs", "--limit", "10000", "--output", "json")["runs"]
        tenants = collections.Counter()
        for run in runs:
            if run.get("rollout") is not None:
                tenants[run["rollout"], run["tenant"]] += 1
                if run.get("outcome") is None:
                    raise Breach(f"a run of a tenant has not ended: {run}")
        if twice := [key for key, count in tenants.items() if count > 1]:
            raise Breach(f"tenants have two runs in a rollout: {twice[:5]}")


def ended_once(daemons):
    """Raises when two daemons that drove a rollout say that it ended.

    One that watched it, or takes over and finds it ended, says so, too.
    """
    ends = collections.Counter()
    for daemon in daemons:
        driven = {
            entry["fields"]["rollout"]
            for message in ("rollout started", "rollout resumed")
            for entry in daemon.logged(message)
        }
        ends.update(
            entry["fields"]["rollout"]
            for entry in daemon.logged("rollout ended")
            if entry["fields"].get("rollout", "") in driven
        )
    if twice := [rollout for rollout, count in ends.items() if count > 1]:
        raise Breach(f"rollouts ended twice: {twice[:5]}")


class Usage:
    """What a process uses, read from /proc."""

    def __init__(self, process):
        root = pathlib.Path(f"/proc/{process}")
        fields = (root / "stat").read_text().rpartition(")")[2].split()
        self.seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        status = dict(
            line.split(":", 1) for line in (root / "status").read_text().splitlines()
        )  # fmt: skip
        self.resident = int(status["VmRSS"].split()[0]) / 1024
        self.descriptors = len(os.listdir(root / "fd"))


class Notices:
    """The socket on which systemd would receive notices."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def until(self, text):
        """Receives until one of the notices is `text`; returns those before."""
        before = []
        while True:
            try:
                notice = self.socket.recv(4096).decode()
            except TimeoutError:
                raise Breach(f"no notice {text} after {before}") from None
            if text in notice.splitlines():
                return before
            before.append(notice)
