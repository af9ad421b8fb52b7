import FoundationEssentials
import Glibc
import Planning
import Reporting

/// Asks a person on the terminal; what is secret is not shown.
enum TerminalPrompt {
  /// The function that asks, or nil when nobody is there to answer.
  static var input: (@Sendable (InputQuestion) -> String?)? { isPossible ? ask : nil }

  /// Whether somebody is there to answer.
  static var isPossible: Bool { isatty(0) == 1 && isatty(2) == 1 }

  /// Whether a person at the terminal answers `question` with yes; false when nobody is there.
  static func confirms(_ question: String) -> Bool {
    guard isPossible else { return false }
    tcflush(0, TCIFLUSH)
    StandardStream.error.write("\(style.printable(question)) [y/N] ")
    let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
    return ["y", "yes"].contains(answer)
  }

  /// How what a playbook says is made harmless for the terminal.
  private static var style: TerminalStyle {
    TerminalStyle(environment: ProcessInfo.processInfo.environment, allowsColor: false)
  }

  private static func ask(_ question: InputQuestion) -> String? {
    if let complaint = question.complaint {
      StandardStream.error.write("  \(style.printable(complaint))\n")
    }
    let text = style.printable(question.text)
    guard question.isSecret else {
      StandardStream.error.write("\(text): ")
      return readLine(strippingNewline: true)
    }
    let answer = SilentTerminal.reading {
      StandardStream.error.write("\(text), not shown while you type: ")
      return readLine(strippingNewline: true)
    }
    StandardStream.error.write("\n")
    return answer ?? nil
  }
}

extension InputQuestion {
  /// Such as `tier (The plan of the tenant: basic, gold)`; of a single secret, the name and the summary.
  fileprivate var text: String {
    switch round {
    case .repeated: return "\(name) once more"
    case .first:
      let values = allowed.isEmpty ? expected : allowed.joined(separator: ", ")
      let parts = [summary, isSecret && !hasParts ? nil : values].compactMap(\.self)
      return parts.isEmpty ? name : "\(name) (\(parts.joined(separator: ": ")))"
    }
  }
}
