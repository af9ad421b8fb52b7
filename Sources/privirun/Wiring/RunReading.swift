import Events
import Journaling
import Reporting

/// A run of the journal, read to be compared: with its secrets, where the journal's key is at hand.
struct RunReading {
  let compared: ComparedRun

  private let run: RunID
  private let record: RunRecord

  /// Reads `run`; says on standard error why its secrets cannot be read.
  init(of run: RunID, in reader: JournalReader, _ options: JournalSettings) throws {
    self.run = run
    let (record, secrets) = try options.translated { () throws(JournalError) in
      try Self.record(of: run, in: reader)
    }
    self.record = record
    let isOver = if case .runFinished? = record.events.last?.kind { true } else { false }
    let progress = try options.translated { () throws(JournalError) in
      isOver ? nil : try RunProgress(of: record, run: run, in: reader)
    }
    compared = ComparedRun(record.events, progress, secrets: secrets)
  }

  /// Throws with status 1 when the record is not what was recorded.
  func requireIntact(_ options: JournalSettings) throws {
    guard let flaw = record.flaws.first else { return }
    throw CommandFailure(
      .failed, "the record of run \(run) is damaged; only what stands before is compared: \(flaw)",
      hint: "`\(options.commands(for: run).verify)` lists every flaw")
  }

  private static func record(
    of run: RunID, in reader: JournalReader
  ) throws(JournalError) -> (RunRecord, ComparedRun.Secrets) {
    if let problem = reader.keyProblem(of: run) {
      let hint = problem.hint.map { "  hint: \($0)\n" } ?? ""
      StandardStream.error.write(
        "privirun: the secrets of run \(run) cannot be compared: \(problem)\n\(hint)")
      return (try reader.record(of: run), .masked)
    }
    let record = try reader.record(of: run, secrets: .unsealed)
    guard !record.flaws.isEmpty else { return (record, .unsealed) }
    // A seal that cannot be opened makes an event unreadable, whose other parts may be intact.
    let masked = try reader.record(of: run)
    return masked.events.count > record.events.count ? (masked, .masked) : (record, .unsealed)
  }
}
