import Glibc
import Synchronization

/// A terminal on standard input that does not show what is typed, for as long as something is read.
///
/// However the program ends meanwhile, or is stopped, the terminal shows again what is typed.
enum SilentTerminal {
  /// How the terminal was, and how it is while something is read.
  private struct Settings {
    var original = termios()
    var silent = termios()
  }

  // For signal handlers, which can hold nothing themselves; written only while none is installed.
  private static let settings = Mutex(Settings())

  /// Runs `body` while nothing is shown; nil when standard input is no terminal.
  static func reading<Result>(_ body: () -> Result) -> Result? {
    var original = termios()
    guard tcgetattr(0, &original) == 0 else { return nil }
    var silent = original
    silent.c_lflag &= ~tcflag_t(ECHO)
    settings.withLock { $0 = Settings(original: original, silent: silent) }
    let replaced = install()
    tcsetattr(0, TCSAFLUSH, &silent)
    defer {
      tcsetattr(0, TCSAFLUSH, &original)
      for (number, action) in replaced {
        var action = action
        sigaction(number, &action, nil)
      }
    }
    return body()
  }

  /// The signals that end or stop a program; the others pass it by.
  private static let signals: [Int32] = {
    let harmless = [
      SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTTIN, SIGTTOU, SIGPIPE,
    ]
    return (1...64).filter { !harmless.contains($0) }
  }()

  private static func install() -> [(Int32, sigaction)] {
    signals.compactMap { number in
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { SilentTerminal.handle($0) }
      // A signal raised inside its own handler must arrive there and then.
      action.sa_flags = SA_RESTART | Int32(bitPattern: UInt32(SA_NODEFER))
      var replaced = sigaction()
      // The C library keeps two for itself and refuses them.
      return sigaction(number, &action, &replaced) == 0 ? (number, replaced) : nil
    }
  }

  /// Only calls what a signal handler may (signal-safety(7)).
  private static func handle(_ number: Int32) {
    var settings = Self.settings.withLock { $0 }
    tcsetattr(0, TCSANOW, &settings.original)
    switch number {
    case SIGINT, SIGTERM, SIGHUP, SIGQUIT:
      _ = write(2, "\n", 1)
      _exit(ExitStatus.cancelled.rawValue)
    case SIGTSTP:
      var handled = sigaction()
      var standard = sigaction()
      sigaction(number, &standard, &handled)
      raise(number)
      // Continued: what follows is still a secret.
      sigaction(number, &handled, nil)
      tcsetattr(0, TCSANOW, &settings.silent)
    default:
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}
