import ArgumentParser
import Diagnostics
import Events
import FoundationEssentials
import Glibc
import Reporting

/// How much is said, and in which form.
struct OutputOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case pretty
    case plain
    case json
  }

  @Option(
    help: """
      pretty (a live tree), plain (a line per change) or json (an event per line). Errors in files \
      and inputs are printed as text on standard error; `check` prints them as JSON with json.
      """)
  var output: Form?

  @Flag(help: "No colours.")
  var noColor = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  @Flag(
    help: "Trace HTTP and WebSocket traffic on standard error.")
  var verbose = false

  /// The form asked for, or the one that suits where the output goes.
  ///
  /// A terminal that cannot move its cursor gets no live tree, asked for or not; nor does one on
  /// which other lines appear in between.
  var form: Form {
    let isDumb = tracesOnTerminal || ProcessInfo.processInfo.environment["TERM"] == "dumb"
    switch output {
    case .json: return .json
    case .plain: return .plain
    case .pretty: return isDumb ? .plain : .pretty
    case nil: return StandardStream.output.isTerminal && !isDumb ? .pretty : .plain
    }
  }

  /// What takes the lines of `--verbose`, each made harmless for a terminal.
  func trace(environment: [String: String]) -> (@Sendable (String) -> Void)? {
    guard verbose else { return nil }
    let style = TerminalStyle(environment: environment, allowsColor: false)
    return { StandardStream.error.post(style.printable($0) + "\n") }
  }

  private var tracesOnTerminal: Bool { verbose && StandardStream.error.isTerminal }

  func style(environment: [String: String]) -> TerminalStyle {
    TerminalStyle(
      environment: environment,
      allowsColor: !noColor && StandardStream.output.isTerminal)
  }

  /// The recorder of a run's events on standard output, or nil when nothing is to be printed.
  func recorder(run: RunID, environment: [String: String]) -> (any RunRecorder)? {
    // A run never waits for the reader of its output.
    let write: @Sendable (String) -> Void = { StandardStream.output.post($0) }
    switch form {
    case .json: return JSONRecorder(run: run, write: write)
    case .plain where quiet, .pretty where quiet: return nil
    case .plain: return PlainRecorder(style: style(environment: environment), write: write)
    case .pretty:
      return PrettyRecorder(
        style: style(environment: environment), size: { .ofStandardOutput }, write: write)
    }
  }

  /// Writes findings to standard error.
  func report(_ diagnostics: [Diagnostic], quoting texts: SourceTexts) {
    guard !diagnostics.isEmpty else { return }
    let text = DiagnosticRenderer(texts: texts).render(diagnostics)
    StandardStream.error.write("\(text)\n")
  }
}

extension TerminalSize {
  /// What the terminal says of itself, or 80 × 24.
  static var ofStandardOutput: TerminalSize {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return TerminalSize(columns: 80, lines: 24)
    }
    return TerminalSize(columns: Int(size.ws_col), lines: Int(size.ws_row))
  }
}
