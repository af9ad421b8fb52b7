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

  /// Types `text` as a person does.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Starts the program with this terminal as its standard input, output and error, in `folder` where one
  /// is given.
  func start(_ arguments: [String], in folder: String? = nil) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_adddup2(&actions, slave, descriptor)
    }
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [Program.path]
    var words = (command + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var variables: [UnsafeMutablePointer<CChar>?] = [strdup("TERM=xterm"), nil]
    defer { free(variables[0]) }
    var process: pid_t = 0
    let problem = posix_spawn(&process, command[0], &actions, nil, &words, &variables)
    guard problem == 0 else { throw Failed(code: problem) }
    return process
  }

  /// Waits for the end of the process, reading what it shows; its exit code or negated signal.
  ///
  /// After ten minutes it is killed: it hangs.
  func ending(of process: pid_t) -> (status: Int32, shown: String) {
    var (status, shown) = (Int32(0), [UInt8]())
    var piece = [UInt8](repeating: 0, count: 4096)
    let deadline = ContinuousClock.now + .seconds(600)
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline { kill(process, SIGKILL) }
      var readable = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&readable, 1, 100) > 0 else { continue }
      let count = read(master, &piece, piece.count)
      if count > 0 { shown += piece[..<count] }
    }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    return (code, String(decoding: shown, as: UTF8.self))
  }
}
