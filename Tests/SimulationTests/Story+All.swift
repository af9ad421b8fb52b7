extension Story {
  /// A story for every shipped playbook that acts for a tenant that is there.
  static let all: [Story] = [
    Story(
      workflow: "enrol-device",
      effects: ["device.request-unique-identifier": 5, "storage.register-storage-device": 4]),
    Story(workflow: "configure-device"),
    Story(
      workflow: "retire-device", effects: ["device.remove-device": 1, "storage.remove-storage": 1]),
    Story(workflow: "synchronize-storage"),
    Story(workflow: "store-file", effects: ["data-token.exchange-data-for-token": 2]),
    Story(workflow: "fetch-file"),
    Story(workflow: "classify-data"),
    Story(workflow: "update-data"),
    Story(workflow: "delete-data", effects: ["data-token.delete-data": 1]),
    Story(workflow: "rotate-key", effects: ["data-token.exchange-data-for-token": 2]),
    Story(workflow: "change-password", effects: ["profile.change-password": 1]),
    Story(
      workflow: "voting-settings",
      effects: [
        "verified-authenticator.set-quorum-strategy": 1,
        "verified-authenticator.set-voting-time-limit": 1,
        "verified-authenticator.set-maximum-voting-attempts": 1,
      ]),
    Story(workflow: "change-voting-configuration"),
    Story(
      workflow: "gate-event", effects: ["policy.register-policy": 2, "policy.activate-policy": 2]),
    Story(
      workflow: "ungate-event", effects: ["policy.deactivate-policy": 1, "policy.delete-policy": 1]),
    Story(
      workflow: "replace-policy",
      effects: [
        "policy.register-policy": 2, "policy.activate-policy": 2, "policy.deactivate-policy": 1,
        "policy.delete-policy": 1,
      ]),
    Story(
      workflow: "provision-tenant",
      effects: [
        "profile.register-new-profile": 1, "policy.register-policy": 1,
        "data-token.exchange-data-for-token": 1,
      ]),
    Story(workflow: "ask-approval", effects: ["voting.create-voting": 2]),
    Story(
      workflow: "register-application",
      effects: ["oauth-application.register-oauth-application": 1]),
    Story(
      workflow: "obtain-token", effects: ["oauth-application.obtain-oauth-app-access-token": 1]),
    Story(
      workflow: "refresh-token", effects: ["oauth-application.refresh-oauth-app-access-token": 1]),
    Story(workflow: "prove-tenant", effects: ["voting.create-voting": 2]),
    Story(workflow: "report-tenant"),
    Story(
      workflow: "offboard-tenant",
      effects: [
        "policy.delete-policy": 1, "data-token.delete-data": 1, "device.remove-device": 4,
        "storage.remove-storage": 3, "verified-authenticator.remove-authenticator": 1,
        "profile.revoke-authorization-token": 1,
      ]),
  ]

  /// Playbooks that are tried elsewhere: the making of the tenant by its own tests, and health,
  /// which needs no tenant, by the tests over real sockets.
  static let playedElsewhere: Set<String> = ["onboard-tenant", "check-health"]
}
