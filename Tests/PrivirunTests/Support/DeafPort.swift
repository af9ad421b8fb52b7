import Foundation
import Glibc

/// A port of the loopback address that is taken and where nobody listens.
///
/// One that was merely free a moment ago may be another server's by now.
enum DeafPort {
  /// Runs `body` with the port as long as it is surely nobody's.
  static func held<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let problem = withUnsafeMutableBytes(of: &address) { bytes in
      guard let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else {
        return Int32(-1)
      }
      return bind(descriptor, pointer, size) == 0 ? getsockname(descriptor, pointer, &size) : -1
    }
    guard problem == 0 else { throw POSIXError(.EADDRINUSE) }
    return try await body(Int(UInt16(bigEndian: address.sin_port)))
  }
}
