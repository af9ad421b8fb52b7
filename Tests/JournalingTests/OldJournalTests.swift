import EventSamples
import Events
import Expressions
import Foundation
import Testing

@testable import Journaling

/// Whole journals of earlier programs: a run that succeeded, one that failed and one that was
/// cancelled, with the key that their secrets are sealed under.
@Suite("Journals of earlier programs")
struct OldJournalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(of name: String) throws -> JournalReader {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let copy = folder.path + "/\(name)"
    for suffix in ["", ".key"] {
      let data = try Data(contentsOf: fixtures.appending(path: name + suffix))
      try data.write(to: URL(filePath: copy + suffix))
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: copy + suffix)
    }
    return try JournalReader.open(at: copy)
  }

  @Test(arguments: ["journal-1"])
  func `every event of every run is read as it was`(name: String) throws {
    let reader = try reader(of: "\(name).sqlite")
    let runs = try reader.runs(limit: 10)
    #expect(runs.map(\.outcome) == [.succeeded, .cancelled, .failed])
    let lines = try runs.flatMap { run in
      try reader.events(of: run.run).map { EncodedEvent($0, of: run.run).line + "\n" }
    }
    let text = lines.joined()
    #expect(text == (try Snapshot.kept("\(name).expected", insteadOf: text)))
  }

  @Test(arguments: ["journal-1"])
  func `its secrets are opened with its key, and it verifies`(name: String) throws {
    let reader = try reader(of: "\(name).sqlite")
    for run in try reader.runs(limit: 10) {
      #expect(try reader.verify(run.run) == nil)
      guard
        case .runStarted(let start)? = try reader.events(of: run.run, secrets: .unsealed)
          .first?.kind
      else {
        Issue.record("no beginning")
        continue
      }
      let secrets = Value.map(start.inputs).secrets.compactMap { $0.reveal().text }
      #expect(
        secrets == [start.playbook == "cancelled" ? "planted-password-2" : "planted-password-1"])
    }
  }
}
