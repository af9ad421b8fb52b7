import Foundation
import Glibc
import Synchronization

/// A child process, which inherits nothing but its two outputs.
///
/// A socket of a test's server that was handed down would stay open as long as the child lives, and
/// so would the pipe that reports the end of another child; Foundation's `Process` hands both down.
final class ChildProcess: Sendable {
  /// The process, until it has been reaped: afterwards its number may be another's.
  private let living: Mutex<pid_t?>

  /// How many descriptors this process may have by a long way, or the limit set to it.
  private static var descriptors: Int32 {
    min(4096, Int32(clamping: sysconf(Int32(_SC_OPEN_MAX))))
  }

  /// Starts `words`, of which the first is the path of the program.
  ///
  /// `exited` is called once, with the exit code or the negated number of the signal.
  init(
    _ words: [String], environment: [String: String], output: OutputPipe, errors: OutputPipe,
    exited: @escaping @Sendable (Int32) -> Void
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    // Closing what is not open does no harm (there is no door to close all of them at once).
    for descriptor in Int32(3)..<Self.descriptors {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

    var process: pid_t = 0
    let problem = withCStrings(words) { arguments in
      withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
      }
    }
    close(output.writing)
    close(errors.writing)
    guard problem == 0 else { throw POSIXError(.init(rawValue: problem) ?? .ENOENT) }
    living = Mutex(process)
    let identity = process
    Thread.detachNewThread { [self] in exited(reap(identity)) }
  }

  /// Sends a signal, unless the process has ended.
  func signal(_ number: Int32) {
    living.withLock { process in
      if let process { kill(process, number) }
    }
  }

  private func reap(_ process: pid_t) -> Int32 {
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    var status: Int32 = 0
    living.withLock { living in
      living = nil
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}

/// Gives `body` the texts as C wants a list of them.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var copies = texts.map { strdup($0) } + [nil]
  defer { for copy in copies { free(copy) } }
  return body(&copies)
}
