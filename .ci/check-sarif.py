"""Checks the SARIF log on standard input against the schema of the standard.

The schema beside this file is that of SARIF 2.1.0 with its approved errata:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json

Copyright (c) OASIS Open 2023. All Rights Reserved. OASIS allows it to be copied and furnished to
others, as a whole or in part, without restriction, with this notice
(https://www.oasis-open.org/policies-guidelines/ipr/).
"""

import json
import pathlib
import sys

from jsonschema import Draft4Validator

schema = json.loads(pathlib.Path(__file__).with_name("sarif-2.1.0.json").read_text())
log = json.load(sys.stdin)
Draft4Validator(schema).validate(log)
(run,) = log["runs"]
assert run["columnKind"] == "unicodeCodePoints"
rules = run["tool"]["driver"]["rules"]
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"], result
    for place in result["locations"] + result.get("relatedLocations", []):
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert not uri.startswith(("/", "file:")), uri
print(f"{len(run['results'])} results valid against SARIF {log['version']}")
