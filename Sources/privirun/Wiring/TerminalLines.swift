import Glibc
import Synchronization

/// Lines that a person types, for as long as somebody wants them.
///
/// `stop` ends the wait for a line from any thread, which `readLine` does not allow.
final class TerminalLines: Sendable {
  /// Becomes readable once nobody wants a line any more.
  private let wakeUp: (read: Int32, write: Int32)
  private let isStopped = Mutex(false)

  /// Throws when the process has no more descriptors.
  init() throws(CommandFailure) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw CommandFailure(.fault, "the terminal cannot be read: out of file descriptors")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakeUp = (ends[0], ends[1])
  }

  deinit {
    close(wakeUp.read)
    close(wakeUp.write)
  }

  /// Ends every wait for a line, now and later.
  func stop() {
    isStopped.withLock { isStopped in
      guard !isStopped else { return }
      isStopped = true
      _ = write(wakeUp.write, [0], 1)
    }
  }

  /// Throws away what was typed so far: it was meant for something else.
  func discardTyped() { tcflush(0, TCIFLUSH) }

  /// The next line without its end; nil when the input ends, or `stop` was called.
  func next() -> String? {
    var line: [UInt8] = []
    while true {
      var waits = [
        pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, 2, -1) > 0 || errno == EINTR else { return nil }
      if waits[1].revents != 0 { return nil }
      guard waits[0].revents != 0 else { continue }
      var byte: UInt8 = 0
      let count = read(0, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }
}
