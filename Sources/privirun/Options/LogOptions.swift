import ArgumentParser
import Logging
import Operations
import Serving

/// How a daemon writes its log.
struct LogOptions: ParsableArguments {
  @Option(help: "text (a line per entry) or json (an object per line).")
  var logFormat: LogFormat = .text

  /// The least important entries that are written.
  enum Level: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case notice
    case warning
    case error

    fileprivate var level: Logger.Level {
      switch self {
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
    }
  }

  @Option(help: "The least important entries that are written.")
  var logLevel: Level = .info

  /// The log, on standard error, without any of `secrets`.
  func logger(
    _ environment: [String: String], _ clock: DaemonClock, hiding secrets: KnownSecrets
  ) -> Logger {
    DaemonLog.logger(
      LogOutput(
        logFormat, for: .ofStandardError(environment), now: clock.now,
        scrub: { secrets.scrubber.scrub($0) }
      ) {
        StandardStream.error.offer($0)
      }, level: logLevel.level)
  }
}

extension LogFormat: ExpressibleByArgument {}
