import Glibc
package import Planning

/// Runs a program whose standard output is a secret.
///
/// It runs without a shell in the current folder, with this process's environment, no input, and its
/// standard error thrown away, since that may have parts of the secret.
package struct SecretCommand: Sendable {
  /// How long it may run, in seconds.
  let seconds: Int
  /// The most bytes that it may write.
  let limit: Int

  /// Commands that end within `seconds` and write at most `limit` bytes.
  package init(seconds: Int = 30, limit: Int = InputBinder.secretLimit) {
    self.seconds = seconds
    self.limit = limit
  }

  /// What the program `words[0]` writes with the other words as arguments; blocks until it ends.
  package func run(_ words: [String]) throws(CommandFlaw) -> [UInt8] {
    guard words.allSatisfy({ !$0.utf8.contains(0) }), words.first?.isEmpty == false else {
      throw .notStarted("a word of it is empty or has a NUL character")
    }
    let (output, process) = try start(words)
    let deadline = ContinuousClock.now + .seconds(seconds)
    let result = read(output, until: deadline)
    close(output)
    switch result {
    case .success(let bytes):
      try end(process, by: deadline)
      return bytes
    case .failure(let flaw):
      stop(process)
      throw flaw
    }
  }

  /// How long is waited until the end of a process is looked for again.
  private static let pause: UInt32 = 5_000

  private func end(_ process: pid_t, by deadline: ContinuousClock.Instant) throws(CommandFlaw) {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { break }
      if ended < 0, errno != EINTR { throw .notStarted("its end was not reported") }
      guard ContinuousClock.now < deadline else {
        stop(process)
        throw .tooSlow(seconds: seconds)
      }
      usleep(Self.pause)
    }
    let signal = status & 0x7F
    if signal != 0 { throw .ended(signal: signal) }
    let code = (status >> 8) & 0xFF
    if code != 0 { throw .failed(status: code) }
  }

  /// Ends the process and those that it started.
  private func stop(_ process: pid_t) {
    kill(-process, SIGKILL)
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  private func read(
    _ output: Int32, until deadline: ContinuousClock.Instant
  ) -> Result<[UInt8], CommandFlaw> {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = (deadline - ContinuousClock.now).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else { return .failure(.tooSlow(seconds: seconds)) }
      var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = poll(&descriptor, 1, Int32(clamping: milliseconds))
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      let count = Glibc.read(output, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .success(bytes) }
      bytes += piece[..<count]
      guard bytes.count <= limit else { return .failure(.tooLarge(limit: limit)) }
    }
  }
}

/// Starting.
extension SecretCommand {
  /// The descriptors that are closed in the new process, at most: what this process holds is its own.
  private static let mostDescriptors: Int32 = 4096

  private func start(_ words: [String]) throws(CommandFlaw) -> (output: Int32, process: pid_t) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Self.notStarted(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Closing what is not open does no harm.
    for descriptor in 3..<min(Self.mostDescriptors, Int32(clamping: sysconf(Int32(_SC_OPEN_MAX)))) {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // A group of its own, so that it can be ended with all that it started.
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var process: pid_t = 0
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let problem = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
    close(ends[1])
    guard problem == 0 else {
      close(ends[0])
      throw Self.notStarted(problem)
    }
    return (ends[0], process)
  }

  private static func notStarted(_ code: Int32) -> CommandFlaw {
    .notStarted(String(cString: strerror(code)).lowercased())
  }
}

extension InputSources {
  /// The same sources, with the programs of this machine.
  package func runningCommands(_ command: SecretCommand = SecretCommand()) -> InputSources {
    var sources = self
    sources.command = { words throws(CommandFlaw) in try command.run(words) }
    return sources
  }
}
