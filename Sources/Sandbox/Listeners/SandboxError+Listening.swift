import Glibc
import NIOCore

extension SandboxError {
  /// The listener of `listener` could not be bound to `address`.
  init(listeningOn address: String, as listener: Listener, _ error: any Error) {
    let (cause, hint): (String, String?) =
      switch (error as? IOError)?.errnoCode {
      case EADDRINUSE:
        ("another program listens there", "name another port, or 0 to take a free one")
      case EACCES:
        ("that needs more rights than this process has", "name a port above 1023")
      case EADDRNOTAVAIL: ("this machine has no such address", nil)
      case let code?: (String(cString: strerror(code)), nil)
      case nil: ("the system refused it", nil)
      }
    let message =
      "The sandbox cannot listen on \(address) for its \(listener.rawValue) address: \(cause)."
    self.init(message: message, hint: hint)
  }
}
