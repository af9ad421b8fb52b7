import Glibc

extension ProgramCall {
  /// The descriptors that are closed in the new process, at most: what this process holds is its own.
  private static let mostDescriptors: Int32 = 4096

  /// Starts the program; where its output is kept, `reading` is where that is read, and to be closed.
  func start() throws(ProgramFlaw) -> (process: StartedProgram, reading: Int32?) {
    let source = try inputDescriptor()
    defer { if let source { close(source) } }
    guard case .kept = output else { return (try spawn(reading: source, writing: nil), nil) }
    let (reading, writing) = try Self.pipe()
    defer { close(writing) }
    do throws(ProgramFlaw) {
      return (try spawn(reading: source, writing: writing), reading)
    } catch {
      close(reading)
      throw error
    }
  }

  /// A pipe that holds the input whole, so that a program that does not read it breaks nothing; nil where
  /// there is none.
  private func inputDescriptor() throws(ProgramFlaw) -> Int32? {
    guard !input.isEmpty else { return nil }
    let (reading, writing) = try Self.pipe()
    defer { close(writing) }
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let count = input.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
    guard count == input.count else {
      close(reading)
      throw .notStarted("its input is too large for a pipe")
    }
    return reading
  }

  private static func pipe() throws(ProgramFlaw) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { throw notStarted(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private func spawn(
    reading source: Int32?, writing target: Int32?
  ) throws(ProgramFlaw) -> StartedProgram {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let source {
      posix_spawn_file_actions_adddup2(&actions, source, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    if let target {
      posix_spawn_file_actions_adddup2(&actions, target, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
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
    var variables = environment().map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    let problem = posix_spawnp(
      &process, words[0], &actions, &attributes, &arguments, &variables)
    guard problem == 0 else { throw Self.notStarted(problem) }
    return StartedProgram(id: process)
  }

  /// The environment of this process with `variables`, each as `NAME=VALUE`.
  private func environment() -> [String] {
    var lines: [String] = []
    var entry = environ
    while let line = entry.pointee {
      let text = String(cString: line)
      if variables[String(text.prefix { $0 != "=" })] == nil { lines.append(text) }
      entry += 1
    }
    // A NUL character would cut the value.
    return lines
      + variables.sorted { $0.key < $1.key }.map { name, value in
        "\(name)=\(value.filter { $0 != "\0" })"
      }
  }

  private static func notStarted(_ code: Int32) -> ProgramFlaw {
    .notStarted(String(cString: strerror(code)).lowercased())
  }
}
