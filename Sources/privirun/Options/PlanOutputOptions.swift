import ArgumentParser
import Reporting

/// In which form a plan is printed.
struct PlanOutputOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case markdown
    case junit

    /// The forms of a run are text here: who gives each command the same form need not know which.
    init?(argument: String) {
      switch argument {
      case "pretty", "plain", "summary": self = .text
      case _: self.init(rawValue: argument)
      }
    }
  }

  @Option(
    name: .customLong("output"),
    help: """
      text, json (one object), markdown (a comment for a merge request) or junit (a test case per \
      thing).
      """)
  var form = Form.text

  @Flag(help: "List what is unchanged or skipped, too, and show long values whole.")
  var all = false

  @Flag(help: "Exit with 6 when there is something to do.")
  var exitCode = false

  @OptionGroup var color: ColorOptions

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  @Flag(help: "Trace HTTP traffic on standard error.")
  var verbose = false

  init() {}

  /// How a plan is printed where `output` was given; every option has to have a value.
  init(_ output: OutputOptions) {
    form = output.form == .json ? .json : .text
    all = false
    exitCode = false
    color = output.color
    quiet = output.quiet
    verbose = output.verbose
  }

  /// What takes the lines of `--verbose`, each made harmless for a terminal.
  func trace(environment: [String: String]) -> (@Sendable (String) -> Void)? {
    guard verbose else { return nil }
    let style = TerminalStyle(environment: environment, allowsColor: false)
    return { StandardStream.error.post(style.printable($0) + "\n") }
  }

  /// Prints `report` in its form.
  func write(_ report: PlanReport, environment: [String: String]) {
    guard !quiet || form != .text else { return }
    switch form {
    case .text:
      let style = color.style(environment: environment)
      StandardStream.output.write(report.text(style, all ? .everything : .summarized))
    case .json: StandardStream.output.write(report.json)
    case .markdown: StandardStream.output.write(report.markdown)
    case .junit: StandardStream.output.write(report.junit)
    }
  }

  /// Prints `report` in its form.
  func write(_ report: DriftReport, environment: [String: String]) {
    guard !quiet || form != .text else { return }
    switch form {
    case .text: StandardStream.output.write(report.text(color.style(environment: environment)))
    case .json: StandardStream.output.write(report.json)
    case .markdown: StandardStream.output.write(report.markdown)
    case .junit: StandardStream.output.write(report.junit)
    }
  }

  /// Prints `report` in its form.
  func write(_ report: RolloutPlanReport, environment: [String: String]) {
    guard !quiet || form != .text else { return }
    switch form {
    case .text:
      let style = color.style(environment: environment)
      StandardStream.output.write(report.text(style, all ? .everything : .summarized))
    case .json: StandardStream.output.write(report.json)
    case .markdown: StandardStream.output.write(report.markdown)
    case .junit: StandardStream.output.write(report.junit)
    }
  }
}
