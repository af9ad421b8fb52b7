"""Votes and policies of hostile-server.py: a part of its `Service`, which has the rest."""

from hostile_wire import Answer, Refusal

TEMPLATE = {
    "id": "tpl-data",
    "name": "Data",
    "description": "Consent before data moves",
    "configuration": ["classification", "label", "handling"],
    "votingAttributes": ["token"],
    "events": {
        "evt-exchange": {"data_token.data_exchanged": "Store data"},
        "evt-retrieve": {"data_token.data_retrieved": "Retrieve data"},
    },
}
STRATEGIES = {"unanimous", "consensus", "affirmative", "minimum_percentage"}


class Votes:
    """The operations by which a profile decides what others may do, each by its name."""

    # How the votes of a profile are decided; read under the names by which it is set

    def retrieve_voting_strategy(self, call):
        return Answer(200, {"strategy": "affirmative"} | call.profile.shown["settings"])

    def change_settings(self, call, *names):
        wanted = {name: str(call[name]) for name in names}
        if not all(wanted[name].isdigit() for name in names if name != "strategy"):
            raise Refusal(422, "must be a number", names[-1])

        def apply(_):
            settings = call.profile.records["settings"]
            if settings != settings | wanted:
                settings |= wanted
                self.effect(call)

        return self.accept(call, apply)

    def set_quorum_size(self, call):
        return self.change_settings(call, "size")

    def set_quorum_strategy(self, call):
        if call["strategy"] not in STRATEGIES:
            raise Refusal(422, "is unknown", "strategy")
        return self.change_settings(call, "strategy", "strategy_params")

    def set_voting_time_limit(self, call):
        return self.change_settings(call, "timeLimit")

    def set_maximum_voting_attempts(self, call):
        return self.change_settings(call, "numberOfAttempts")

    # Voting configurations

    def configuration_asked_for(self, call):
        record = {"name": call["name"], "strategy": call["strategy"]}
        record["timeLimit"] = str(call["timeLimit"])
        record["deviceIdentifiers"] = call.fields.get("deviceIdentifiers") or []
        if record["strategy"] not in STRATEGIES:
            raise Refusal(422, "is unknown", "strategy")
        if record["strategy"] == "minimum_percentage":
            record["percentageRequired"] = str(call["percentageRequired"])
        return record

    def register_voting_configuration(self, call):
        record = self.configuration_asked_for(call)

        def apply(_):
            call.profile.records["configurations"][self.new("cfg")] = record
            self.effect(call)

        return self.accept(call, apply)

    def update_voting_configuration(self, call):
        record, wanted = self.configuration_asked_for(call), call.fields.get("id")

        def apply(_):
            records = call.profile.records["configurations"]
            named = [key for key, one in records.items() if one["name"] == record["name"]]
            key = wanted if wanted in records else named[0] if named else None
            if not key:
                return "voting_configuration.not_found"
            if records[key] != record:
                records[key] = record
                self.effect(call)

        return self.accept(call, apply)

    def list_voting_configurations(self, call):
        return Answer(200, call.profile.shown["configurations"])

    def retrieve_voting_configuration(self, call):
        for key, record in call.profile.shown["configurations"].items():
            if call.part in (key, record["name"]):
                return Answer(200, {"configurationId": key} | record)
        raise Refusal(404, "no such voting configuration")

    # Policies

    def list_policy_templates(self, call):
        return Answer(200, [TEMPLATE])

    def register_policy(self, call):
        used = call.fields.get("configurationId") or call.fields.get("votingConfigurationId")
        events = call["applyingEventIds"]
        if call["policyTemplateId"] != TEMPLATE["id"] or not set(events) <= set(TEMPLATE["events"]):
            raise Refusal(422, "is unknown", "policyTemplateId")
        policy = {"name": call.fields.get("name"), "status": "inactive"}
        policy |= {"policyTemplateId": TEMPLATE["id"], "applyingEventIds": sorted(events)}
        policy |= {"configurationId": used, "configuration": call["configuration"] | {"scale": 1}}

        def apply(_):
            if used not in call.profile.records["configurations"]:
                return "policy.voting_configuration_unknown"
            identifier = self.new("pol")
            call.profile.records["policies"][identifier] = {"id": identifier} | policy
            self.effect(call)

        return self.accept(call, apply)

    def list_registered_policies(self, call):
        return Answer(200, {"items": call.shown("policies")})

    def with_status(self, call, status):
        return [policy for policy in call.shown("policies") if policy["status"] == status]

    def list_active_policies(self, call):
        hidden = ("id", "status")
        return Answer(200, {
            policy["id"]: {name: value for name, value in policy.items() if name not in hidden}
            for policy in self.with_status(call, "active")
        })  # fmt: skip

    def list_inactive_policies(self, call):
        return Answer(200, self.with_status(call, "inactive"))

    def retrieve_registered_policy(self, call):
        for policy in call.shown("policies"):
            if call.part in (policy["name"], policy["id"]):
                return Answer(200, policy)
        raise Refusal(404, "no such policy")

    def change_policy(self, call, status):
        """A command on a policy: it gets another status, or is deleted when that is None."""
        identifier = call["policyId"]

        def apply(_):
            policies = call.profile.records["policies"]
            if not (policy := policies.get(identifier)):
                return "policy.not_found"
            if not status and policy["status"] == "active":
                return "policy.still_active"
            if policy["status"] == status:
                return None
            if status:
                policy["status"] = status
            else:
                del policies[identifier]
            self.effect(call)

        return self.accept(call, apply)

    def activate_policy(self, call):
        return self.change_policy(call, "active")

    def deactivate_policy(self, call):
        return self.change_policy(call, "inactive")

    def delete_policy(self, call):
        return self.change_policy(call, None)

    # Polls

    def create_voting(self, call):
        configuration, poll = call["votingConfigurationId"], self.new("poll")
        records = call.profile.records

        def decide():
            records["polls"][poll]["state"] = "passed"
            self.changed(call.profile)

        def apply(_):
            if configuration not in records["configurations"]:
                return "voting.configuration_unknown"
            if not any("authenticator" in one["roles"] for one in records["devices"].values()):
                return "voting.no_authenticator"
            records["polls"][poll] = {"state": "open", "title": call["title"]}
            self.effect(call)
            self.later(0.3, decide)

        command = self.begin(call, apply)
        return Answer(202, {"pollId": poll, "commandId": command.id})

    def check_pool_status(self, call):
        if call.part not in call.profile.shown["polls"]:
            raise Refusal(404, "no such poll")
        return Answer(200, {"pollId": call.part} | call.profile.shown["polls"][call.part])
