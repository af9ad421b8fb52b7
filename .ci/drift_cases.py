"""What may have happened to a vault behind the back of a run, and what the next run makes of it."""

import dataclasses
import hashlib
import random
import typing

GATE = "contracts-need-consent"  # the policy of onboarding, and its voting configuration
DOCUMENT = "contract.txt"
REVISION = "revision.txt"  # another file, of 20 bytes


@dataclasses.dataclass
class Drift:
    """One change of the vault, with what a plan and a run have to say about it."""

    name: str
    make: typing.Callable  # given the vault, changes it; may return what `undo` needs
    step: str  # the path of the step that meets it
    action: str  # which a plan has there
    fields: tuple = ()  # that differ there
    # `repaired`: the vault is as before; `refused`: the run fails, and the vault stays; `kept`: the
    # run succeeds, and the vault stays.
    ends: str = "repaired"
    says: str = ""  # is part of what the run says of a refusal
    undo: typing.Callable = None  # given the vault and what `make` returned, once it is looked at
    leaves: typing.Callable = None  # given the state before: what is after the run in place of it
    is_last: bool = False  # because nothing takes it back
    workflow: str = "onboard-tenant"
    inputs: dict = dataclasses.field(default_factory=dict)


def other_key():
    """A signed public key whose private half nobody has."""
    signed = bytes.fromhex("31420500") + random.Random(1).randbytes(32)
    return (signed + hashlib.blake2b(signed).digest()).hex()


def put_policy(vault, record):
    """Puts a policy in the place of the one of its name."""
    vault.end_policy(record["name"])
    vault.register_policy(record)
    if record["status"] == "active":
        vault.switch_policy(record["name"], "activate")


def replace_policy(vault, name, **changes):
    """Puts a policy with other values in the place of one, which is returned."""
    record = vault.policy(name)
    put_policy(vault, record | changes)
    return record


def with_device(name, *rest):
    """A state that has one more device."""
    return lambda state: state | {"devices": sorted([*state["devices"], (name, *rest)])}


def rename(vault, name, new):
    identifier = vault.named(name)
    vault.device_command("/device/configure-meta", identifier, name=new)
    return identifier


def with_file(name):
    """A state that has one more file, described as that of the tenant but under another name."""

    def leaves(state):
        row = next(one for one in state["data"] if one["fileName"] == DOCUMENT)
        rows = sorted([*state["data"], row | {"fileName": name}], key=lambda one: one["fileName"])
        return state | {"data": rows}

    return leaves


VOTING, POLICY, ACTIVE = "gate/voting/voting", "gate/policy", "step-14"
KEY = "key"
B = "stores[1]/device"

OF_DEVICES = [
    Drift(
        "a storage device is renamed", lambda vault: rename(vault, "vault-b", "attic"),
        f"{B}/device", "create", leaves=with_device("attic", "approved", "storage"),
        undo=lambda vault, identifier: vault.device_command("/device/remove", identifier),
    ),
    Drift(
        "a storage device is removed",
        lambda vault: vault.device_command("/device/remove", vault.named("vault-b")),
        f"{B}/device", "create",
    ),
    Drift(
        "the authenticator is removed",
        lambda vault: vault.device_command("/device/remove", vault.named("phone")),
        "authenticator/device", "create",
    ),
    Drift(
        "a storage device is doubled", lambda vault: vault.request_device("vault-b"),
        f"{B}/device", "conflict", ends="refused", says="deviceName",
        undo=lambda vault, identifier: vault.device_command("/device/remove", identifier),
    ),
    Drift(
        "a storage device lost its role",
        lambda vault: vault.device_command("/storage/remove", vault.named("vault-b")),
        f"{B}/store", "create",
    ),
    Drift(
        "the authenticator lost its role",
        lambda vault: vault.device_command("/verified-authenticator/remove", vault.named("phone")),
        "authenticator/vote", "create",
    ),
    Drift(
        "the document is deleted", lambda vault: vault.delete_data(vault.tokens(DOCUMENT)[0]),
        "stored/reservation", "create",
    ),
    Drift(
        "the document is renamed",
        lambda vault: vault.describe(
            vault.tokens(DOCUMENT)[0], fileName="old.txt", context="contracts", size=177
        ),
        "stored/reservation", "create", leaves=with_file("old.txt"),
        undo=lambda vault, _: vault.delete_data(vault.tokens("old.txt")[0]),
    ),
    Drift(
        "the document is doubled", lambda vault: vault.store("contracts", DOCUMENT, size=177),
        "stored/reservation", "unchanged", ends="kept",
        undo=lambda vault, token: vault.delete_data(token),
    ),
    Drift(
        "another document of its name is stored", lambda vault: vault.store("contracts", DOCUMENT),
        "stored/step-3", "failed", ends="refused", says="its size is not",
        undo=lambda vault, token: vault.delete_data(token),
    ),
]  # fmt: skip

OF_VOTES = [
    Drift(
        "the time limit of a voting configuration is changed",
        lambda vault: vault.change_configuration(GATE, timeLimit=300),
        VOTING, "change", ("timeLimit",),
    ),
    Drift(
        "the strategy of a voting configuration is changed",
        lambda vault: vault.change_configuration(GATE, strategy="unanimous"),
        VOTING, "change", ("strategy",),
    ),
    Drift(
        "a voting configuration asks everybody",
        lambda vault: vault.change_configuration(GATE, deviceIdentifiers=[]),
        VOTING, "change", ("deviceIdentifiers",),
    ),
    Drift(
        "the policy is deactivated", lambda vault: vault.switch_policy(GATE, "deactivate"),
        ACTIVE, "change",
    ),
    Drift("the policy is deleted", lambda vault: vault.end_policy(GATE), POLICY, "create"),
    Drift(
        "the policy applies to another event",
        lambda vault: replace_policy(
            vault, GATE, applyingEventIds=[vault.events()["data_token.data_retrieved"]]
        ),
        POLICY, "conflict", ("applyingEventIds",), ends="refused", says="applyingEventIds",
        undo=put_policy,
    ),
    Drift(
        "the policy has other parameters",
        lambda vault: replace_policy(
            vault, GATE,
            configuration={"classification": "secret", "label": "contracts", "handling": "consent"},
        ),
        POLICY, "conflict", ("configuration",), ends="refused", says="configuration",
        undo=put_policy,
    ),
    # Services differ in whether they take a second policy or voting configuration of a name.
    Drift(
        "the policy is doubled", lambda vault: vault.register_policy(vault.policy(GATE)),
        "gate/unique", "failed", ends="refused", says="policies named",
        undo=lambda vault, _: vault.delete_inactive_policy(GATE),
    ),
    Drift(
        "a voting configuration is doubled",
        lambda vault: vault.register_configuration(
            name=GATE, timeLimit=60, strategy="affirmative", deviceIdentifiers=[]
        ),
        VOTING, "conflict", ends="refused", says="`name`", is_last=True,
    ),
    Drift(
        "another public key is registered",
        lambda vault: vault.register_key(other_key()),
        KEY, "conflict", ("publicKey",), ends="refused", says="publicKey",
        undo=lambda vault, key: vault.register_key(key),
    ),
    Drift(
        "the password is changed",
        lambda vault: vault.change_password("quite another one"),
        "profile", "unknown", ends="refused", says="another password",
        undo=lambda vault, before: vault.change_password(before),
    ),
]  # fmt: skip

SETTINGS = {"strategy": "unanimous", "share": "60", "timeLimit": "90", "attempts": "2"}
ALL = {"device": "vault-d", "file": REVISION, "classification": "internal"}
CONFIGURED = {"mode": "fail", "match": "only"}
SPARE = {"classification": "secret", "label": "spare", "handling": "consent"}

OF_OTHERS = [
    Drift(
        "the strategy of the profile is changed",
        lambda vault: vault.set("quorum-strategy", strategy="consensus", strategy_params=60),
        "step-4", "change", ("strategy",), workflow="voting-settings", inputs=SETTINGS,
    ),
    Drift(
        "the time limit of the profile is changed",
        lambda vault: vault.set("voting-time-limit", timeLimit=30),
        "step-5", "change", ("timeLimit",), workflow="voting-settings", inputs=SETTINGS,
    ),
    Drift(
        "the attempts of the profile are changed",
        lambda vault: vault.set("maximum-voting-attempts", numberOfAttempts=5),
        "step-6", "change", ("numberOfAttempts",), workflow="voting-settings", inputs=SETTINGS,
    ),
    Drift(
        "a file is classified otherwise",
        lambda vault: vault.command(
            "/data-token/configure-information-security-risk-meta",
            {
                "token": vault.tokens(REVISION)[0], "classification": "public",
                "label": "archive", "handling": "keep",
            },
        ),
        "step-6", "change", ("classification",), workflow="have-all", inputs=ALL,
    ),
    Drift(
        "a file is described otherwise",
        lambda vault: vault.describe(
            vault.tokens(REVISION)[0], fileName=REVISION, context="archive", size=20, path="/old"
        ),
        "step-5", "change", ("path",), workflow="have-all", inputs=ALL,
    ),
    Drift(
        "a policy differs, which fails",
        lambda vault: replace_policy(vault, "spare", configuration=SPARE),
        "fail", "conflict", ("configuration",), ends="refused", says="configuration",
        undo=put_policy, workflow="as-configured", inputs=CONFIGURED,
    ),
    Drift(
        "a policy differs, which is a warning",
        lambda vault: replace_policy(vault, "spare", configuration=SPARE),
        "warn", "drift", ("configuration",), ends="kept",
        undo=put_policy, workflow="as-configured", inputs=CONFIGURED | {"mode": "warn"},
    ),
    Drift(
        "a policy differs, which is created again",
        lambda vault: replace_policy(vault, "spare", configuration=SPARE),
        "recreate", "change", ("configuration",), workflow="as-configured",
        inputs=CONFIGURED | {"mode": "recreate"},
    ),
    Drift(
        "a device is doubled, of which only one is meant",
        lambda vault: vault.request_device("spare"),
        "only", "conflict", ends="refused", says="deviceName", workflow="as-configured", inputs=CONFIGURED,
        undo=lambda vault, identifier: vault.device_command("/device/remove", identifier),
    ),
    Drift(
        "a device is doubled, of which the newest is meant",
        lambda vault: vault.request_device("spare"),
        "newest", "unchanged", ends="kept", workflow="as-configured",
        inputs=CONFIGURED | {"match": "newest"},
        undo=lambda vault, identifier: vault.device_command("/device/remove", identifier),
    ),
]  # fmt: skip
