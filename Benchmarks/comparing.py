"""The onboarding of onboarding.yaml for tools that speak HTTP alone: as Ansible tasks, and as Arazzo steps.

They have no WebSocket, so that each command is polled.
"""

import hashlib
import json

import measuring

# Ids that the sandbox's policy templates have, since not every tool can take the first name of an object.
TEMPLATE = "01914f3a-5d20-7c41-9a0e-3b6f52c7d801"
EVENT = "01914f3a-5d21-7a10-8f4b-6c1de09a2b01"
SIGNED = bytes([0x31, 0x42, 0x05, 0x00]) + bytes(range(1, 33))
KEY = (SIGNED + hashlib.blake2b(SIGNED, digest_size=64).digest()).hex()


class Value:
    """A value of an earlier answer: that of the call `call`, at a JSON pointer."""

    def __init__(self, call, pointer):
        self.call, self.pointer = call, pointer


class Input:
    """A value that differs between tenants."""

    def __init__(self, name):
        self.name = name


class Call:
    def __init__(
        self,
        name,
        operation,
        method,
        path,
        body=None,
        *,
        kind="form",
        command=False,
        parameter=None,
    ):
        self.name, self.operation, self.method, self.path = name, operation, method, path
        self.body, self.kind, self.is_command, self.parameter = body, kind, command, parameter

    @property
    def status(self):
        return 202 if self.is_command else 200

    @property
    def has_token(self):
        return self.name not in ("register", "login")


def read(name, operation, path, parameter=None):
    return Call(name, operation, "GET", path, parameter=parameter)


def command(name, operation, path, body, kind="form"):
    return Call(name, operation, "POST", path, body, kind=kind, command=True)


def device(name):
    """The calls that request a device and approve it, and its identifier."""
    identifier = {"deviceIdentifier": Value(f"{name}Identifier", "/deviceIdentifier")}
    request = {"id": Value(f"{name}Request", "/0")}
    section = "device.request-unique-identifier", "/device/request-unique-identifier"
    calls = [
        command(f"{name}Request", *section, {"deviceName": name}),
        Call(
            f"{name}Identifier", "device.retrieve-unique-identifier", "POST",
            "/device/retrieve-unique-identifier", request,
        ),
        command(f"{name}Approval", "device.approve-device", "/device/approve-device", identifier),
    ]  # fmt: skip
    return calls, identifier


def calls():
    account = {"username": Input("username"), "password": Input("password")}
    vault_calls, vault = device("vault")
    phone_calls, phone = device("phone")
    voters, policies = "verified-authenticator", "policy"
    consent = {
        "name": "consent", "timeLimit": 60, "strategy": "affirmative",
        "deviceIdentifiers": [phone["deviceIdentifier"]],
    }  # fmt: skip
    rule = {
        "name": "contracts", "policyTemplateId": TEMPLATE, "applyingEventIds": [EVENT],
        "configuration": {"classification": "internal", "label": "contracts", "handling": "consent"},
        "configurationId": Value("configurations", "/0/id"),
    }  # fmt: skip
    return [
        command("register", "profile.register-new-profile", "/profile/register-profile", account),
        Call("login", "profile.authenticate", "POST", "/profile/authenticate", account),
        command(
            "key", "public-key.register-public-key", "/public-key/register-public-key",
            {"publicKey": KEY},
        ),
        read("keys", "public-key.retrieve-public-key", "/public-key/retrieve-public-key"),
        *vault_calls,
        command(
            "name", "device.configure-device-meta", "/device/configure-meta",
            vault | {"name": "first vault"},
        ),
        command("store", "storage.register-storage-device", "/storage/register", vault),
        read("stores", "storage.list-storage-devices", "/storage/list-storage-devices"),
        *phone_calls,
        command("voter", f"{voters}.register-authenticator", f"/{voters}/register", phone),
        read(
            "voters", f"{voters}.list-verified-authenticators",
            f"/{voters}/list-verified-authenticator",
        ),
        read("devices", "device.retrieve-profile-devices", "/device/retrieve-profile-devices"),
        command(
            "reservation", "data-token.reserve-token-space", "/data-token/reserve-token-space",
            {"context": "contracts", "ttl": 5},
        ),
        read(
            "space", "data-token.retrieve-temporary-data-token",
            "/data-token/retrieve-temporary-data-token/{commandId}", Value("reservation", "/0"),
        ),
        command(
            "limit", f"{voters}.set-voting-time-limit", f"/{voters}/set-voting-time-limit",
            {"timeLimit": 90},
        ),
        read("strategy", f"{voters}.retrieve-voting-strategy", f"/{voters}/retrieve-strategy"),
        command(
            "consent", f"{voters}.register-voting-configuration",
            f"/{voters}/voting-configuration/register", consent, "json",
        ),
        read(
            "configurations", f"{voters}.list-voting-configurations",
            f"/{voters}/voting-configuration/list",
        ),
        read("templates", f"{policies}.list-policy-templates", "/policy/list-policy-templates"),
        command("rule", f"{policies}.register-policy", "/policy/register", rule, "json"),
        read("inactive", f"{policies}.list-inactive-policies", "/policy/list-inactive-policies"),
        command(
            "active", f"{policies}.activate-policy", "/policy/activate",
            {"policyId": Value("inactive", "/0/id")},
        ),
    ]  # fmt: skip


def written(body, write):
    """A body with its values replaced by what `write` makes of them."""
    match body:
        case dict():
            return {name: written(value, write) for name, value in body.items()}
        case list():
            return [written(value, write) for value in body]
        case Value() | Input():
            return write(body)
    return body


# Ansible


def jinja(value):
    if isinstance(value, Input):
        return f"{{{{ {value.name} }}}}"
    parts = value.pointer.strip("/").split("/")
    path = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts)
    return f"{{{{ {value.call}.json{path} }}}}"


def ansible_task(api, call):
    path = call.path.replace("{commandId}", jinja(call.parameter) if call.parameter else "")
    module = {"url": f"{api}{path}", "method": call.method, "status_code": call.status}
    if call.body:
        module["body"] = written(call.body, jinja)
        module["body_format"] = "json" if call.kind == "json" else "form-urlencoded"
    if call.has_token:
        module["headers"] = {"X-DPT-AUTHORIZATION": "{{ login.json.authorizationToken }}"}
    return {"name": call.name, "ansible.builtin.uri": module, "register": call.name}


def ansible_poll(api, call):
    url = f"{api}/request-status/{jinja(Value(call.name, '/0'))}"
    return {
        "name": f"{call.name} is done", "ansible.builtin.uri": {"url": url, "status_code": [200, 202]},
        "register": "state", "until": "state.status == 200", "retries": 50, "delay": 0,
    }  # fmt: skip


def ansible_playbook(api):
    tasks = []
    for call in calls():
        tasks.append(ansible_task(api, call))
        if call.is_command:
            tasks.append(ansible_poll(api, call))
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": tasks}
    return json.dumps([play])


# Arazzo


def expression(value):
    if isinstance(value, Input):
        return f"$inputs.{value.name}"
    return f"$steps.{value.call}.outputs.{output(value)}"


def output(value):
    return "value" + value.pointer.replace("/", "_")


def arazzo_step(call, outputs):
    step = {
        "stepId": call.name, "operationId": call.operation, "parameters": [],
        "successCriteria": [{"condition": f"$statusCode == {call.status}"}],
        "outputs": {output(value): f"$response.body#{value.pointer}" for value in outputs},
    }  # fmt: skip
    if call.has_token:
        token = expression(Value("login", "/authorizationToken"))
        step["parameters"].append({"name": "X-DPT-AUTHORIZATION", "in": "header", "value": token})
    if call.parameter:
        value = expression(call.parameter)
        step["parameters"].append({"name": "commandId", "in": "path", "value": value})
    if call.body:
        kind = "application/json" if call.kind == "json" else "application/x-www-form-urlencoded"
        step["requestBody"] = {"contentType": kind, "payload": written(call.body, expression)}
    return step


def arazzo_poll(call):
    value = expression(Value(call.name, "/0"))
    return {
        "stepId": f"{call.name}Done", "operationId": "utility.request-command-id-status",
        "parameters": [{"name": "commandId", "in": "path", "value": value}],
        "successCriteria": [{"condition": "$statusCode == 200"}],
    }  # fmt: skip


def arazzo_document(folder, api):
    """Writes the description of the API and an Arazzo document about it; returns its path."""
    text = (measuring.ROOT / "schemas" / "privicore-api.yaml").read_text()
    (folder / "api.yaml").write_text(text.replace("http://localhost:8009", api))
    used = {}

    def note(value):
        if isinstance(value, Value):
            used.setdefault(value.call, {})[value.pointer] = value

    for call in calls():
        written(call.body, note)
        note(call.parameter)
        if call.is_command:
            note(Value(call.name, "/0"))
    note(Value("login", "/authorizationToken"))
    steps = []
    for call in calls():
        steps.append(arazzo_step(call, used.get(call.name, {}).values()))
        if call.is_command:
            steps.append(arazzo_poll(call))
    strings = {name: {"type": "string"} for name in ("username", "password")}
    document = {
        "arazzo": "1.0.0", "info": {"title": "Onboarding", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "./api.yaml", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "onboarding", "steps": steps,
                "inputs": {"type": "object", "properties": strings},
            }
        ],
    }  # fmt: skip
    path = folder / "onboarding.arazzo.json"
    path.write_text(json.dumps(document))
    return path
