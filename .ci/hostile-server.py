#!/usr/bin/env python3
"""A Privicore service that misbehaves: .ci/hostile-server.py [--calm] [--seed N]

It was written from the description of the API alone and shares nothing with `privirun sandbox`, so
that a mistake of the one does not hide in the other. It has the operations of the workflows that
can be run again, and the reads that show whether one took effect, in another dialect: command ids
as bare strings, objects or headers only, statuses as objects and by POST only, lists under `items`,
keyed by id or bare, numbers as strings, settings under the names by which they are set, keys in
upper case, bare identifiers, timestamps with `Z`, answers to a join without correlation, data
inline or behind a value for the download server, a second record wherever a name is given twice.

Unless --calm is given, it loses answers and messages, doubles, delays and reorders messages, drops
connections and sockets, throttles, ends tokens, and lets reads lag: at random by its seed, but a
client that tries three times gets through.

`GET /ledger` of the API returns what was received, what had an effect, the faults, the violations
of the protocol, the ids of all polls, and how many commands are in progress.
"""

import argparse
import asyncio
import base64
import collections
import copy
import datetime
import email.utils
import hashlib
import json
import random
import re
import sys
import urllib.parse

sys.dont_write_bytecode = True

from hostile_votes import Votes
from hostile_wire import Answer, Channel, Refusal, read_request, reset

INLINE_LIMIT = 51_200  # characters of base64 in an exchange or a message


# -------------------------------------------------------------------------------------- faults


class Faults:
    """Draws what goes wrong, and keeps it so that a patient client gets through."""

    # How often each comes, among all faults of a request.
    OF_REQUESTS = {
        "slow": 3, "reset-before": 3, "throttled": 2, "throttled-until": 1, "unavailable": 2,
        "token-ended": 2, "reset-after": 4, "half-answer": 2, "bad-gateway": 2,
        "unavailable-after": 1,
    }  # fmt: skip

    def __init__(self, generator, calm):
        self.random, self.calm = generator, calm
        self.counts = collections.Counter()
        self.spared = collections.Counter()  # by request, how often it still passes
        self.truce = 0  # how many requests pass before the next fault

    def strike(self, name, share):
        """Whether the fault `name`, which comes in this share of the cases, comes now."""
        if self.calm or self.random.random() >= share:
            return False
        self.counts[name] += 1
        return True

    def of_request(self, key):
        """The fault of a request, or None.

        After one, the same request passes three times, and any five requests pass.
        """
        self.truce -= 1
        self.spared[key] -= 1
        if self.truce > 0 or self.spared[key] > 0 or self.calm or self.random.random() >= 0.04:
            return None
        self.truce, self.spared[key] = 6, 4
        names = list(self.OF_REQUESTS)
        name = self.random.choices(names, self.OF_REQUESTS.values())[0]
        self.counts[name] += 1
        return name


# ------------------------------------------------------------------------------------- service


class Profile:
    """A tenant: what is true of it, and what its reads show, which may lag behind."""

    def __init__(self, identifier, password):
        self.id, self.password, self.key = identifier, password, None
        tables = ("devices", "reservations", "data", "configurations", "policies", "polls")
        tables += ("settings", "applications")
        self.records = {table: {} for table in tables}
        self.shown = copy.deepcopy(self.records)
        self.version = self.shown_version = 0

    def show(self, version, records):
        if version > self.shown_version:
            self.shown_version, self.shown = version, records


class Call:
    """A request for one operation: who calls, the fields, and the last part of the path."""

    def __init__(self, operation, profile, request, part):
        self.operation, self.profile, self.part = operation, profile, part
        self.token = request.headers.get("x-dpt-authorization")
        self.fields = request.query if request.method == "GET" else request.fields()

    def __getitem__(self, name):
        if not (value := self.fields.get(name)):
            raise Refusal(422, "must not be blank", name)
        return value

    def shown(self, table):
        return list(self.profile.shown[table].values())

    def with_role(self, role):
        return [device for device in self.shown("devices") if role in device["roles"]]


class Command:
    """An accepted command; `apply` carries it out and returns why it is refused, or None."""

    def __init__(self, identifier, call, apply):
        self.id, self.profile, self.apply = identifier, call.profile, apply
        self.status, self.reason = 1, None

    def message(self):
        status = {"command_status": self.status, "body": self.reason}
        return {"data": {"type": "X-DPT-CAB-ID", "id": self.id} | status}


class Engine:
    """What is known, what happens with time, and what the ledger says of it."""

    def __init__(self, seed, calm):
        self.random = random.Random(seed)
        self.faults = Faults(random.Random(f"faults of {seed}"), calm)
        self.profiles, self.tokens, self.commands = {}, {}, {}
        self.uploads, self.downloads = {}, {}  # what single-use values stand for
        self.used, self.channels = set(), set()
        self.keyless = set()  # devices that did not register a key of their own yet
        self.received, self.effects = collections.Counter(), collections.Counter()
        self.violations = []

    def new(self, kind):
        return f"{kind}-{self.random.getrandbits(96):024x}"

    def later(self, longest, action, *arguments):
        delay = self.random.uniform(0.002, longest)
        asyncio.get_running_loop().call_later(delay, action, *arguments)

    def violate(self, kind, operation):
        self.violations.append({"kind": kind, "operation": operation})

    def changed(self, profile, lags=False):
        """Lets reads show what is true now, or a little later."""
        profile.version += 1
        arguments = (profile.version, copy.deepcopy(profile.records))
        if lags:
            self.later(0.3, profile.show, *arguments)
        else:
            profile.show(*arguments)

    def effect(self, call):
        self.effects[call.operation] += 1
        self.changed(call.profile, lags=self.faults.strike("read-lag", 0.15))

    def begin(self, call, apply):
        """Takes a command, which is carried out soon."""
        watched = any(channel.profile is call.profile for channel in self.channels)
        if not watched and call.operation != "profile.register-new-profile":
            self.violate("command-before-join", call.operation)
        command = Command(self.new("cmd"), call, apply)
        self.commands[command.id] = command
        if self.faults.strike("pending-storm", 0.04):
            for _ in range(20):
                self.later(0.05, self.publish, call.profile, command.message())
        if self.faults.strike("early-ack", 0.1):
            self.settle(command)
        else:
            self.later(0.01, self.settle, command)
        return command

    def accept(self, call, apply):
        """Takes a command, and returns its id in one of three places, as the operation does."""
        command = self.begin(call, apply)
        shape = sum(call.operation.encode())
        if shape % 3 == 0:
            return Answer(202, command.id)
        if shape % 3 == 1:
            return Answer(200, {"commandId": command.id})
        return Answer(202, X_Dpt_Cab_Id=command.id)

    def settle(self, command):
        command.reason = command.apply(command)
        command.status = 3 if command.reason else 2
        if self.faults.strike("ack-lost", 0.01):
            return
        for _ in range(2 if self.faults.strike("ack-doubled", 0.1) else 1):
            if self.faults.strike("ack-late", 0.1):
                self.later(0.5, self.publish, command.profile, command.message())
            else:
                self.publish(command.profile, command.message())

    def publish(self, profile, message):
        """Sends a message to every socket of a profile; it is not kept for one that comes later."""
        for channel in [one for one in self.channels if one.profile is profile]:
            channel.send(message, pieces=2 if self.faults.strike("fragments", 0.1) else 1)
            if self.faults.strike("socket-dropped", 0.01):
                self.channels.discard(channel)
                reset(channel.writer)

    def caller(self, request, operation):
        """The profile that a request's token stands for."""
        token = request.headers.get("x-dpt-authorization")
        if not token:
            self.violate("call-without-token", operation)
        if token not in self.tokens:
            raise Refusal(401, "token expired")
        return self.tokens[token]

    def ledger(self):
        names = sorted(set(self.received) | set(self.effects))
        counts = {"received": self.received, "effects": self.effects}
        return {
            "operations": {n: {kind: count[n] for kind, count in counts.items()} for n in names},
            "violations": self.violations,
            "faults": dict(self.faults.counts),
            "polls": [id for one in self.profiles.values() for id in one.records["polls"]],
            "inProgress": sum(command.status == 1 for command in self.commands.values()),
        }


# Method, path and operation; the handler is the method of `Service` that has its name.
WORDS = """
POST /request-status/{id} utility.request-command-id-status
POST /profile/register-profile profile.register-new-profile
POST /profile/authenticate profile.authenticate
POST /profile/change-password profile.change-password
POST /profile/revoke-authorization-token profile.revoke-authorization-token
POST /profile/oauth-application-register oauth-application.register-oauth-application
POST /profile/retrieve-oauth-application-configuration
  oauth-application.retrieve-oauth-app-configuration
GET /profile/retrieve-oauth-application-list oauth-application.oauth-application-list
POST /public-key/register-public-key public-key.register-public-key
GET /public-key/retrieve-public-key public-key.retrieve-public-key
POST /device/request-unique-identifier device.request-unique-identifier
POST /device/retrieve-unique-identifier device.retrieve-unique-identifier
GET /device/retrieve-profile-devices device.retrieve-profile-devices
POST /device/configure-meta device.configure-device-meta
POST /device/approve-device device.approve-device
POST /device/reject-device device.reject-device
POST /device/remove device.remove-device
POST /device/download-device-configuration device.retrieve-device-configuration
POST /storage/register storage.register-storage-device
GET /storage/list-storage-devices storage.list-storage-devices
POST /storage/sync-device storage.synchronize-device
POST /storage/remove storage.remove-storage
POST /verified-authenticator/register verified-authenticator.register-authenticator
POST /verified-authenticator/remove verified-authenticator.remove-authenticator
GET /verified-authenticator/list-verified-authenticators
  verified-authenticator.list-verified-authenticators
POST /data-token/reserve-token-space data-token.reserve-token-space
GET /data-token/retrieve-temporary-data-token/{id} data-token.retrieve-temporary-data-token
POST /data-token/exchange-data-for-token data-token.exchange-data-for-token
POST /data-token/configure-file-meta data-token.configure-file-meta
POST /data-token/configure-information-security-risk-meta
  data-token.configure-information-security-risk-meta
POST /data-token/delete-data data-token.delete-data
GET /data-token/list-data-tokens data-token.list-data-tokens
POST /data-token/request-data data-token.request-data-via-token
GET /verified-authenticator/retrieve-strategy verified-authenticator.retrieve-voting-strategy
POST /verified-authenticator/set-quorum-size verified-authenticator.set-quorum-size
POST /verified-authenticator/set-quorum-strategy verified-authenticator.set-quorum-strategy
POST /verified-authenticator/set-voting-time-limit verified-authenticator.set-voting-time-limit
POST /verified-authenticator/set-maximum-voting-attempts
  verified-authenticator.set-maximum-voting-attempts
POST /verified-authenticator/voting-configuration/register
  verified-authenticator.register-voting-configuration
GET /verified-authenticator/voting-configuration/list
  verified-authenticator.list-voting-configurations
POST /verified-authenticator/voting-configuration/update
  verified-authenticator.update-voting-configuration
GET /verified-authenticator/voting-configuration/retrieve/{nameOrId}
  verified-authenticator.retrieve-voting-configuration
GET /policy/list-policy-templates policy.list-policy-templates
POST /policy/register policy.register-policy
GET /policy/list-registered-policies policy.list-registered-policies
GET /policy/retrieve-policy/{name} policy.retrieve-registered-policy
GET /policy/list-active-policies policy.list-active-policies
GET /policy/list-inactive-policies policy.list-inactive-policies
POST /policy/activate policy.activate-policy
POST /policy/deactivate policy.deactivate-policy
POST /policy/delete policy.delete-policy
POST /voting/create voting.create-voting
GET /voting/check-pool-status/{id} voting.check-pool-status
""".split()
ROUTES = [
    (method, re.compile(re.sub(r"{\w+}", "([^/]+)", path) + "$"), operation)
    for method, path, operation in zip(WORDS[::3], WORDS[1::3], WORDS[2::3])
]
WITHOUT_TOKEN = {
    "utility.request-command-id-status", "profile.register-new-profile", "profile.authenticate"
}  # fmt: skip
WITHOUT_KEY = {"public-key.register-public-key", "public-key.retrieve-public-key"}


class Service(Votes, Engine):
    """The operations, each by its name."""

    PAGES = {"page": 1, "perPage": 25}  # of lists, unless the request says otherwise

    def request_command_id_status(self, call):
        command = self.commands.get(call.part)
        if not command:
            raise Refusal(404, "no such command")
        word = {1: "submitted", 2: "completed", 3: "failed"}[command.status]
        status = {"command_status": word, "body": command.reason}
        return Answer(200, {"commandId": command.id} | status)

    # Profile and keys

    def register_new_profile(self, call):
        if call["username"] in self.profiles:
            raise Refusal(409, "the username is taken")
        call.profile = Profile(self.new("prf"), call["password"])
        self.profiles[call["username"]] = call.profile
        self.effect(call)
        return self.accept(call, lambda _: None)

    def authenticate(self, call):
        profile = self.profiles.get(call["username"])
        if not profile or profile.password != call["password"]:
            raise Refusal(401, "invalid credentials")
        token = self.new("tok")
        self.tokens[token] = profile
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
        stamp = end.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer(200, {"authorizationToken": token, "expiresAt": stamp})

    def change_password(self, call):
        current, wanted = call["currentPassword"], call["newPassword"]

        def apply(_):
            if call.profile.password != current:
                return "profile.wrong_password"
            call.profile.password = wanted
            self.effect(call)

        return self.accept(call, apply)

    def revoke_authorization_token(self, call):
        del self.tokens[call.token]
        self.effect(call)
        return Answer(200)

    def register_public_key(self, call):
        key = call["publicKey"].lower()
        if not re.fullmatch("[0-9a-f]{200}", key):
            raise Refusal(422, "must be 200 hexadecimal characters", "publicKey")
        signed = bytes.fromhex(key)
        if hashlib.blake2b(signed[:36]).digest() != signed[36:]:
            raise Refusal(422, "must end with its digest", "publicKey")

        def apply(_):
            if call.profile.key != key:
                call.profile.key = key
                self.effect(call)

        return self.accept(call, apply)

    def retrieve_public_key(self, call):
        if not call.profile.key:
            raise Refusal(404, "no key")
        return Answer(200, {"publicKey": call.profile.key.upper()})

    # Applications

    def register_oauth_application(self, call):
        record = {name: call[name] for name in ("name", "redirectUri", "scopes")}

        def apply(command):
            known = {"applicationId": command.id} | record
            call.profile.records["applications"][command.id] = known
            self.effect(call)

        return self.accept(call, apply)

    def oauth_application_list(self, call):
        shown = ("applicationId", "name", "scopes")
        rows = [{name: one[name] for name in shown} for one in call.shown("applications")]
        return Answer(200, rows)

    def retrieve_oauth_app_configuration(self, call):
        record = call.profile.records["applications"].get(call["applicationId"])
        if not record:
            raise Refusal(404, "no such application")
        if record.get("isGiven"):
            raise Refusal(422, "oauth.already_retrieved")
        record["isGiven"] = True
        self.effect(call)
        values = {name: record[name] for name in ("applicationId", "redirectUri")}
        values |= {"scopes": record["scopes"].split(",")}
        return Answer(200, values | {"clientId": self.new("cli"), "clientSecret": self.new("sec")})

    # Devices

    def request_unique_identifier(self, call):
        name, identifier = call["deviceName"], self.new("dev")
        if self.faults.strike("device-without-key", 0.1):
            self.keyless.add(identifier)
            self.later(0.3, self.keyless.discard, identifier)

        def apply(command):
            device = {"deviceId": identifier, "name": name, "status": "pending", "roles": []}
            call.profile.records["devices"][identifier] = device | {"request": command.id}
            self.effect(call)

        return self.accept(call, apply)

    def retrieve_unique_identifier(self, call):
        for device in call.shown("devices"):
            if device["request"] == call["id"]:
                return Answer(200, device["deviceId"])
        raise Refusal(404, "not found")

    def retrieve_profile_devices(self, call):
        return Answer(200, {"items": call.shown("devices")})

    def change_device(self, call, change):
        """A command on a device: `change` alters its record, or returns why it cannot."""
        identifier = call["deviceIdentifier"]

        def apply(_):
            device = call.profile.records["devices"].get(identifier)
            if not device:
                return "device.not_found"
            before = copy.deepcopy(device)
            reason = change(device)
            if device != before:
                self.effect(call)
            return reason

        return self.accept(call, apply)

    def approve_device(self, call):
        def change(device):
            if device["deviceId"] in self.keyless:
                return "device.key_missing"
            device["status"] = "approved"

        return self.change_device(call, change)

    def configure_device_meta(self, call):
        return self.change_device(call, lambda device: device.update(name=call["name"]))

    def drop_device(self, call, refusal=lambda _: None):
        identifier = call["deviceIdentifier"]

        def apply(_):
            device = call.profile.records["devices"].get(identifier)
            if reason := refusal(device) if device else "device.not_found":
                return reason
            del call.profile.records["devices"][identifier]
            self.effect(call)

        return self.accept(call, apply)

    def remove_device(self, call):
        return self.drop_device(call)

    def reject_device(self, call):
        return self.drop_device(
            call, lambda device: "device.not_pending" if device["status"] != "pending" else None
        )

    def give_role(self, call, role):
        def change(device):
            if device["status"] != "approved":
                return "device.not_approved"
            if role in device["roles"]:
                return f"{role}.already_registered"
            device["roles"].append(role)

        return self.change_device(call, change)

    def register_storage_device(self, call):
        return self.give_role(call, "storage")

    def register_authenticator(self, call):
        return self.give_role(call, "authenticator")

    def take_role(self, call, role):
        def change(device):
            if role not in device["roles"]:
                return f"{role}.not_registered"
            device["roles"].remove(role)

        return self.change_device(call, change)

    def remove_storage(self, call):
        return self.take_role(call, "storage")

    def remove_authenticator(self, call):
        return self.take_role(call, "authenticator")

    def synchronize_device(self, call):
        def change(device):
            if "storage" not in device["roles"]:
                return "storage.not_registered"
            device["copies"] = device.get("copies", 0) + 1

        return self.change_device(call, change)

    def list_storage_devices(self, call):
        return Answer(200, {"items": call.with_role("storage"), "meta": {"page": 1}})

    def list_verified_authenticators(self, call):
        return Answer(200, {one["deviceId"]: one for one in call.with_role("authenticator")})

    def retrieve_device_configuration(self, call):
        identifier = call["deviceIdentifier"]
        if identifier not in call.profile.records["devices"]:
            raise Refusal(404, "not found")
        own = {name: f"{name} of {identifier}" for name in ("rabbit-user", "rabbit-pass")}
        client = {"client-id": f"client of {identifier}", "client-secret": f"proof of {identifier}"}
        queue = {"rabbit-host": "queue.invalid", "rabbit-port": "5672"}
        return Answer(200, {"device-identifier": identifier} | client | own | queue)

    # Data

    def reserve_token_space(self, call):
        context, minutes = call["context"], call.fields.get("ttl", "5")
        if not minutes.isdigit() or not 1 <= int(minutes) <= 60:
            raise Refusal(422, "must be 1 to 60 minutes", "ttl")
        token, stream = self.new("tmp"), self.new("up")

        def apply(command):
            row = {"token": token, "stream": stream, "context": context, "request": command.id}
            call.profile.records["reservations"][token] = row
            self.uploads[stream] = (call.profile, token)
            self.effect(call)

        return self.accept(call, apply)

    def retrieve_temporary_data_token(self, call):
        for row in call.shown("reservations"):
            if row["request"] == call.part:
                place = {"stream_server_id": "127.0.0.1", "stream_server_port": self.upload_port}
                return Answer(200, {name: row[name] for name in ("token", "stream")} | place)
        raise Refusal(404, "not found")

    def store(self, call, token, payload):
        """Puts a payload behind a reserved token; returns why that cannot be."""
        records = call.profile.records
        if not any("storage" in device["roles"] for device in records["devices"].values()):
            return "storage.none"
        if not (reservation := records["reservations"].pop(token, None)):
            return "data_token.reservation_gone"
        row = {"token": token, "reserved": token, "context": reservation["context"]}
        records["data"][token] = row | {"payload": payload}
        self.effect(call)

    def exchange_data_for_token(self, call):
        token, data = call["temporaryTokenSpace"], call["data"]
        if len(data) > INLINE_LIMIT:
            raise Refusal(422, "is too long", "data")
        if token not in call.profile.records["reservations"]:
            raise Refusal(404, "no such reservation")
        return self.accept(call, lambda _: self.store(call, token, data))

    def stored(self, call):
        for row in call.profile.records["data"].values():
            if call["token"] in (row["token"], row["reserved"]):
                return row
        raise Refusal(404, "no such token")

    def configure_file_meta(self, call):
        row = self.stored(call)
        if row["token"] == row["reserved"]:
            row["token"] = self.new("dtk")
        row |= {name: call[name] for name in ("fileName", "extension", "size", "path")}
        self.effect(call)
        return Answer(200, row["token"])

    def configure_information_security_risk_meta(self, call):
        token = self.stored(call)["reserved"]
        risk = {name: call[name] for name in ("classification", "label", "handling")}

        def apply(_):
            if not (row := call.profile.records["data"].get(token)):
                return "data_token.not_found"
            if row.get("meta") != {"information_security_risk": risk}:
                row["meta"] = {"information_security_risk": risk}
                self.effect(call)

        return self.accept(call, apply)

    def delete_data(self, call):
        token = self.stored(call)["reserved"]

        def apply(_):
            if not call.profile.records["data"].pop(token, None):
                return "data_token.not_found"
            self.effect(call)

        return self.accept(call, apply)

    def list_data_tokens(self, call):
        filters = {
            name[len("filters[") : -1].removeprefix("meta.file."): value
            for name, value in call.fields.items()
            if name.startswith("filters[") and value
        }
        hidden = ("payload", "reserved", "request", "stream")
        rows = [
            {name: value for name, value in row.items() if name not in hidden}
            for row in call.shown("data")
            if all(
                value in ((row["token"], row["reserved"]) if name == "token" else (row.get(name),))
                for name, value in filters.items()
            )
        ]
        page, size = (int(call.fields.get(name, many)) for name, many in self.PAGES.items())
        shown = rows[(page - 1) * size : page * size]
        return Answer(200, {"items": shown, "meta": {"count": len(rows), "page": page}})

    def request_data_via_token(self, call):
        row, request = self.stored(call), self.new("req")
        common = {"type": "X-DPT-CAB-REQUEST-ID", "id": request, "data_context": row["context"]}

        def send(**rest):
            if not self.faults.strike("data-lost", 0.005):
                self.publish(call.profile, {"data": common | rest})

        def ready(value):
            self.downloads[value] = base64.b64decode(row["payload"])
            self.publish(call.profile, {"data": {"type": "STREAM-READY", "id": request}})

        def deliver():
            if len(row["payload"]) <= INLINE_LIMIT:
                return send(output_type=0, body=row["payload"])
            value = self.new("down")
            send(output_type=1, body=value)
            self.later(0.02, ready, value)

        send(output_type=0, body="the storage devices were asked")
        self.later(0.02, deliver)
        command = self.begin(call, lambda _: None)
        return Answer(202, None, X_Dpt_Cab_Request_Id=request, X_Dpt_Cab_Id=command.id)

    # What each listener does with a request

    def api(self, request):
        if request.path == "/ledger":
            return Answer(200, self.ledger())
        found = [route for route in ROUTES if route[1].match(request.path)]
        for method, pattern, operation in found:
            if method != request.method:
                continue
            self.received[operation] += 1
            profile = None if operation in WITHOUT_TOKEN else self.caller(request, operation)
            if profile and not profile.key and operation not in WITHOUT_KEY:
                if method != "GET":
                    self.violate("call-before-key", operation)
                raise Refusal(403, "register a key first")
            parts = [urllib.parse.unquote(part) for part in pattern.match(request.path).groups()]
            call = Call(operation, profile, request, parts[0] if parts else None)
            return getattr(self, operation.split(".")[1].replace("-", "_"))(call)
        return Answer(405 if found else 404, b"no such route")

    def use(self, request, operation, values):
        """What a single-use value stands for; it is used then."""
        self.received[operation] += 1
        value = request.query.get("auth")
        if value in self.used:
            self.violate("reused-stream-value", operation)
        if value in self.used or value not in values:
            raise Refusal(401 if value in self.used else 404, "unknown or used")
        self.used.add(value)
        return values[value]

    def upload(self, request):
        operation = "data-token.upstream-file-via-stream-auth"
        profile, token = self.use(request, operation, self.uploads)
        call = Call(operation, profile, request, None)
        if reason := self.store(call, token, base64.b64encode(request.body).decode()):
            raise Refusal(404, reason)
        return Answer(201)

    def download(self, request):
        return Answer(200, self.use(request, "data-token.download-data", self.downloads))


# --------------------------------------------------------------------------------- connections


async def exchange(service, request, writer, perform):
    """Answers one request, or meets it with a fault."""
    fault = None if request.path == "/ledger" else service.faults.of_request(request.key)
    if fault == "slow":
        await asyncio.sleep(service.random.uniform(0.05, 0.3))
    elif fault == "token-ended":
        service.tokens.pop(request.headers.get("x-dpt-authorization"), None)
    elif fault == "reset-before":
        return reset(writer)
    elif fault in ("throttled", "throttled-until", "unavailable"):
        stamp = email.utils.formatdate(datetime.datetime.now().timestamp() + 1, usegmt=True)
        pause = stamp if fault == "throttled-until" else service.random.choice([0, 1])
        status = 503 if fault == "unavailable" else 429
        return writer.write(Answer(status, {"error": "later"}, Retry_After=pause).wire())
    try:
        answer = perform(request)
    except Refusal as refusal:
        answer = refusal.answer
    wire = answer.wire()
    if fault == "reset-after":
        reset(writer)
    elif fault == "half-answer":
        writer.write(wire[: len(wire) - max(1, len(answer.body) // 2)])
        await writer.drain()
        reset(writer)
    elif fault in ("bad-gateway", "unavailable-after"):
        writer.write(Answer(502 if fault == "bad-gateway" else 503, b"<h1>gateway</h1>").wire())
    else:
        writer.write(wire)
        await writer.drain()


async def converse(service, request, reader, writer):
    """Speaks with one WebSocket until it ends."""
    if service.faults.of_request(b"handshake"):
        return writer.write(Answer(503, {"error": "later"}).wire())
    channel = Channel(reader, writer)
    channel.accept(request)
    async for text in channel.messages():
        try:
            message = json.loads(text)
            token = (message.get("data") or message)["authorizationToken"]
            action = message["action"]
        except (ValueError, AttributeError, KeyError, TypeError):
            service.violate("unreadable-message", None)
            continue
        if action == "joinChannel":
            if channel.profile:
                service.violate("second-join", "websockets.join-channel")
            if service.faults.of_request(b"join"):
                return reset(writer)
            channel.profile = service.tokens.get(token)
            if channel.profile:
                service.channels.add(channel)
                channel.send({"status": 200, "data": {"channelId": channel.profile.id}})
                channel.frame(0x9, b"there?")
            else:
                channel.send({"status": 401, "data": {"message": "invalid token"}})
        elif action == "leaveChannel":
            service.channels.discard(channel)
            channel.profile = None
            note = "Successfully left profile channel."
            channel.send({"status": 200, "data": {"channelId": "none", "message": note}})


def connection(service, perform):
    """The handler of a listener's connections."""

    async def handle(reader, writer):
        try:
            while not writer.is_closing():
                request = await read_request(reader)
                if request.headers.get("upgrade", "").lower() == "websocket":
                    return await converse(service, request, reader, writer)
                await exchange(service, request, writer, perform)
        except (OSError, EOFError, asyncio.LimitOverrunError, ValueError):
            pass  # the client is gone, or makes no sense
        finally:
            service.channels = {one for one in service.channels if one.writer is not writer}
            writer.close()

    return handle


async def main():
    parser = argparse.ArgumentParser(description="A Privicore service that misbehaves.")
    parser.add_argument("--calm", action="store_true", help="no faults")
    parser.add_argument("--seed", type=int, default=0, help="seed of all random choices")
    options = parser.parse_args()
    service = Service(options.seed, options.calm)
    listeners = {"API": service.api, "WS": service.api}
    listeners |= {"UPSTREAM": service.upload, "DOWNSTREAM": service.download}
    for name, perform in listeners.items():
        server = await asyncio.start_server(connection(service, perform), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        if name == "UPSTREAM":
            service.upload_port = port
        scheme = "ws" if name == "WS" else "http"
        print(f"export PRIVICORE_{name}_URL={scheme}://127.0.0.1:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
