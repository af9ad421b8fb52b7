import EventSamples
import Events
import Expressions
import Foundation
import Operations
import Testing

@testable import Journaling

/// Plans of many tenants that are kept in one file.
@Suite struct RolloutPlanFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/a.plan" }
  private static let heading = Array("privirun rollout plan 1\n".utf8)

  private static func events(of tenant: String) -> [RunEvent] {
    var start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d",
      inputs: ["password": .secret(text: PlantedSecrets.token)], seed: 1, version: "test")
    start.tenant = TenantReference(
      rollout: SampleRun.run, rolloutName: "r", name: tenant, index: 0, locks: [tenant])
    let kinds: [RunEvent.Kind] = [
      .runStarted(start), .runFinished(RunResult(outcome: .succeeded)),
    ]
    return kinds.enumerated().map { number, kind in
      RunEvent(sequence: number, at: SampleRun.beginning, kind: kind)
    }
  }

  /// The file with the plans of `tenants`, and those plans as they stand in it.
  private func write(_ tenants: [String]) throws -> [(name: String, plan: [UInt8])] {
    let writer = try RolloutPlanFile.Writer(to: path, sealedFor: folder.journal)
    for tenant in tenants { try writer.add(Self.events(of: tenant), of: tenant) }
    try writer.commit()
    var rest = Array(try #require(FileManager.default.contents(atPath: path)))[...]
    rest = rest.dropFirst(Self.heading.count)
    func next() -> [UInt8] {
      let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let piece = Array(rest.dropFirst(4).prefix(count))
      rest = rest.dropFirst(4 + count)
      return piece
    }
    return tenants.map { _ in (String(decoding: next(), as: UTF8.self), next()) }
  }

  private func rewrite(_ records: [(name: String, plan: [UInt8])]) throws {
    func measured(_ bytes: [UInt8]) -> [UInt8] {
      withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
    }
    let bytes = records.reduce(Self.heading) { bytes, record in
      bytes + measured(Array(record.name.utf8)) + measured(record.plan)
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  private func plan(of tenant: String) throws -> [RunEvent]? {
    try RolloutPlanFile(at: path, sealedFor: folder.journal).plan(of: tenant)?.events
  }

  @Test func `each tenant has its own plan, and no secret can be read in the file`() throws {
    _ = try write(["acme", "bär"])
    let file = try RolloutPlanFile(at: path, sealedFor: folder.journal)
    #expect(file.tenants == ["acme", "bär"])
    #expect(try file.plan(of: "bär")?.events == Self.events(of: "bär"))
    #expect(try file.plan(of: "cedar") == nil)
    #expect(try folder.mode(of: path) == 0o600)
    let bytes = try #require(FileManager.default.contents(atPath: path))
    for spelling in PlantedSecrets.spellings {
      #expect(bytes.firstRange(of: Data(spelling.utf8)) == nil)
    }
  }

  @Test func `the plan of another tenant is refused under a name that is not its own`() throws {
    let records = try write(["acme", "birch"])
    try rewrite([("acme", records[1].plan), ("birch", records[0].plan)])
    for tenant in ["acme", "birch"] {
      #expect(
        throws: JournalError.unusablePlan(path: path, reason: "it was changed")
      ) { try plan(of: tenant) }
    }
  }

  @Test func `a plan that was changed is refused, and the others are read`() throws {
    var records = try write(["acme", "birch"])
    records[0].plan[40] ^= 1
    try rewrite(records)
    #expect(throws: JournalError.self) { try plan(of: "acme") }
    #expect(try plan(of: "birch") == Self.events(of: "birch"))
  }

  @Test func `a file whose end is missing is no plan, unless it ends between two tenants`() throws {
    let records = try write(["acme", "birch"])
    let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    let last = 8 + records[1].name.utf8.count + records[1].plan.count
    let ends = [Self.heading.count, bytes.count - last, bytes.count]
    for count in 0...bytes.count {
      try Data(bytes.prefix(count)).write(to: URL(filePath: path))
      let file = Result { try RolloutPlanFile(at: path, sealedFor: folder.journal) }
      #expect(((try? file.get()) != nil) == ends.contains(count), "\(count) bytes")
    }
  }

  @Test func `a length beyond the end of the file is refused`() throws {
    _ = try write(["acme"])
    let lengths: [[UInt8]] = [
      [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 1, 0x61, 0xFF, 0xFF, 0xFF, 0xFF],
    ]
    for length in lengths {
      try Data(Self.heading + length).write(to: URL(filePath: path))
      #expect(throws: JournalError.self) {
        try RolloutPlanFile(at: path, sealedFor: folder.journal)
      }
    }
  }
}
