import ArgumentParser
import Reporting

/// In which form a report is printed that is made once.
struct ReportOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text
    case json

    /// The forms of a run that goes on are one here: who gives each command the same form need not
    /// know which.
    init?(argument: String) {
      switch argument {
      case "json": self = .json
      case "text", "pretty", "plain", "summary": self = .text
      default: return nil
      }
    }
  }

  @Option(name: .customLong("output"), help: "The output format.")
  var form = Form.text
}

/// Whether there are colours.
struct ColorOptions: ParsableArguments {
  @Flag(help: "Do not use colours.")
  var noColor = false

  func style(environment: [String: String]) -> TerminalStyle {
    TerminalStyle(
      environment: environment,
      allowsColor: !noColor && StandardStream.output.isTerminal)
  }
}
