import Glibc

/// A terminal of its own, of which a test holds both ends.
final class Terminal: Sendable {
  /// Where the test reads what is shown, and types.
  private let master: Int32
  /// What a program has as its standard input and error.
  let slave: Int32

  init() throws {
    var ends: (Int32, Int32) = (-1, -1)
    guard openpty(&ends.0, &ends.1, nil, nil, nil) == 0 else { throw Failed(code: errno) }
    (master, slave) = ends
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(master)
    close(slave)
  }

  /// The system's error.
  struct Failed: Error {
    let code: Int32
  }

  /// Whether what is typed is shown.
  var echoes: Bool {
    var settings = termios()
    return tcgetattr(slave, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  /// Waits until `text` has been shown, at most 20 s for each piece of it.
  func waits(for text: String) -> Bool {
    var shown: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1024)
    while !String(decoding: shown, as: UTF8.self).contains(text) {
      var readable = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&readable, 1, 20_000) > 0 else { return false }
      let count = read(master, &piece, piece.count)
      guard count > 0 else { return false }
      shown += piece[..<count]
    }
    return true
  }
}
