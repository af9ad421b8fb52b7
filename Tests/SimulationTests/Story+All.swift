extension Story {
  private static let token = "token: ${{ steps.onboarded.token }}"
  private static let policy = "name: contracts-need-consent"

  private static let application = ["name: billing", "folder: applications"]

  /// An application is registered, and its credentials are read from their files.
  private static let registering = """
      - play: register-application.yaml
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
          name: billing
          redirectUri: https://b.example/cb
          folder: applications
      - { id: client, call: file.read, with: { file: applications/billing.client-id } }
      - { id: secret, call: file.read, with: { file: applications/billing.client-secret } }

    """

  private static let obtaining = """
      - play: obtain-token.yaml
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
          name: billing
          clientId: ${{ steps.client.text }}
          clientSecret: ${{ steps.secret.text }}
          folder: applications

    """

  private static let refreshing = """
      - { id: access, call: file.read, with: { file: applications/billing.token } }
      - { id: refresh, call: file.read, with: { file: applications/billing.refresh-token } }
      - play: refresh-token.yaml
        with:
          name: billing
          accessToken: ${{ steps.access.text }}
          refreshToken: ${{ steps.refresh.text }}
          folder: applications
    """

  /// A story for every shipped playbook that acts for a tenant that is there.
  static let all: [Story] = [
    .playing(
      "enrol-device", times: 2, with: ["name: vault-d", "role: storage"],
      effects: ["device.request-unique-identifier": 5, "storage.register-storage-device": 4]),
    .playing(
      "configure-device", with: ["name: vault-a", "file: vault-a.yaml"]),
    .playing(
      "retire-device", times: 2, with: ["name: vault-c"],
      effects: ["device.remove-device": 1, "storage.remove-storage": 1]),
    .playing("synchronize-storage", times: 2, with: []),
    .playing(
      "store-file", with: ["file: ${{ inputs.revision }}", "keyFolder: keys"],
      effects: ["data-token.exchange-data-for-token": 2]),
    .playing("fetch-file", times: 2, with: [token, "to: copy.txt", "keyFolder: keys"]),
    .playing("classify-data", times: 2, with: [token, "classification: secret"]),
    .playing(
      "update-data", times: 2,
      with: [token, "document: ${{ inputs.revision }}", "keyFolder: keys"]),
    .playing(
      "delete-data", times: 2, with: [token], effects: ["data-token.delete-data": 1]),
    .playing("rotate-key", times: 2, with: ["keyFile: keys/new.key"]),
    .playing(
      "change-password", with: ["newPassword: ${{ inputs.newPassword }}"],
      effects: ["profile.change-password": 1]),
    .playing(
      "voting-settings", times: 2, with: ["attempts: 2", "strategy: unanimous", "timeLimit: 30"],
      effects: [
        "verified-authenticator.set-quorum-strategy": 1,
        "verified-authenticator.set-voting-time-limit": 1,
        "verified-authenticator.set-maximum-voting-attempts": 1,
      ]),
    .playing(
      "change-voting-configuration", times: 2,
      with: [policy, "approvers: [phone]", "strategy: minimum_percentage", "share: 60"]),
    .playing(
      "gate-event", times: 2, with: ["name: reads", "event: data_token.data_retrieved"],
      effects: ["policy.register-policy": 2, "policy.activate-policy": 2]),
    .playing(
      "ungate-event", times: 2, with: [policy],
      effects: ["policy.deactivate-policy": 1, "policy.delete-policy": 1]),
    .playing(
      "ask-approval",
      with: ["configuration: contracts-need-consent", "title: Release", "question: Now?"],
      effects: ["voting.create-voting": 2]),
    .playing(
      "register-application", times: 2, with: application + ["redirectUri: https://b.example/cb"],
      effects: ["oauth-application.register-oauth-application": 1]),
    Story(
      workflow: "obtain-token", steps: registering + obtaining,
      effects: ["oauth-application.obtain-oauth-app-access-token": 1]),
    Story(
      workflow: "refresh-token", steps: registering + obtaining + refreshing,
      effects: ["oauth-application.refresh-oauth-app-access-token": 1]),
    .playing("report-tenant", times: 2, with: []),
    .playing(
      "offboard-tenant", with: ["confirm: ${{ inputs.username }}"],
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
