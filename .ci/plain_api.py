"""Plain requests to a Privicore service: how scripts read a vault, and change it behind a run.

Nothing here shares anything with `privirun`. Answers are understood in each form that the
description of the API allows: lists bare, under `items` or by id, command ids as strings, lists,
objects or in a header, records under several spellings, flat or nested.
"""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request

from processes import Breach, Refused

DEVICE = ("deviceIdentifier", "deviceId", "device-identifier", "id")
IN_FLIGHT = {"started", "submitted", "pending", "processing", "1"}
DONE = {"succeeded", "success", "finished", "completed", "2"}


def pick(record, *names):
    """The first of some fields that a record has, itself or in an object within it; else None."""
    for name in names:
        if record.get(name) is not None:
            return record[name]
    for inner in record.values():
        if isinstance(inner, dict) and (found := pick(inner, *names)) is not None:
            return found
    return None


def rows(answer):
    """The records of a list, whatever envelope it comes in."""
    if isinstance(answer, list):
        return answer
    for name in ("items", "data", "rows"):
        if isinstance(answer.get(name), list):
            return answer[name]
    keyed = answer["items"] if isinstance(answer.get("items"), dict) else answer
    return [{"id": key} | one for key, one in keyed.items() if isinstance(one, dict)]


class Vault:
    """What one user has at a service, by requests of that user."""

    def __init__(self, addresses, username, password):
        self.base = addresses["PRIVICORE_API_URL"]
        self.credentials = {"username": username, "password": password}
        self.token = None

    # Requests

    def exchange(self, method, path, fields=None, as_json=False):
        """One request; its status, headers, and the answer as JSON or text."""
        body, headers = None, {}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(fields).encode()
        if as_json:
            headers["Content-Type"] = "application/json"
            body = json.dumps(fields).encode()
        if self.token:
            headers["X-DPT-AUTHORIZATION"] = self.token
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status, head, content = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, head, content = error.code, error.headers, error.read()
        try:
            return status, head, json.loads(content)
        except ValueError:
            return status, head, content.decode(errors="replace")

    def authenticated(self, *request, **options):
        """As `exchange`, with a token; signs in first where there is none, or a dead one."""
        for _ in range(2):
            if not self.token:
                _, _, answer = self.exchange("POST", "/profile/authenticate", self.credentials)
                if not isinstance(answer, dict) or "authorizationToken" not in answer:
                    raise Breach(f"{self.credentials['username']} cannot sign in: {answer}")
                self.token = answer["authorizationToken"]
            status, head, answer = self.exchange(*request, **options)
            if status != 401:
                break
            self.token = None
        return status, head, answer

    def get(self, *paths):
        """What the first of some paths answers that the service has; None when there is nothing."""
        for path in paths:
            status, _, answer = self.authenticated("GET", path)
            if status == 200:
                return answer
            if status not in (404, 405):
                raise Breach(f"{path} is answered with {status}: {answer}")
        return None

    def command(self, path, fields, as_json=False):
        """Sends a command, waits until it is done, and returns its id."""
        status, head, answer = self.authenticated("POST", path, fields, as_json=as_json)
        if status not in (200, 202):
            raise Breach(f"{path} is answered with {status}: {answer}")
        if isinstance(answer, dict):
            answer = answer.get("commandId")
        elif isinstance(answer, list):
            answer = answer[0]
        identifier = answer or head["X-Dpt-Cab-Id"]
        if (outcome := self.outcome(identifier)) not in DONE:
            raise Refused(f"{path} is refused: {outcome}")
        return identifier

    def outcome(self, command):
        for _ in range(200):
            path = f"/request-status/{command}"
            status, _, answer = self.exchange("GET", path)
            if status == 405:
                status, _, answer = self.exchange("POST", path, {}, as_json=True)
            if isinstance(answer, list) and answer:
                answer = answer[0]
            if isinstance(answer, dict):
                answer = pick(answer, "command_status", "status", "state")
            word = str(answer).lower()
            if status != 202 and word not in IN_FLIGHT:
                return word if word or status != 200 else "success"
            time.sleep(0.02)
        return "still in flight"

    # What there is

    def devices(self):
        """Every device, by its id: its name, status and roles."""
        roles = {
            "storage": self.get("/storage/list-storage-devices"),
            "authenticator": self.get(
                "/verified-authenticator/list-verified-authenticator",
                "/verified-authenticator/list-verified-authenticators",
            ),
        }
        holders = {role: {pick(one, *DEVICE) for one in rows(all)} for role, all in roles.items()}
        found = {}
        for one in rows(self.get("/device/retrieve-profile-devices")):
            identifier = pick(one, *DEVICE)
            given = [role for role, holding in holders.items() if identifier in holding]
            found[identifier] = (one["name"], pick(one, "status", "state"), *given)
        return found

    def named(self, name):
        """The id of the only device of a name."""
        (identifier,) = [key for key, one in self.devices().items() if one[0] == name]
        return identifier

    def configurations(self):
        """The voting configurations, as the service shows them, with `id`."""
        return rows(
            self.get(
                "/verified-authenticator/voting-configuration/list",
                "/verified-authenticator/list-voting-configurations",
            )
        )

    def policies(self):
        """The policies, as the service shows them."""
        return rows(self.get("/policy/list-policies", "/policy/list-registered-policies"))

    def data(self):
        """The rows of all data tokens."""
        return rows(self.get("/data-token/list-data-tokens?page=1&perPage=100"))

    def key(self):
        """The registered public key in lower case; None when there is none."""
        answer = self.get("/public-key/retrieve-public-key")
        key = pick(answer, "publicKey", "public_key") if isinstance(answer, dict) else answer
        return key and key.lower()

    def settings(self):
        """How votes are decided by default, each value as a string, `None` where none is shown.

        A service may answer with the strategies that there are, or with these at times.
        """
        answers = (self.get("/verified-authenticator/retrieve-strategy") for _ in range(20))
        answer = next((one for one in answers if isinstance(one, dict)), {})
        names = {
            "strategy": ("strategy",),
            "share": ("strategyParams", "strategy_params"),
            "quorum": ("quorumSize", "quorum_size", "size"),
            "limit": ("timeLimit", "time_limit"),
            "attempts": ("numberOfAttempts", "number_of_attempts"),
        }
        return {name: str(pick(answer, *spellings)) for name, spellings in names.items()}

    def state(self):
        """All of it that does not depend on ids, tokens, unused reservations and polls."""
        devices, configurations = self.devices(), self.configurations()
        names = {one["id"]: one["name"] for one in configurations if one.get("id")}

        def configuration(one):
            asked = pick(one, "deviceIdentifiers", "device_identifiers") or []
            return {
                "name": one["name"],
                "limit": str(pick(one, "timeLimit", "time_limit")),
                "strategy": one["strategy"],
                "asked": sorted(devices.get(device, ("gone",))[0] for device in asked),
            }

        def policy(one):
            used = one.get("configurationId") or one.get("votingConfigurationId")
            return {
                "name": one["name"],
                "status": pick(one, "status", "state"),
                "events": sorted(one.get("applyingEventIds") or []),
                "configuration": one.get("configuration"),
                "asks": names.get(used, used),
            }

        def row(one):
            shown = ("context", "fileName", "extension", "size", "path")
            risk = ("classification", "label", "handling")
            values = {name: pick(one, name) for name in shown + risk}
            return values | {"size": values["size"] and str(values["size"])}

        def ordered(records):
            return sorted(records, key=lambda one: json.dumps(one, sort_keys=True))

        return {
            "hasKey": self.key() is not None,
            "devices": sorted(devices.values()),
            "configurations": ordered(map(configuration, configurations)),
            "policies": ordered(map(policy, self.policies())),
            "data": ordered(map(row, self.data())),
            "settings": self.settings(),
        }


class Meddler(Vault):
    """Someone who changes the vault behind a run's back."""

    def configuration(self, name):
        return next(one for one in self.configurations() if one["name"] == name)

    def change_configuration(self, name, **changes):
        one = self.configuration(name)
        fields = {
            "id": one["id"], "name": name, "strategy": one["strategy"],
            "timeLimit": int(pick(one, "timeLimit", "time_limit")),
            "deviceIdentifiers": pick(one, "deviceIdentifiers", "device_identifiers") or [],
        }  # fmt: skip
        path = "/verified-authenticator/voting-configuration/update"
        self.command(path, fields | changes, as_json=True)

    def register_configuration(self, **fields):
        path = "/verified-authenticator/voting-configuration/register"
        self.command(path, fields, as_json=True)

    def policy(self, name):
        return next(one for one in self.policies() if one["name"] == name)

    def switch_policy(self, name, verb):
        self.command(f"/policy/{verb}", {"policyId": self.policy(name)["id"]})

    def end_policy(self, name):
        if pick(self.policy(name), "status", "state") == "active":
            self.switch_policy(name, "deactivate")
        self.switch_policy(name, "delete")

    def delete_inactive_policy(self, name):
        found = [one for one in self.policies() if one["name"] == name]
        (identifier,) = [one["id"] for one in found if pick(one, "status", "state") == "inactive"]
        self.command("/policy/delete", {"policyId": identifier})

    def register_policy(self, record):
        """Registers a policy as it is shown, with other values if `record` has been changed."""
        names = ("name", "policyTemplateId", "applyingEventIds", "configuration")
        used = record.get("configurationId") or record.get("votingConfigurationId")
        fields = {name: record[name] for name in names}
        fields |= {"configurationId": used, "votingConfigurationId": used}
        self.command("/policy/register", fields, as_json=True)

    def events(self):
        """The ids of the events of the template that the policies use, by their names."""
        return {
            next(iter(names)): identifier
            for one in rows(self.get("/policy/list-policy-templates"))
            for identifier, names in one["events"].items()
        }

    def device_command(self, path, identifier, **fields):
        self.command(path, {"deviceIdentifier": identifier} | fields)

    def request_device(self, name):
        """Has one more device of a name, which waits for its approval; returns its id."""
        before = set(self.devices())
        self.command("/device/request-unique-identifier", {"deviceName": name})
        (identifier,) = set(self.devices()) - before
        return identifier

    def store(self, context, name, size=32):
        """Stores a few bytes that nobody can decrypt as a file of a name and, as it is described,
        of a size; returns its token."""
        before = self.tokens(name)
        command = self.command("/data-token/reserve-token-space", {"context": context, "ttl": 5})
        answer = self.get(f"/data-token/retrieve-temporary-data-token/{command}")
        token = answer["token"] if isinstance(answer, dict) else answer
        data = base64.b64encode(bytes(60)).decode()
        fields = {"temporaryTokenSpace": token, "data": data}
        self.command("/data-token/exchange-data-for-token", fields)
        self.describe(token, fileName=name, context=context, size=size)
        (stored,) = set(self.tokens(name)) - set(before)
        return stored

    def describe(self, token, **fields):
        every = {"token": token, "extension": "txt", "size": 32, "path": "/"} | fields
        status, _, answer = self.authenticated("POST", "/data-token/configure-file-meta", every)
        if status not in (200, 202):
            raise Breach(f"a file cannot be described: {status}, {answer}")

    def tokens(self, name):
        """The tokens of the files of a name, as they are listed."""
        return [pick(one, "token") for one in self.data() if pick(one, "fileName") == name]

    def delete_data(self, token):
        self.command("/data-token/delete-data", {"token": token})

    def set(self, setting, **fields):
        self.command(f"/verified-authenticator/set-{setting}", fields)

    def register_key(self, key):
        """Registers another public key; returns the one before."""
        before = self.key()
        self.command("/public-key/register-public-key", {"publicKey": key})
        return before

    def change_password(self, wanted):
        """Changes the password; returns the one before."""
        before = self.credentials["password"]
        fields = {"currentPassword": before, "newPassword": wanted}
        self.command("/profile/change-password", fields)
        self.credentials["password"] = wanted
        return before


def difference(expected, found):
    """What is different between two states, in lines; empty when nothing is."""
    lines = []
    for name in expected:
        if expected[name] != found[name]:
            texts = (json.dumps(state[name], sort_keys=True) for state in (expected, found))
            lines.append("%s: %s in place of %s" % (name, *reversed(list(texts))))
    return "\n".join(lines)
