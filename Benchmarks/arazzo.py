"""Onboards tenants one after the other with an Arazzo runner: python arazzo.py DOCUMENT TENANTS PASSWORD"""

import sys

from arazzo_runner import ArazzoRunner

document, tenants, password = sys.argv[1:]
runner = ArazzoRunner.from_arazzo_path(document)
for number in range(int(tenants)):
    inputs = {"username": f"t-{number}@example.com", "password": password}
    result = runner.execute_workflow("onboarding", inputs)
    if result.status.value != "workflow_complete":
        sys.exit(f"tenant {number}: {result}")
