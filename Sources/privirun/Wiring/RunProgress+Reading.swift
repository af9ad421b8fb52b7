import Events
import Journaling
import Operations
import Reporting

extension RunProgress {
  /// Where the run of `record`, which is not over, stands.
  init(of record: RunRecord, run: RunID, in reader: JournalReader) throws(JournalError) {
    let driver = try reader.driver(of: run).map { Driver(process: $0.process, host: $0.host) }
    guard record.flaws.isEmpty else {
      self.init(.damaged, by: driver)
      return
    }
    let events = record.events
    if RunTree(events).waitsForDecisionsOnly {
      // What was recorded since of the run and its sessions changed nothing about it.
      self.init(.waiting, by: driver, since: events.last { $0.kind.step != nil }?.at)
    } else if driver == nil {
      self.init(.interrupted, since: events.last?.at)
    } else {
      self.init(.running, by: driver, since: events.last(where: \.beginsDriving)?.at)
    }
  }
}

extension RunEvent {
  /// Whether a process began to drive the run.
  fileprivate var beginsDriving: Bool {
    switch kind {
    case .runStarted, .runResumed: true
    case _: false
    }
  }
}
