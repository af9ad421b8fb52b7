import Glibc
import NIOCore
import NIOPosix

/// Why the status of a daemon cannot be served.
package struct StatusFailure: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?

  /// A failure that is `message`.
  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// `address` could not be bound.
  init(binding address: StatusAddress, _ error: any Error) {
    let another = "name another port with `--listen HOST:PORT`, where 0 takes a free one"
    let (cause, hint): (String, String?) =
      switch (error as? IOError)?.errnoCode {
      case EADDRINUSE:
        ("another program listens there", "\(another); `--listen none` serves no status")
      case EACCES: ("that needs more rights than this process has", "name a port above 1023")
      case EADDRNOTAVAIL:
        ("this machine has no such address", "name one of its own with `--listen HOST:PORT`")
      case let code?: (String(cString: strerror(code)), another)
      case nil where error is SocketAddressError:
        ("the host has no address", "name one with `--listen HOST:PORT`")
      case nil: ("the system refused it", another)
      }
    self.init("the status cannot be served on \(address): \(cause)", hint: hint)
  }
}
