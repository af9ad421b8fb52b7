import Files
package import Operations
import Synchronization

/// Where a log goes, and in which form.
package struct LogOutput: Sendable {
  /// How an entry is written.
  package var format: LogFormat
  /// Who reads it.
  package var reader: LogReader
  /// The time of an entry.
  package var now: @Sendable () -> Moment
  /// Masks the secrets that the process knows.
  package var scrub: @Sendable (String) -> String
  /// Writes a line, with its newline, without waiting for a reader; false when there is no room for it.
  package var write: @Sendable (String) -> Bool

  /// A log that goes to `write`; nothing is scrubbed but what every log hides, unless `scrub` says otherwise.
  package init(
    _ format: LogFormat, for reader: LogReader = .anybody,
    now: @escaping @Sendable () -> Moment,
    scrub: @escaping @Sendable (String) -> String = { $0 },
    write: @escaping @Sendable (String) -> Bool
  ) {
    self.format = format
    self.reader = reader
    self.now = now
    self.scrub = scrub
    self.write = write
  }
}

/// How an entry of a log is written.
package enum LogFormat: String, Sendable, Hashable, CaseIterable {
  /// `TIME LEVEL MESSAGE NAME=VALUE …`
  case text
  /// A JSON object per line.
  case json
}

/// Who reads a log.
package enum LogReader: Sendable, Hashable {
  case anybody
  /// The systemd journal (sd-daemon(3)): each line begins with `<PRIORITY>`, and text leaves out the time and
  /// the level, which the journal has.
  case systemdJournal

  /// Who reads standard error: `stream` names the device and inode that systemd connected (JOURNAL_STREAM of
  /// systemd.exec(5)), and `standardError` those of the stream, both as `DEVICE:INODE`.
  package init(stream: String?, standardError: String?) {
    self = stream != nil && stream == standardError ? .systemdJournal : .anybody
  }

  /// Who reads standard error of this process, which has that environment.
  package static func ofStandardError(_ environment: [String: String]) -> LogReader {
    LogReader(
      stream: environment["JOURNAL_STREAM"],
      standardError: (try? FileStatus(of: "/proc/self/fd/2"))?.identity.description)
  }
}

/// How many entries found no room since the last one that did.
final class LostEntries: Sendable {
  private let count = Mutex(0)

  /// Writes `line`, behind the line that `notice` makes of the number of lost ones.
  func write(_ line: String, to output: LogOutput, notice: (Int) -> String) {
    count.withLock { count in
      if count > 0, output.write(notice(count)) { count = 0 }
      if count > 0 || !output.write(line) { count += 1 }
    }
  }
}
