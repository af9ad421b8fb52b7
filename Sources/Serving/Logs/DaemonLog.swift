package import Logging
package import Operations

/// Writes the log of a daemon, one line for each entry.
package struct DaemonLog: LogHandler {
  /// The fields of every entry.
  package var metadata: Logger.Metadata = [:]
  /// Adds fields to every entry.
  package var metadataProvider: Logger.MetadataProvider?
  /// Entries below are left out.
  package var logLevel: Logger.Level
  private let output: LogOutput

  /// A logger of entries from `level` on.
  package static func logger(_ output: LogOutput, level: Logger.Level = .info) -> Logger {
    Logger(label: "privirun") { _ in DaemonLog(output, level) }
  }

  private init(_ output: LogOutput, _ level: Logger.Level) {
    self.output = output
    logLevel = level
  }

  /// The field `key` of every entry.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes an entry.
  package func log(event: LogEvent) {}
}

/// Where a log goes, and in which form.
package struct LogOutput: Sendable {
  /// How an entry is written.
  package var format: LogFormat
  /// The time of an entry.
  package var now: @Sendable () -> Moment
  /// Writes a line, with its newline, without waiting for a reader; false when there is no room for it.
  package var write: @Sendable (String) -> Bool

  /// A log that goes to `write`.
  package init(
    _ format: LogFormat, now: @escaping @Sendable () -> Moment,
    write: @escaping @Sendable (String) -> Bool
  ) {
    self.format = format
    self.now = now
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
