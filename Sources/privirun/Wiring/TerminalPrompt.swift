import Glibc

/// Asks a person on the terminal for a secret, without echo.
enum TerminalPrompt {
  /// The function that asks, or nil when nobody is there to answer.
  static var secret: (@Sendable (String) -> String?)? {
    isatty(0) == 1 && isatty(2) == 1 ? ask : nil
  }

  private static func ask(_ question: String) -> String? {
    StandardStream.error.write(question)
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { return nil }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(0, TCSAFLUSH, &silent)
    defer {
      tcsetattr(0, TCSAFLUSH, &settings)
      StandardStream.error.write("\n")
    }
    return readLine(strippingNewline: true)
  }
}
