import ArgumentParser
import Diagnostics
import Events
import FoundationEssentials
import Glibc
import Reporting

/// How much is said of a run while it goes on, and in which form.
struct OutputOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case pretty
    case plain
    case summary
    case json
  }

  @Option(
    help: """
      pretty (a live tree; the default on a terminal), summary (a line per step that changed \
      something, failures in full; the default otherwise), plain (a line per event) or json (an \
      event per line). Errors in files and inputs are printed as text on standard error.
      """)
  var output: Form?

  @OptionGroup var color: ColorOptions

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
    let isDumb = tracesOnTerminal || TerminalStyle.isDumb(ProcessInfo.processInfo.environment)
    switch output {
    case .json: return .json
    case .plain: return .plain
    case .summary: return .summary
    case .pretty: return isDumb ? .plain : .pretty
    case nil:
      guard StandardStream.output.isTerminal else { return .summary }
      return isDumb ? .plain : .pretty
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
    color.style(environment: environment)
  }

  /// The recorder of a run's events on standard output.
  ///
  /// Commands that it suggests name `journal`, where there is one. With `--quiet`, it writes a failure to standard error. `reads` are the operations that change
  /// nothing.
  func recorder(
    run: RunID, reads: Set<String>, journal: JournalReference?, environment: [String: String]
  ) -> any RunRecorder {
    // A run never waits for the reader of its output.
    let write: @Sendable (String) -> Void = { StandardStream.output.post($0) }
    let style = style(environment: environment)
    switch form {
    case .json: return JSONRecorder(run: run, write: write)
    case .plain where quiet, .pretty where quiet, .summary where quiet:
      return FailureRecorder(style: style, journal: journal) { StandardStream.error.post($0) }
    case .summary:
      return SummaryRecorder(
        style: style, reads: reads, journal: journal, write: write)
    case .plain: return PlainRecorder(style: style, journal: journal, write: write)
    case .pretty:
      return PrettyRecorder(
        style: style, journal: journal, size: { .ofStandardOutput }, write: write)
    }
  }

  /// Writes diagnostics to standard error.
  func report(_ diagnostics: [Diagnostic], quoting texts: SourceTexts) {
    StandardStream.report(diagnostics, quoting: texts)
  }
}

extension StandardStream {
  /// Writes diagnostics to standard error, as a person reads them.
  static func report(_ diagnostics: [Diagnostic], quoting texts: SourceTexts) {
    guard !diagnostics.isEmpty else { return }
    let text = DiagnosticRenderer(texts: texts).render(diagnostics)
    error.write("\(text)\n")
  }
}

extension TerminalSize {
  /// The size that the terminal reports, or 80 × 24.
  static var ofStandardOutput: TerminalSize {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return TerminalSize(columns: 80, lines: 24)
    }
    return TerminalSize(columns: Int(size.ws_col), lines: Int(size.ws_row))
  }
}
