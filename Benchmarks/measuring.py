"""What the benchmarks share: a sandbox, processes that are measured, and figures.

Every script prints its figures, and with `--figures FILE` writes them there as JSON, too.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent
PASSWORD = "correct horse battery staple"
TICK = os.sysconf("SC_CLK_TCK")
# Also what a process of a benchmark may take at most.
PATIENCE = 600


class Failed(Exception):
    """A measurement that came to nothing."""


def status(process, name):
    """A number of /proc/PID/status, such as VmHWM in kB; 0 when the process is gone."""
    try:
        text = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0


def processor(process):
    """Seconds of processor time that a process has used, its own and the system's for it."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def sockets(process):
    """How many sockets a process has open."""
    count = 0
    try:
        for entry in os.scandir(f"/proc/{process}/fd"):
            try:
                count += os.readlink(entry.path).startswith("socket:")
            except OSError:
                pass
    except OSError:
        pass
    return count


def secret_environment():
    """The environment, with the password of all tenants in PRIVIRUN_BENCH_PASSWORD."""
    return os.environ | {"PRIVIRUN_BENCH_PASSWORD": PASSWORD}


class Usage:
    """What one process took."""

    def __init__(self, seconds, used, peak, output):
        self.seconds, self.processor, self.peak, self.output = seconds, used, peak, output


class Watch(threading.Thread):
    """Looks at a process again and again: at its peak memory, and at what else is of interest.

    What wait4 returns as the peak includes that of the process which started it.
    """

    def __init__(self, process, look, every):
        super().__init__(daemon=True)
        self.process, self.look, self.every = process, look, every
        self.peak, self.ended = 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(self.every):
            self.peak = max(self.peak, status(self.process, "VmHWM") / 1024)
            if self.look:
                self.look(self.process)

    def stop(self):
        self.ended.set()
        self.join()


def run(command, env=None, cwd=None, look=None, every=0.05, patience=PATIENCE):
    """Runs a process to its end; `look` is called with its id meanwhile. Fails unless it succeeds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=output, stderr=errors)
        watch = Watch(process.pid, look, every)
        watchdog = threading.Timer(patience, process.kill)
        watchdog.start()
        try:
            _, ending, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - began
        finally:
            watchdog.cancel()
            watch.stop()
        process.returncode = os.waitstatus_to_exitcode(ending)
        output.seek(0)
        text = output.read().decode(errors="replace")
        if process.returncode != 0:
            errors.seek(0)
            reason = errors.read().decode(errors="replace")[-2000:]
            raise Failed(f"{command[0]} ended with {process.returncode}: {reason}{text[-1000:]}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, watch.peak, text)


class Sandbox:
    """`privirun sandbox` in a process of its own, in a folder of its own."""

    def __init__(self, privirun, folder, *words):
        self.process = subprocess.Popen(
            [privirun, "sandbox", "--delay", "0ms", *words], stdout=subprocess.PIPE, text=True,
            cwd=folder,
        )  # fmt: skip
        self.addresses = {}
        while len(self.addresses) < 4:
            if not (line := self.process.stdout.readline()):
                raise Failed("the sandbox ended before it printed its addresses")
            self.addresses |= dict(re.findall(r"(PRIVICORE_\w+_URL)=(\S+)", line))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    @property
    def environment(self):
        return secret_environment() | self.addresses

    @property
    def processor(self):
        return processor(self.process.pid)

    @property
    def peak(self):
        """The most memory that it had resident, in MB."""
        return status(self.process.pid, "VmHWM") / 1024

    def ledger(self, allowed=()):
        """How many requests of each operation it received, and how many had an effect.

        Fails for a violation of the protocol that is of no kind in `allowed`.
        """
        url = self.addresses["PRIVICORE_API_URL"] + "/__sandbox/ledger"
        with urllib.request.urlopen(url, timeout=30) as answer:
            ledger = json.load(answer)
        for violation in ledger["violations"]:
            if violation["kind"] not in allowed:
                raise Failed(f"the protocol was violated: {violation}")
        return {name: tuple(count.values()) for name, count in ledger["operations"].items()}


class Figure:
    """One measured number."""

    def __init__(self, name, value, unit="", aim=None):
        """`aim` is the most that the value should be; a text says it where that is not so."""
        self.name, self.value, self.unit, self.aim = name, value, unit, aim

    @property
    def record(self):
        record = {"value": float(f"{self.value:.4g}"), "unit": self.unit}
        return record | ({"aim": self.aim} if self.aim is not None else {})

    def __str__(self):
        text = f"{self.name:<58} {number(self.value):>10} {self.unit}"
        return text if self.aim is None else f"{text:<78} aim {self.aim}"


def number(value):
    """Four digits, and none of them after the point where there are four before it."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


class Figures(list):
    """What was measured, kept in a file where one is named, even of a script that is killed."""

    def __init__(self, path=None):
        super().__init__()
        self.path = path

    def add(self, name, value, unit="", aim=None):
        """Prints a figure and keeps it."""
        self.append(Figure(name, value, unit, aim))
        print(self[-1], flush=True)
        if self.path:
            self.save(self.path)

    def read(self, path, prefix):
        """Adds the figures of a file, with a prefix to their names; those printed already."""
        for name, record in json.loads(pathlib.Path(path).read_text()).items():
            self.append(Figure(prefix + name, record["value"], record["unit"], record.get("aim")))
        if self.path:
            self.save(self.path)

    def save(self, path):
        records = {figure.name: figure.record for figure in self}
        pathlib.Path(path).write_text(json.dumps(records, indent=1) + "\n")


def arguments(text, *programs):
    """A parser of what every script takes: the paths of programs, and where figures go."""
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for program in programs:
        parser.add_argument(program, type=os.path.abspath)
    parser.add_argument("--figures", help="write the figures to this file, too")
    return parser


def main(measure, parser):
    """Measures and prints; a measurement that fails ends the process with 1."""
    options = parser.parse_args()
    figures = Figures(options.figures)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        measure(options, figures)
    except Failed as failure:
        sys.exit(f"{sys.argv[0]}: {failure}")


def durable_folder(binary):
    """A new temporary folder on a disk: beside the binary where that of the system is in memory."""
    place = os.path.realpath(tempfile.gettempdir())
    mounts = [line.split()[1:3] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    around = [mount for mount in mounts if pathlib.Path(place).is_relative_to(mount[0])]
    kind = max(around, key=lambda mount: len(mount[0]), default=("/", ""))[1]
    beside = os.path.dirname(binary) if kind in ("tmpfs", "ramfs") else None
    return tempfile.TemporaryDirectory(dir=beside)


def times(command, runs, figures, name, unit="ms", aim=None, prepare=None, **options):
    """Runs whole processes, the first of which does not count, and adds the median of their time.

    `command` is the words of each, or makes them of its number; `prepare` is called before each.
    """
    rows = []
    for index in range(runs + 1):
        if prepare:
            prepare()
        rows.append(run(command(index) if callable(command) else command, **options))
    seconds = sorted(1000 * usage.seconds for usage in rows[1:])
    figures.add(name, statistics.median(seconds), unit, aim)
    print(f"   from {seconds[0]:.1f} to {seconds[-1]:.1f} {unit}, n={runs}")
    return rows[1:]


def medians(rows):
    """The median of each column."""
    return [statistics.median(column) for column in zip(*rows)]
