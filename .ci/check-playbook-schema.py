"""Checks playbooks, inputs and rollout files against the schemas for editors, with public packages.

    check-playbook-schema.py valid SCHEMA FILE...
    check-playbook-schema.py invalid SCHEMA UNCAUGHT FOLDER...

`valid`: every file keeps to the schema. `invalid`: every YAML file below the folders breaks it, or is no YAML,
unless UNCAUGHT lists it. Needs `jsonschema` and `PyYAML`; exits 1 at the end when a file is otherwise.
"""

import json
import math
import pathlib
import re
import sys

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match


class Loader(yaml.CSafeLoader):
    """YAML 1.2 with the core schema, read by libyaml; a key that is given twice is refused."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key twice", node.start_mark)
        return {self.construct_object(key): self.construct_object(value, deep=True)
                for key, value in node.value}


def resolve(tag, pattern):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), None)


resolve("null", r"^(?:~|null|Null|NULL|)$")
resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$")
resolve("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
resolve("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$")


def integer(loader, node):
    text = node.value
    return int(text, 8) if text.startswith("0o") else int(text, 16 if text[:2] == "0x" else 10)


def number(loader, node):
    text = node.value.lower()
    if text.endswith(".inf"):
        return -math.inf if text.startswith("-") else math.inf
    return math.nan if text == ".nan" else float(text)


Loader.add_constructor("tag:yaml.org,2002:int", integer)
Loader.add_constructor("tag:yaml.org,2002:float", number)


def read(path):
    return yaml.load(pathlib.Path(path).read_bytes(), Loader=Loader)


def validator(path):
    schema = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_valid(schema, files):
    failures = 0
    for path in files:
        error = best_match(schema.iter_errors(read(path)))
        if error is not None:
            failures += 1
            print(f"{path}: {error.json_path}: {error.message}", file=sys.stderr)
    print(f"{len(files)} files keep to the schema" if not failures else f"{failures} do not")
    return failures


def check_invalid(schema, uncaught, folders):
    reasons = read(uncaught)
    listed = {name for names in reasons.values() for name in names}
    failures = count = 0
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.yaml")):
            count += 1
            name = str(path).removeprefix("Tests/").replace("Tests/Fixtures/bad", "")
            if name in listed:
                continue
            try:
                document = read(path)
            except (yaml.YAMLError, ValueError, RecursionError):
                continue
            if schema.is_valid(document):
                failures += 1
                print(f"{path}: keeps to the schema, and is not listed", file=sys.stderr)
    print(f"{count} bad files, {len(listed)} of them not for a schema to catch")
    return failures or count == 0


mode, schema_path, *rest = sys.argv[1:]
if mode == "valid":
    failed = check_valid(validator(schema_path), rest)
else:
    failed = check_invalid(validator(schema_path), rest[0], rest[1:])
sys.exit(1 if failed else 0)
