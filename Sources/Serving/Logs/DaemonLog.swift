package import Logging

/// Writes the log of a daemon, one line for each entry.
///
/// An entry that finds no room is lost; the next one that does is preceded by the number of lost ones.
package struct DaemonLog: LogHandler {
  /// The fields of every entry.
  package var metadata: Logger.Metadata = [:]
  /// Adds fields to every entry.
  package var metadataProvider: Logger.MetadataProvider?
  /// Entries below are left out.
  package var logLevel: Logger.Level
  private let output: LogOutput
  private let lost = LostEntries()

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

  /// Writes an entry; fields of the entry come before those of every entry that have the same name.
  package func log(event: LogEvent) {
    var fields = metadata
    fields.merge(metadataProvider?.get() ?? [:]) { $1 }
    fields.merge(event.metadata ?? [:]) { $1 }
    if let error = event.error { fields["error"] = .string(String(describing: error)) }
    let entry = LogEntry(event.level, event.message.description, fields, output)
    lost.write(entry.line(output.format, for: output.reader), to: output) { count in
      let fields: Logger.Metadata = ["entries": .stringConvertible(count)]
      return LogEntry(.warning, "log entries were lost: nobody read them", fields, output)
        .line(output.format, for: output.reader)
    }
  }
}
