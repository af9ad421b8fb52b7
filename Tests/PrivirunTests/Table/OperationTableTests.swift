import Events
import Expressions
import Foundation
import Networking
import Operations
import OrderedCollections
import Running
import Sandbox
import Testing

/// Every operation of the API is called over real sockets in every dialect.
@Suite struct OperationTableTests {
  private static let dialects: [DialectPreset] = [.official, .observed, .mixed]

  /// What the three leave open.
  private static var rare: Dialect {
    var dialect = Dialect()
    dialect.status = .object
    dialect.renewal = .command
    dialect.accessToken = .accessToken
    return dialect
  }

  /// Answer fields that are never seen, and why.
  private static let neverAnswered: [String: String] = [
    "device.retrieve-device-configuration.name": "an older engine answers a file",
    "device.retrieve-device-configuration.file": "an older engine answers a file",
    "device.request-unique-identifier.deviceIdentifier": "the lookup of a lost response gives it",
  ]

  @Test func `every operation works in every dialect, and answers what is described`()
    async throws
  {
    let api = try APIDescription.embedded()
    var calls = 0
    for dialect in Self.dialects {
      let (table, ledger) = try await Self.tried(in: dialect.dialect, dialect == .mixed, api)
      #expect(table.failures == [], "\(dialect)")
      for operation in api.operations.values {
        #expect(table.departures(from: operation) == [], "\(dialect)")
        let received = ledger.received[operation.id] ?? 0
        #expect(received > 0, "\(dialect): \(operation.id) was not called")
        calls += min(received, 1)
      }
      for entry in api.socketEntries.values where entry.kind != .message {
        #expect(ledger.received[entry.id] ?? 0 > 0, "\(dialect): \(entry.id)")
      }
      #expect(table.joins > 0 && table.acknowledgements > 0, "\(dialect)")
      #expect(table.arrivals.values.reduce(0, +) == 2, "\(dialect)")
      #expect(ledger.violations == 0, "\(dialect)")
    }
    print("\(api.operations.count) operations x \(Self.dialects.count) dialects = \(calls) calls")
    #expect(calls == api.operations.count * Self.dialects.count)
  }

  @Test func `every answer field that is described is seen somewhere`() async throws {
    let api = try APIDescription.embedded()
    var seen: [String: Set<String>] = [:]
    for dialect in [Dialect(), Self.rare] {
      let (table, _) = try await Self.tried(in: dialect, false, api)
      for operation in api.operations.values {
        seen[operation.id, default: []].formUnion(table.fieldsSeen(of: operation))
      }
    }
    for operation in api.operations.values where operation.completion != .stream {
      let missing = Set(operation.answer.keys).subtracting(seen[operation.id] ?? [])
        .filter { Self.neverAnswered["\(operation.id).\($0)"] == nil }
      #expect(missing.isEmpty, "\(operation.id)")
    }
  }

  /// What the sandbox counted.
  private struct Counts {
    var received: [String: Int]
    var violations: Int
  }

  private static func tried(
    in dialect: Dialect, _ isMixed: Bool, _ api: APIDescription
  ) async throws -> (OperationTable, Counts) {
    let folder = try TemporaryFolder()
    try folder.write(String(repeating: "a film ", count: 20_000), to: "large.bin")
    let text = try PackageFiles.text("Tests/PrivirunTests/Fixtures/every-operation.yaml")
      .replacing("FOLDER", with: folder.path)
    let playbook = try LivePlaybook(
      text, api: api,
      inputs: [
        "username": "table@example.com", "password": .secret(text: "planted-password-1"),
        "newPassword": .secret(text: "planted-password-2"),
        "dataKey": .secret(text: String(repeating: "0f", count: 32)),
      ])
    var sandbox = SandboxConfiguration(seed: 11)
    sandbox.vault.delay = .milliseconds(1)
    sandbox.vault.voterDelay = .milliseconds(1)
    sandbox.vault.dialect = dialect
    sandbox.vault.mixesDialect = isMixed
    return try await SandboxServer.withServer(sandbox) { served in
      let addresses = try ServiceAddresses(
        api: served.api, webSocket: served.webSocket, upstream: served.upstream,
        downstream: served.downstream)
      let report = try await playbook.run(at: addresses)
      #expect(report.result.outcome == .succeeded, "\(report.result)")
      return (OperationTable(report.events), try await counts(at: addresses))
    }
  }

  private static func counts(at addresses: ServiceAddresses) async throws -> Counts {
    let text = try await LiveTransport.withTransport(addresses: addresses) { transport in
      try await transport.exchange(APIRequest(method: "GET", path: "/__sandbox/ledger")).body
    }
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
    let operations = try #require(whole["operations"] as? [String: [String: Int]])
    return Counts(
      received: operations.compactMapValues { $0["received"] },
      violations: try #require(whole["violationCount"] as? Int))
  }
}
