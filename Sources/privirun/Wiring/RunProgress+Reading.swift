import Events
import Journaling
import Reporting

extension RunProgress {
  /// Where `run`, which is not over, stands.
  init(of run: RunID, in reader: JournalReader) throws(JournalError) {
    let tree = RunTree(try reader.record(of: run).events)
    if tree.waitsForDecisionsOnly {
      self = .waiting
    } else {
      self = try reader.isDriven(run) ? .running : .interrupted
    }
  }
}
