import EventSamples
import Events
import Expressions
import Foundation
import Operations
import Testing

@testable import Journaling

/// Plans of a rollout's tenants that are kept in one file.
@Suite struct RolloutPlanFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/rollout.plan" }

  private static func events(of tenant: String) -> [RunEvent] {
    var start = SampleRollout.tenantStart(SampleRun.run, 1, name: tenant)
    start.inputs = ["password": .secret(text: PlantedSecrets.token)]
    let step = StepPath(components: [.step("a")])
    let result = StepResult(outcome: .succeeded, value: .null, change: StateChange(.create))
    let kinds: [RunEvent.Kind] = [
      .runStarted(start), .stepFinished(step, result),
      .runFinished(RunResult(outcome: .succeeded)),
    ]
    return kinds.enumerated().map { number, kind in
      RunEvent(sequence: number, at: SampleRun.beginning, kind: kind)
    }
  }

  private func write(_ plans: [(tenant: String, events: [RunEvent])]) throws {
    let writer = try RolloutPlanFile.Writer(to: path, sealedFor: folder.journal)
    for plan in plans { try writer.add(plan.events, of: plan.tenant) }
    try writer.commit()
  }

  private var bytes: [UInt8] {
    get throws { Array(try #require(FileManager.default.contents(atPath: path))) }
  }

  @Test func `each tenant's plan is read as it was saved`() throws {
    let names = ["acme", "globex", "a name with ünusual letters"]
    try write(names.map { ($0, Self.events(of: $0)) })
    let file = try RolloutPlanFile(at: path, sealedFor: folder.journal)
    #expect(file.tenants == Set(names))
    for name in names { #expect(try file.plan(of: name)?.events == Self.events(of: name)) }
    #expect(try file.plan(of: "initech") == nil)
    #expect(try folder.mode(of: path) == 0o600)
    let data = Data(try bytes)
    for spelling in PlantedSecrets.spellings {
      #expect(data.firstRange(of: Data(spelling.utf8)) == nil)
    }
  }

  @Test func `a tenant does not get the plan of another one`() throws {
    try write([("acme", Self.events(of: "globex"))])
    let file = try RolloutPlanFile(at: path, sealedFor: folder.journal)
    #expect(throws: JournalError.unusablePlan(path: path, reason: "it was changed")) {
      try file.plan(of: "acme")
    }
  }

  @Test(arguments: ["", "privirun rollout plan 2\n", "privirun rollout plan 1\n\u{0}\u{0}"])
  func `what is no plan of a rollout is refused`(_ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    let reason = "it is no plan of a rollout, or its end is missing"
    #expect(throws: JournalError.unusablePlan(path: path, reason: reason)) {
      try RolloutPlanFile(at: path, sealedFor: folder.journal)
    }
  }
}
