import Dispatch
import Glibc

/// Asks a person on the terminal for a secret, without echo.
enum TerminalPrompt {
  /// The function that asks, or nil when nobody is there to answer.
  static var secret: (@Sendable (String) -> String?)? {
    isatty(0) == 1 && isatty(2) == 1 ? ask : nil
  }

  private static func ask(_ question: String) -> String? {
    StandardStream.error.write("\(question), not shown while you type: ")
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { return nil }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    let interrupts = restoringInterrupts(settings)
    tcsetattr(0, TCSAFLUSH, &silent)
    defer {
      for source in interrupts { source.cancel() }
      for number in endings { signal(number, SIG_DFL) }
      tcsetattr(0, TCSAFLUSH, &settings)
      StandardStream.error.write("\n")
    }
    return readLine(strippingNewline: true)
  }

  private static let endings = [SIGINT, SIGTERM, SIGHUP]

  /// Whoever stops the program at the prompt gets a terminal back that shows what is typed.
  private static func restoringInterrupts(_ settings: termios) -> [any DispatchSourceSignal] {
    endings.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        var settings = settings
        tcsetattr(0, TCSAFLUSH, &settings)
        StandardStream.error.write("\n")
        _exit(ExitStatus.cancelled.rawValue)
      }
      source.resume()
      return source
    }
  }
}
