import Glibc

/// Keeps a port of the loopback address for this process while nobody listens on it.
///
/// Until listening begins again, connections are refused, and no other program gets the port. The
/// socket that holds it never listens, so a listener with SO_REUSEADDR can have it besides.
final class PortHold: Sendable {
  /// The port that is held.
  let port: Int
  private let descriptor: Int32

  /// Takes a port, 0 for any free one; nil when the system does not give it.
  init?(host: String, port: Int) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    guard let number = in_port_t(exactly: port), inet_pton(AF_INET, host, &address.sin_addr) == 1
    else { return nil }
    address.sin_port = number.bigEndian
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    guard let taken = Self.bind(descriptor, to: address) else {
      close(descriptor)
      return nil
    }
    self.port = taken
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Binds a socket and returns the port that it got.
  private static func bind(_ descriptor: Int32, to address: sockaddr_in) -> Int? {
    var (address, isReused) = (address, Int32(1))
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let option = socklen_t(MemoryLayout<Int32>.size)
    guard setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, option) == 0 else {
      return nil
    }
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    return isBound ? Int(in_port_t(bigEndian: address.sin_port)) : nil
  }
}
