import Events
import Expressions
import Networking
import Operations
import Reporting
import Testing

/// `--api FILE`: an engine that differs is met with another file, not with other code.
@Suite struct OtherDescriptionTests {
  private static let playbook = """
    playbook: 1
    name: alive
    steps:
      - id: health
        call: utility.check-server-health
    outputs:
      status: ${{ steps.health.status }}

    """

  /// The embedded description with another path for one operation.
  private static func changed() throws -> APIDescription {
    let text = String(decoding: APIDescription.embeddedBytes, as: UTF8.self)
    let other = text.replacing("\n  /health:\n", with: "\n  /alive/v2:\n")
    return try APIDescription(parsing: Array(other.utf8), file: "other.yaml")
  }

  @Test func `a run calls the path of the other description`() async throws {
    let playbook = try LivePlaybook(Self.playbook, api: try Self.changed())
    let answer: @Sendable (String) -> HostileAnswer? = { request in
      request == "GET /alive/v2" ? .json(#"{"status":"fine"}"#) : .whole(404, "{}")
    }
    try await HostileServer.serving(answer) { server in
      let addresses = try ServiceAddresses(
        api: server.address, webSocket: "ws://127.0.0.1:1", upstream: server.address,
        downstream: server.address)
      let report = try await playbook.run(at: addresses)
      #expect(report.result.outcome == .succeeded)
      #expect(report.result.outputs == ["status": "fine"])
      #expect(server.requests == ["GET /alive/v2"])
    }
  }

  @Test func `the manual shows the path of the other description`() throws {
    let page = OperationManual(api: try Self.changed()).text(of: "utility.check-server-health")
    #expect(page?.contains("GET /alive/v2\n") == true)
  }

  @Test func `check knows only the operations of the other description`() throws {
    let text = String(decoding: APIDescription.embeddedBytes, as: UTF8.self)
      .replacing("utility.check-server-health", with: "utility.ping")
    let other = try APIDescription(parsing: Array(text.utf8), file: "other.yaml")
    #expect(throws: LivePlaybook.Refused.self) {
      try LivePlaybook(Self.playbook, api: other)
    }
  }
}
