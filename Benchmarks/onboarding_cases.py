"""The clients that Benchmarks/onboarding compares, and how one of them is measured."""

import json
import pathlib
import subprocess
import sys
import tempfile

import measuring

CALLS = 26  # of onboarding.yaml
LIBRARY = "aiohttp==3.14.5"
OURS = ("run", "rollout")
REFERENCES = ("ahc", "nio", "asyncio")
ROLLOUT = """rollout: 1
name: onboarding
playbook: onboarding.yaml
tenants: tenants.csv
inputs: {{ password: "env:PRIVIRUN_BENCH_PASSWORD" }}
concurrency: {concurrency}
"""


def python(library=LIBRARY):
    """A Python that has a library, unless named that of client.py; made at first use."""
    place = pathlib.Path(tempfile.gettempdir()) / "privirun-benchmarks" / library
    program = place / "bin" / "python"
    if not (place / "complete").exists():
        print(f"-- installing {library} in {place}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        pip = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", library]
        subprocess.run(pip, check=True)
        (place / "complete").touch()
    return program


def usernames(count):
    return [f"t-{number}@example.com" for number in range(count)]


def write_rollout(folder, tenants, concurrency, playbook="onboarding.yaml"):
    """A rollout file over that many tenants, and what it names."""
    text = (measuring.FOLDER / playbook).read_text()
    (folder / "onboarding.yaml").write_text(text)
    (folder / "rollout.yaml").write_text(ROLLOUT.format(concurrency=concurrency))
    rows = "".join(f"t-{number},{name}\n" for number, name in enumerate(usernames(tenants)))
    (folder / "tenants.csv").write_text("name,username\n" + rows)


def run_command(privirun, folder, tenants, concurrency):
    for name in ("onboarding.yaml", "onboardings.yaml"):
        (folder / name).write_text((measuring.FOLDER / name).read_text())
    inputs = {"usernames": usernames(tenants), "concurrency": concurrency}
    (folder / "inputs.json").write_text(json.dumps(inputs))
    return [
        privirun, "run", "onboardings.yaml", "--output", "summary", "--inputs", "inputs.json",
        "--input", "password=env:PRIVIRUN_BENCH_PASSWORD",
    ]  # fmt: skip


def rollout_command(privirun, folder, tenants, concurrency):
    write_rollout(folder, tenants, concurrency)
    return [privirun, "rollout", "run", "rollout.yaml"]


def command(case, options, folder, tenants, concurrency):
    numbers = [str(tenants), str(concurrency)]
    match case:
        case "run":
            return run_command(options.privirun, folder, tenants, concurrency)
        case "rollout":
            return rollout_command(options.privirun, folder, tenants, concurrency)
        case "ahc" | "nio":
            return [options.floor, case, *numbers]
        case "asyncio":
            return [python(), measuring.FOLDER / "client.py", *numbers]
    raise measuring.Failed(f"there is no case {case}")


class Result:
    """One client that was measured, in figures per step."""

    def __init__(self, steps, usage, server, ledger, journal):
        self.seconds, self.peak, self.ledger = usage.seconds, usage.peak, ledger
        self.rate = steps / usage.seconds
        self.client = 1000 * usage.processor / steps
        self.server = 1000 * server / steps
        self.journal = journal / steps


def measure(case, options, tenants, concurrency, look=None, every=0.05):
    """Lets a client onboard tenants at a sandbox that has none.

    `look` is called with the id of the client and of the sandbox meanwhile, `every` so many seconds.
    """
    with measuring.durable_folder(options.privirun) as name:
        folder = pathlib.Path(name)
        words = command(case, options, folder, tenants, concurrency)
        with measuring.Sandbox(options.privirun, folder) as sandbox:
            before = sandbox.processor
            watch = look and (lambda client: look(client, sandbox.process.pid))
            usage = measuring.run(words, sandbox.environment, folder, watch, every)
            journal = sum(file.stat().st_size for file in folder.glob(".privirun/journal.sqlite*"))
            return Result(
                tenants * CALLS, usage, sandbox.processor - before, sandbox.ledger(), journal
            )


def compare_ledgers(results):
    """Fails unless the last sandbox of each case received the same requests."""
    (first, expected), *others = [(case, rows[-1].ledger) for case, rows in results.items()]
    for case, found in others:
        if found != expected:
            names = [name for name in expected | found if expected.get(name) != found.get(name)]
            parts = [f"{name}: {expected.get(name)}, {found.get(name)}" for name in names]
            raise measuring.Failed(
                f"{first} and {case} sent different requests: {'; '.join(parts)}"
            )
