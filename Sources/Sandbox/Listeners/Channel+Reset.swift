import Glibc
import NIOCore

extension Channel {
  /// Ends the connection so that the other side sees it reset: nothing that is unsent is sent.
  func reset() {
    guard let options = self as? any SocketOptionProvider else { return close(promise: nil) }
    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
      self.close(promise: nil)
    }
  }
}
