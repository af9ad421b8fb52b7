"""Onboards tenants as onboarding.yaml does, with aiohttp: what a script made for the purpose costs.

    python client.py TENANTS CONCURRENCY

The service is that of the environment. Nothing is recorded. It ends with 1 when an answer or a message
is not as expected. Benchmarks/onboarding runs it, in an environment that has aiohttp.
"""

import asyncio
import hashlib
import os
import resource
import sys

import aiohttp

CONNECTIONS = 16  # to the API, as privirun has
PASSWORD = "correct horse battery staple"
SUCCEEDED, PENDING = 2, 1


def public_key():
    """The public key of some private key in the form that is registered."""
    signed = bytes([0x31, 0x42, 0x05, 0x00]) + bytes(range(1, 33))
    return (signed + hashlib.blake2b(signed, digest_size=64).digest()).hex()


class Tenant:
    """One tenant, from nothing to a vault that a policy guards."""

    key = public_key()

    def __init__(self, http, sockets, username):
        self.http, self.sockets, self.username = http, sockets, username
        self.headers = {}
        self.socket = None
        self.counts = [0, 0]  # requests, acknowledgements

    async def exchange(self, method, path, status=200, **body):
        self.counts[0] += 1
        async with self.http.request(method, path, headers=self.headers, **body) as answer:
            if answer.status != status:
                raise SystemExit(f"{path} was answered with {answer.status}: {await answer.text()}")
            return await answer.json()

    def read(self, path):
        return self.exchange("GET", path)

    async def command(self, path, **body):
        """Sends a command and waits for its acknowledgement; returns its id."""
        (identifier,) = await self.exchange("POST", path, 202, **body)
        while True:
            data = (await self.socket.receive_json())["data"]
            if data.get("id") != identifier or data["command_status"] == PENDING:
                continue
            if data["command_status"] != SUCCEEDED:
                raise SystemExit(f"{path} was refused: {data}")
            self.counts[1] += 1
            return identifier

    async def send(self, action, **data):
        """Sends a message and returns the answer's data."""
        shared = {"correlationId": self.username, "authorizationToken": self.token}
        await self.socket.send_json({"action": action, "data": shared | data} | shared)
        answer = await self.socket.receive_json()
        if answer["status"] != 200:
            raise SystemExit(f"{action} was refused: {answer}")
        return answer["data"]

    async def register(self):
        account = {"username": self.username, "password": PASSWORD}
        (command,) = await self.exchange("POST", "/profile/register-profile", 202, data=account)
        (state, *_) = await self.read(f"/request-status/{command}")
        if state.lower() != "succeeded":
            raise SystemExit(f"{self.username} is not registered: {state}")
        session = await self.exchange("POST", "/profile/authenticate", data=account)
        self.token = session["authorizationToken"]
        self.headers = {"X-DPT-AUTHORIZATION": self.token}

    async def device(self, name):
        """Requests a device and approves it; returns its identifier."""
        request = await self.command("/device/request-unique-identifier", data={"deviceName": name})
        found = await self.exchange(
            "POST", "/device/retrieve-unique-identifier", data={"id": request}
        )
        device = {"deviceIdentifier": found["deviceIdentifier"]}
        await self.command("/device/approve-device", data=device)
        return device

    async def devices(self):
        vault = await self.device("vault")
        await self.command("/device/configure-meta", data=vault | {"name": "first vault"})
        await self.command("/storage/register", data=vault)
        await self.read("/storage/list-storage-devices")
        phone = await self.device("phone")
        await self.command("/verified-authenticator/register", data=phone)
        await self.read("/verified-authenticator/list-verified-authenticator")
        await self.read("/device/retrieve-profile-devices")
        return phone["deviceIdentifier"]

    async def policy(self, phone):
        section = "/verified-authenticator"
        await self.command(f"{section}/set-voting-time-limit", data={"timeLimit": 90})
        await self.read(f"{section}/retrieve-strategy")
        consent = {
            "name": "consent", "timeLimit": 60, "strategy": "affirmative",
            "deviceIdentifiers": [phone],
        }  # fmt: skip
        await self.command(f"{section}/voting-configuration/register", json=consent)
        (configuration,) = await self.read(f"{section}/voting-configuration/list")
        templates = await self.read("/policy/list-policy-templates")
        template, record = next(iter(templates.items()))
        rule = {
            "name": "contracts", "policyTemplateId": template,
            "applyingEventIds": [next(iter(record["events"]))],
            "configuration": {
                "classification": "internal", "label": "contracts", "handling": "consent",
            },
            "configurationId": configuration["id"], "votingConfigurationId": configuration["id"],
        }  # fmt: skip
        await self.command("/policy/register", json=rule)
        (policy,) = await self.read("/policy/list-inactive-policies")
        await self.command("/policy/activate", data={"policyId": policy["id"]})

    async def play(self):
        await self.register()
        async with self.sockets.ws_connect(os.environ["PRIVICORE_WS_URL"]) as self.socket:
            channel = (await self.send("joinChannel"))["channelId"]
            await self.command("/public-key/register-public-key", data={"publicKey": self.key})
            await self.read("/public-key/retrieve-public-key")
            phone = await self.devices()
            space = {"context": "contracts", "ttl": 5}
            reservation = await self.command("/data-token/reserve-token-space", data=space)
            await self.read(f"/data-token/retrieve-temporary-data-token/{reservation}")
            await self.policy(phone)
            await self.send("leaveChannel", channelId=channel)
        return self.counts


async def main(tenants, concurrency):
    api = os.environ["PRIVICORE_API_URL"]
    numbers = iter(range(tenants))
    totals = [0, 0]
    async with (
        aiohttp.ClientSession(api, connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as sockets,
    ):

        async def work():
            for number in numbers:
                counts = await Tenant(http, sockets, f"t-{number}@example.com").play()
                totals[:] = [total + count for total, count in zip(totals, counts)]

        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
    print(f"tenants {tenants}, requests {totals[0]}, acknowledgements {totals[1]}")


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
