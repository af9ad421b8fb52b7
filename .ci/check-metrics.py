#!/usr/bin/env python3
"""Reads metrics on standard input with the parser of prometheus-client, and checks their form.

Every metric has help and a type; the names follow Prometheus's rules (counters end in `_total`,
no other prefix than `privirun_` and `process_`); no series is there twice; the buckets of a
histogram grow and end with `+Inf`, which equals the count. Prints how much was read, or exits 1 with
everything that is wrong.

  curl -s http://127.0.0.1:8650/metrics | .ci/check-metrics.py [NAME[{LABEL=VALUE,…}] …]

Each NAME must be there, with such labels.
"""

import collections
import re
import sys

from prometheus_client.parser import text_string_to_metric_families


def problems(families):
    seen = collections.Counter()
    for family in families:
        if not family.documentation or family.type not in ("counter", "gauge", "histogram"):
            yield f"{family.name} has no help, or the type {family.type}"
        if not family.name.startswith(("privirun_", "process_")):
            yield f"{family.name} has a foreign prefix"
        if not family.samples and "_schedule_" not in family.name:
            yield f"{family.name} has no sample"
        for sample in family.samples:
            seen[sample.name, tuple(sorted(sample.labels.items()))] += 1
            if not re.fullmatch(r"[a-z][a-z0-9_]*", sample.name):
                yield f"{sample.name} is no name"
            if family.type == "counter" and not sample.name.endswith("_total"):
                yield f"the counter {sample.name} does not end in _total"
            if family.type == "gauge" and sample.name.endswith("_total"):
                yield f"the gauge {sample.name} ends in _total"
            if family.type != "gauge" and sample.value < 0:
                yield f"{sample.name} is {sample.value}"
        if family.type == "histogram":
            yield from flaws(family)
    yield from (f"{name} {dict(labels)} is there {n} times" for (name, labels), n in seen.items() if n > 1)


def flaws(family):
    buckets = [s for s in family.samples if s.name.endswith("_bucket")]
    values = [s.value for s in buckets]
    bounds = [float(s.labels["le"]) for s in buckets]
    count = [s.value for s in family.samples if s.name.endswith("_count")]
    if values != sorted(values) or bounds != sorted(bounds) or bounds[-1] != float("inf"):
        yield f"the buckets of {family.name} are {list(zip(bounds, values))}"
    if count != values[-1:] or not any(s.name.endswith("_sum") for s in family.samples):
        yield f"{family.name} counts {count}, and its last bucket {values[-1:]}"


def missing(wanted, families):
    samples = [sample for family in families for sample in family.samples]
    for text in wanted:
        name, _, labels = text.rstrip("}").partition("{")
        labels = dict(pair.split("=", 1) for pair in labels.split(",") if pair)
        if not any(s.name == name and labels.items() <= s.labels.items() for s in samples):
            yield f"there is no {text}"


def main():
    text = sys.stdin.buffer.read().decode()
    if not text.endswith("\n"):
        sys.exit("the last line has no end")
    families = list(text_string_to_metric_families(text))
    found = [*problems(families), *missing(sys.argv[1:], families)]
    if found:
        sys.exit("\n".join(found))
    count = sum(len(family.samples) for family in families)
    print(f"{len(families)} metrics, {count} series")


main()
