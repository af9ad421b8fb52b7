import Glibc

/// A program that is run without a shell, in the current folder, and that ends within its limits.
///
/// Its standard error is thrown away, since it may have parts of a secret. It has a process group of its
/// own, which is ended with it: what it started in the background does not outlive it.
package struct ProgramCall: Sendable {
  /// What is done with its standard output.
  package enum Output: Sendable, Hashable {
    case discarded
    /// At most so many bytes are kept; a program that writes more is ended.
    case kept(limit: Int)
  }

  /// The program, which is looked for in `PATH`, and its arguments.
  package var words: [String]
  /// What it reads from its standard input, at most 64 KiB.
  package var input: [UInt8]
  /// Environment variables that it has besides those of this process, or in their place.
  package var variables: [String: String]
  /// What is done with its standard output.
  package var output: Output
  /// How long it may run, in seconds.
  package var seconds: Int
  /// Whether it is to be ended before its time; called every 100 ms at least.
  package var isStopped: @Sendable () -> Bool = { false }

  /// The program `words[0]` with the other words as arguments.
  package init(
    _ words: [String], input: [UInt8] = [], variables: [String: String] = [:], output: Output,
    seconds: Int = 30
  ) {
    self.words = words
    self.input = input
    self.variables = variables
    self.output = output
    self.seconds = seconds
  }

  /// Runs the program and returns what it wrote to standard output; blocks until it has ended.
  ///
  /// Throws for each other end than exit status 0.
  package func run() throws(ProgramFlaw) -> [UInt8] {
    guard words.allSatisfy({ !$0.utf8.contains(0) }), words.first?.isEmpty == false else {
      throw .notStarted("a word of it is empty or has a NUL character")
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    let (process, reading) = try start()
    var written: [UInt8] = []
    if let reading {
      let result = read(reading, until: deadline)
      close(reading)
      do throws(ProgramFlaw) {
        written = try result.get()
      } catch {
        _ = process.stop()
        throw error
      }
    }
    try wait(for: process, until: deadline)
    return written
  }

  /// How long is waited until the end of a process is looked for again, in microseconds.
  private static let pause: UInt32 = 5_000
  /// How long a wait for output lasts at most before somebody may stop it, in milliseconds.
  private static let longestWait: Int64 = 100

  private func wait(
    for process: StartedProgram, until deadline: ContinuousClock.Instant
  ) throws(ProgramFlaw) {
    while !process.hasEnded {
      if isStopped() {
        _ = process.stop()
        throw .stopped
      }
      guard ContinuousClock.now < deadline else {
        _ = process.stop()
        throw .tooSlow(seconds: seconds)
      }
      usleep(Self.pause)
    }
    let status = process.stop()
    let signal = status & 0x7F
    if signal != 0 { throw .ended(signal: signal) }
    let code = (status >> 8) & 0xFF
    if code != 0 { throw .failed(status: code) }
  }

  private func read(
    _ reading: Int32, until deadline: ContinuousClock.Instant
  ) -> Result<[UInt8], ProgramFlaw> {
    guard case .kept(let limit) = output else { return .success([]) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = (deadline - ContinuousClock.now).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else { return .failure(.tooSlow(seconds: seconds)) }
      guard !isStopped() else { return .failure(.stopped) }
      var descriptor = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      let ready = poll(&descriptor, 1, Int32(min(milliseconds, Self.longestWait)))
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      let count = Glibc.read(reading, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .success(bytes) }
      bytes += piece[..<count]
      guard bytes.count <= limit else { return .failure(.tooLarge(limit: limit)) }
    }
  }
}

/// A process that leads a group of its own.
struct StartedProgram {
  let id: pid_t

  /// Whether the process itself has ended; it keeps its number until `stop`.
  var hasEnded: Bool {
    var information = siginfo_t()
    while true {
      information.si_signo = 0
      let result = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
      if result == 0 { return information.si_signo != 0 }
      // A process that is nobody's child any more has ended, too.
      guard errno == EINTR else { return true }
    }
  }

  /// Ends whatever is left of the group, and returns the status of its leader.
  func stop() -> Int32 {
    kill(-id, SIGKILL)
    kill(id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
