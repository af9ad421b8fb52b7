import EventSamples
import Events
import Expressions
import Foundation
import Operations
import Testing

@testable import Journaling

/// Plans that are kept in files.
@Suite struct PlanFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var path: String { folder.path + "/a.plan" }

  private static let events: [RunEvent] = {
    let start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d",
      inputs: ["password": .secret(text: PlantedSecrets.token)], seed: 1, version: "test")
    let step = StepPath(components: [.step("a")])
    let result = StepResult(
      outcome: .succeeded, value: ["id": .unknown(Unknown("a.id"))],
      change: StateChange(.create))
    let kinds: [RunEvent.Kind] = [
      .runStarted(start),
      .stepStarted(step, StepSummary(kind: .call, title: "A", subject: "device.approve-device")),
      .stepFinished(step, result), .runFinished(RunResult(outcome: .succeeded)),
    ]
    return kinds.enumerated().map { number, kind in
      RunEvent(sequence: number, at: SampleRun.beginning, kind: kind)
    }
  }()

  @Test func `a plan is read as it was saved, its secrets and unknown values included`() throws {
    try PlanFile.write(Self.events, to: path, sealedFor: folder.journal)
    #expect(try PlanFile(at: path, sealedFor: folder.journal).events == Self.events)
    #expect(try folder.mode(of: path) == 0o600)
    let bytes = try #require(FileManager.default.contents(atPath: path))
    for spelling in PlantedSecrets.spellings {
      #expect(bytes.firstRange(of: Data(spelling.utf8)) == nil)
    }
  }

  @Test func `another plan takes the place of one that is there`() throws {
    try PlanFile.write(Self.events, to: path, sealedFor: folder.journal)
    let shorter = Array(Self.events.prefix(1))
    try PlanFile.write(shorter, to: path, sealedFor: folder.journal)
    #expect(try PlanFile(at: path, sealedFor: folder.journal).events == shorter)
  }

  @Test func `a plan of which any byte was changed or is missing is refused`() throws {
    try PlanFile.write(Self.events, to: path, sealedFor: folder.journal)
    let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(throws: JournalError.self) {
        try PlanFile(changed, named: "a.plan", sealedFor: folder.journal)
      }
    }
    for count in 0..<bytes.count {
      #expect(throws: JournalError.self) {
        try PlanFile(Array(bytes.prefix(count)), named: "a.plan", sealedFor: folder.journal)
      }
    }
  }

  @Test(arguments: [
    ("privirun plan 2\nx", "another version of privirun wrote it"),
    ("playbook: 1\n", "it is no plan of privirun"),
    ("privirun plan 1\n", "its end is missing"),
  ])
  func `what is no plan is named`(_ text: String, _ reason: String) throws {
    try PlanFile.write(Self.events, to: path, sealedFor: folder.journal)
    #expect(throws: JournalError.unusablePlan(path: "a.plan", reason: reason)) {
      try PlanFile(Array(text.utf8), named: "a.plan", sealedFor: folder.journal)
    }
  }

  @Test func `a plan that was saved for another journal is refused`() throws {
    let other = try TemporaryFolder()
    try PlanFile.write(Self.events, to: path, sealedFor: folder.journal)
    try PlanFile.write(Self.events, to: other.path + "/b.plan", sealedFor: other.journal)
    #expect(
      throws: JournalError.unusablePlan(
        path: path, reason: "it was changed, or sealed under another key than \(other.journal).key")
    ) { try PlanFile(at: path, sealedFor: other.journal) }
  }
}
