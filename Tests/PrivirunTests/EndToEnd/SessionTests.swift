import Events
import Expressions
import Foundation
import Journaling
import Networking
import Operations
import Sandbox
import Testing

/// Several sessions in one playbook, over real sockets.
@Suite("Sessions end to end", .timeLimit(.minutes(20)))
struct SessionTests {
  private static func text(keys folder: String) -> String {
    """
    playbook: 1
    name: sessions
    inputs: { secret: { type: secret }, other: { type: secret } }
    session: { username: tenant, password: "${{ inputs.secret }}", revoke: true }
    steps:
      - call: profile.register-new-profile
        with: { username: tenant, password: "${{ inputs.secret }}" }
        session: none
      - call: profile.register-new-profile
        with: { username: operator, password: "${{ inputs.other }}" }
        session: none
      - { id: keys, call: keys.generate, with: { privateKeyFile: "\(folder)/key" } }
      - call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
      - call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
        session: &operator { username: operator, password: "${{ inputs.other }}" }
    \(application)
      - parallel:
          tenant:
            - { id: me, call: profile.retrieve-profile-id }
            - { call: device.request-unique-identifier, with: { deviceName: a } }
          operator:
            - { id: them, call: profile.retrieve-profile-id, session: *operator }
            - call: device.request-unique-identifier
              with: { deviceName: b }
              session: *operator
          courier:
            - id: courier
              call: profile.retrieve-profile-id
              session: &courier { access-token: "${{ steps.grant.token }}", revoke: true }
            - call: device.request-unique-identifier
              with: { deviceName: c }
              session: *courier
    outputs:
      keys: ${{ steps.keys.publicKey != '' }}

    """
  }

  private static let application = """
      - id: app
        call: oauth-application.register-oauth-application
        with: { name: courier, redirectUri: "https://courier.example/back", scopes: [all] }
      - id: client
        call: oauth-application.retrieve-oauth-app-configuration
        with: { applicationId: "${{ steps.app.commandId }}" }
      - id: consent
        call: oauth-application.request-oauth-app-authorization-code
        with: { client_id: "${{ steps.client.clientId }}", nonce: once, scope: [all] }
      - id: code
        call: oauth-application.retrieve-oauth-app-authorization-code
        with:
          clientId: ${{ steps.client.clientId }}
          clientSecret: ${{ steps.client.clientSecret }}
          id: ${{ steps.consent.commandId }}
          nonce: once
      - id: grant
        call: oauth-application.obtain-oauth-app-access-token
        with:
          clientId: ${{ steps.client.clientId }}
          clientSecret: ${{ steps.client.clientSecret }}
          authorization_code: ${{ steps.code.authorizationCode }}
    """

  private static func value(of path: String, in report: LivePlaybook.Report) -> Value? {
    report.events.compactMap { event -> Value? in
      guard case .stepFinished(let found, let result) = event.kind, found.description == path
      else { return nil }
      return result.value
    }.last
  }

  private static func changes(_ report: LivePlaybook.Report, _ name: String) -> [SessionChange] {
    report.events.compactMap { event -> SessionChange? in
      guard case .sessionChanged(name, let change) = event.kind else { return nil }
      return change
    }
  }

  /// The passwords, and the tokens that the application was given.
  private static func secrets(of report: LivePlaybook.Report) throws -> [Data] {
    let grant = try #require(value(of: "grant", in: report))
    let tokens = try ["token", "refreshToken"].map { name in
      try #require(grant[field: name]?.revealed.text)
    }
    return (tokens + ["planted-password-1", "planted-password-2"]).map { Data($0.utf8) }
  }

  @Test func `a tenant, an operator and an application act side by side, and leave normally`()
    async throws
  {
    let folder = try TemporaryFolder()
    let playbook = try LivePlaybook(
      Self.text(keys: folder.path), api: try .embedded(),
      inputs: [
        "secret": .secret(text: "planted-password-1"), "other": .secret(text: "planted-password-2"),
      ])
    try await SandboxServer.withServer(SandboxConfiguration(seed: 11)) { sandbox in
      let report = try await playbook.run(
        at: try ServiceAddresses(
          api: sandbox.api, webSocket: sandbox.webSocket, upstream: sandbox.upstream,
          downstream: sandbox.downstream))
      #expect(report.result.failure == nil)
      let me = Self.value(of: "step-11.tenant/me", in: report)
      #expect(me != nil)
      #expect(Self.value(of: "step-11.courier/courier", in: report) == me)
      #expect(Self.value(of: "step-11.operator/them", in: report) != me)
      #expect(Self.changes(report, "tenant") == [.authenticated, .joined, .closed, .revoked])
      #expect(Self.changes(report, "operator") == [.authenticated, .joined, .closed])
      #expect(Self.changes(report, "application") == [.joined, .closed, .revoked])
      guard case .runStarted(let start)? = report.events.first?.kind else {
        Issue.record("the run has no beginning")
        return
      }
      let run = start.run
      let lines = Data(report.events.map { EncodedEvent($0, of: run).line }.joined().utf8)
      let journal = try SQLiteJournal.open(at: "\(folder.path)/journal.sqlite")
      let part = JournalCommit.Part(
        run: run, expected: .empty, epoch: 0, events: report.events)
      _ = await journal.commit(JournalCommit([part]))
      let files = try withExtendedLifetime(journal) { try folder.bytes(below: "") }
      let stored = try files.filter { $0.key.hasPrefix("journal.sqlite") }.values.reduce(
        PlainJournal.forms(at: "\(folder.path)/journal.sqlite"), +)
      for secret in try Self.secrets(of: report) {
        #expect(lines.firstRange(of: secret) == nil)
        #expect(stored.firstRange(of: secret) == nil)
      }
      #expect(stored.firstRange(of: Data("courier.example".utf8)) != nil)
    }
  }
}
