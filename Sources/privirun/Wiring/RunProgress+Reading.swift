import Events
import Journaling
import Reporting

extension RunProgress {
  /// Where the run of `record`, which is not over, stands.
  init(of record: RunRecord, run: RunID, in reader: JournalReader) throws(JournalError) {
    let driver = try reader.driver(of: run).map { Driver(process: $0.process, host: $0.host) }
    guard record.flaws.isEmpty else {
      self.init(.damaged, by: driver)
      return
    }
    let waits = RunTree(record.events).waitsForDecisionsOnly
    self.init(waits ? .waiting : driver == nil ? .interrupted : .running, by: driver)
  }
}
