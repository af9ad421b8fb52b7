import Glibc

/// What systemd is notified of.
package enum ServiceNotice: Sendable, Hashable {
  /// The start is over, or a reload is.
  case ready
  /// Files are read again; the time is that of CLOCK_MONOTONIC.
  case reloading(at: Duration)
  /// It is about to stop.
  case stopping
  /// It lives.
  case alive
  /// What it does, in one line.
  case status(String)

  /// The lines of the datagram (sd_notify(3)).
  package var text: String {
    switch self {
    case .ready: "READY=1"
    case .reloading(let time):
      "RELOADING=1\nMONOTONIC_USEC=\(time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000)"
    case .stopping: "STOPPING=1"
    case .alive: "WATCHDOG=1"
    case .status(let text): "STATUS=\(Self.line(text))"
    }
  }

  /// Characters of a status that are shown.
  private static let longestStatus = 500

  /// `text` on one line: a newline would begin another assignment.
  private static func line(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(longestStatus).map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: " "
      case _: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension Duration {
  /// What CLOCK_MONOTONIC shows.
  static var sinceBoot: Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
