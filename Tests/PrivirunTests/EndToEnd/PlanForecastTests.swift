import Foundation
import Testing

@Suite("What a plan foresees, against a sandbox in another process", .timeLimit(.minutes(20)))
struct PlanForecastTests {
  private static let password = "planted-Password-9f3a"
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("hello", to: "doc.txt")
  }

  private func privirun(
    _ command: String, _ playbook: String, _ sandbox: SeparateSandbox, _ options: String...
  ) async throws -> Ended {
    try await Program.run(
      [command, playbook, "--input", "username=a@example.com", "--input", "password=env:P"]
        + options,
      in: folder.path,
      environment: sandbox.environment.merging(["P": Self.password]) { $1 })
  }

  private func onboard(at sandbox: SeparateSandbox) async throws {
    let ended = try await privirun(
      "run", "\(PackageFiles.workflows)/onboard-tenant.yaml", sandbox, "--quiet")
    #expect(ended.status == 0)
  }

  @Test(
    arguments: [
      ("default", "1 vote, at most 60 s in all", "waits at most 60 s"),
      ("official", "1 vote, at most 60 s in all", "waits at most 60 s"),
      // It does not show how many attempts there are.
      (
        "observed", "1 vote",
        "waits for a time that is not known: at most 60 s for each attempt"
      ),
    ])
  func `a plan lists the vote that a policy asks for, who is asked and for how long`(
    dialect: String, count: String, wait: String
  ) async throws {
    try await SeparateSandbox.serving("--delay", "0", "--dialect", dialect, in: folder.path) {
      sandbox in
      try await onboard(at: sandbox)
      let before = try await sandbox.ledger()
      let planned = try await privirun(
        "plan", "\(PackageFiles.workflows)/store-file.yaml", sandbox, "--input", "file=doc.txt")
      #expect(planned.status == 0)
      #expect(
        planned.output.contains(
          """

          \(count)
            data_token.data_exchanged  policy contracts-need-consent  asks 1 authenticator (phone), \(wait)
                step stored/filled/step-3


          """), "\(planned.output)")
      #expect(!planned.output.contains(Self.password))
      let after = try await sandbox.ledger()
      #expect(after.violations == 0)
      let changed = after.effects.filter { before.effects[$0.key] != $0.value }
      #expect(Set(changed.keys) == ["profile.authenticate"])
    }
  }

  private static let hazards = """
    playbook: 1
    name: hazards
    inputs: { username: { type: string }, password: { type: secret } }
    session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    steps:
      - id: quorum
        call: verified-authenticator.set-quorum-size
        with: { size: 2 }
        ensure: present
      - id: reservation
        call: data-token.reserve-token-space
        with: { context: a }
      - id: space
        call: data-token.retrieve-temporary-data-token
        with: { commandId: "${{ steps.reservation.commandId }}" }
      - { id: release, approve: Go on?, timeout: 4h }
      - id: exchange
        call: data-token.exchange-data-for-token
        with: { temporaryTokenSpace: "${{ steps.space.token }}", data: abc }
      - id: vote
        call: voting.create-voting
        with: { votingConfigurationId: contracts-need-consent, title: t, question: q }
      - id: old
        call: device.request-unique-identifier
        with: { deviceName: vault-a }
        ensure: absent

    """

  @Test func `a plan warns of votes that cannot pass, of what runs out and of what is final`()
    async throws
  {
    try folder.write(Self.hazards, to: "hazards.yaml")
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(at: sandbox)
      let planned = try await privirun("plan", "hazards.yaml", sandbox)
      #expect(planned.status == 0)
      let cannotPass = "it cannot pass: 2 must answer, and only 1 is asked"
      #expect(
        planned.output.contains(
          """

          2 votes, at most 120 s in all
            data_token.data_exchanged  policy contracts-need-consent  asks 1 authenticator (phone), \
          waits at most 60 s: \(cannotPass)
                step exchange
            voting.create-voting  asks 1 authenticator (phone), waits at most 60 s: \(cannotPass)
                step vote

          may run out before use
            reservation  what it gives lives 5 min; until `exchange` is done, the approval \
          `release` and the vote of `exchange` may take 4 h 1 min

          cannot be undone
            - old  device.request-unique-identifier


          """), "\(planned.output)")
    }
  }

  @Test func `a plan of an absent tenant logs in once, and has the vote of the proof alone`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let planned = try await privirun(
        "plan", "\(PackageFiles.workflows)/onboard-tenant.yaml", sandbox)
      #expect(planned.status == 0)
      #expect(
        planned.output.contains(
          """

          1 vote
            voting.create-voting  asks 1 authenticator (phone), waits for a time that is not known: \
          at most 60 s for each attempt
                step proof/vote/poll

          """), "\(planned.output)")
      #expect(!planned.output.contains("data_token.data_exchanged"))
    }
  }

  /// Takes the storage role of a device, and has two voting configurations, one of them the gate's.
  private static let loss = """
    playbook: 1
    name: loss
    inputs:
      username: { type: string }
      password: { type: secret }
      timeLimit: { type: integer }
    session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    steps:
      - id: device
        call: device.request-unique-identifier
        with: { deviceName: vault-b }
        ensure: present
      - call: storage.register-storage-device
        with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
        ensure: absent
      - id: phone
        call: device.request-unique-identifier
        with: { deviceName: phone }
        ensure: present
      - call: verified-authenticator.register-voting-configuration
        with:
          name: contracts-need-consent
          timeLimit: ${{ inputs.timeLimit }}
          strategy: affirmative
          deviceIdentifiers: ["${{ steps.phone.deviceIdentifier }}"]
        ensure: present
      - call: verified-authenticator.register-voting-configuration
        with: { name: other, timeLimit: 90, strategy: affirmative, deviceIdentifiers: [] }
        ensure: present

    """

  @Test func `a plan of the proof knows a voting configuration that stays, or is corrected first`()
    async throws
  {
    try folder.write(Self.loss, to: "loss.yaml")
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      try await onboard(at: sandbox)
      for timeLimit in [60, 40] {
        let lost = try await privirun(
          "run", "loss.yaml", sandbox, "--input", "timeLimit=\(timeLimit)", "--quiet")
        #expect(lost.status == 0, "\(lost.errors)")
        let planned = try await privirun(
          "plan", "\(PackageFiles.workflows)/onboard-tenant.yaml", sandbox)
        #expect(planned.status == 0)
        #expect(planned.output.contains("timeLimit: 40 → 60") == (timeLimit == 40))
        #expect(
          planned.output.contains(
            """

            1 vote, at most 60 s in all
              voting.create-voting  asks 1 authenticator (phone), waits at most 60 s
                  step proof/vote/poll

            """), "\(planned.output)")
      }
    }
  }
}
