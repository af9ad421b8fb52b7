import Events
import Logging
import Operations
import Reporting

/// An entry of a log, ready to be written: short enough, and without secrets.
struct LogEntry {
  /// Characters of the message, or of a value, that are kept.
  private static let longestText = 2000
  private static let mostFields = 50

  private let time: Moment
  private let level: Logger.Level
  private let message: String
  /// In the order of their names.
  private let fields: [(name: String, value: LogValue)]

  init(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, _ output: LogOutput) {
    let scrubber = LogScrubber(output.scrub, limit: Self.longestText)
    time = output.now()
    self.level = level
    self.message = scrubber.scrub(message)
    fields = metadata.sorted { $0.key < $1.key }.prefix(Self.mostFields)
      .map { (Self.name($0.key), LogValue($0.value, named: $0.key, scrubber)) }
  }

  /// The line of the entry, with its newline.
  func line(_ format: LogFormat, for reader: LogReader) -> String {
    switch (format, reader) {
    case (.text, .anybody): "\(time.text) \(level.rawValue) \(text)\n"
    case (.text, .systemdJournal): "<\(level.priority)>\(text)\n"
    case (.json, .anybody): json.line + "\n"
    case (.json, .systemdJournal): "<\(level.priority)>\(json.line)\n"
    }
  }

  private var text: String {
    // Newlines and control characters appear as escapes, so that an entry is one line.
    let style = TerminalStyle(color: .none, symbols: .unicode)
    return ([style.printable(message)] + fields.map { "\($0.name)=\($0.value.text)" })
      .joined(separator: " ")
  }

  private var json: EncodedJSON {
    .object([
      "time": .instant(time), "level": .text(level.rawValue), "message": .text(message),
      "fields": .object(fields.map { .init(name: $0.name, value: $0.value.json) }),
    ])
  }

  /// `name` with `_` for what would end it or could be mistaken for a value.
  private static func name(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(100).map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": Character(scalar)
      case _: "_"
      }
    }
    return scalars.isEmpty ? "_" : String(scalars)
  }
}

extension Logger.Level {
  /// The priority of syslog (RFC 5424 §6.2.1).
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
