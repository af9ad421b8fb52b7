import Glibc

/// Asks a person on the terminal for a secret, without echo.
enum TerminalPrompt {
  /// The function that asks, or nil when nobody is there to answer.
  static var secret: (@Sendable (String) -> String?)? { isPossible ? ask : nil }

  /// Whether somebody is there to answer.
  static var isPossible: Bool { isatty(0) == 1 && isatty(2) == 1 }

  /// Whether a person at the terminal answers `question` with yes; false when nobody is there.
  static func confirms(_ question: String) -> Bool {
    guard isPossible else { return false }
    tcflush(0, TCIFLUSH)
    StandardStream.error.write("\(question) [y/N] ")
    let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
    return ["y", "yes"].contains(answer)
  }

  private static func ask(_ question: String) -> String? {
    let answer = SilentTerminal.reading {
      StandardStream.error.write("\(question), not shown while you type: ")
      return readLine(strippingNewline: true)
    }
    StandardStream.error.write("\n")
    return answer ?? nil
  }
}
