import Glibc

/// Reports to systemd how the daemon stands (sd_notify(3)); does nothing where systemd did not start it.
package struct ServiceNotifier: Sendable {
  /// How often systemd wants a sign of life; nil where it wants none of this process.
  package let watchdog: Duration?
  private let address: SocketAddress?

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of `environment`; `process` is this process.
  ///
  /// What cannot be understood counts as not set, such as an address that is no Unix socket.
  package init(_ environment: [String: String], process: Int32) {
    address = environment["NOTIFY_SOCKET"].flatMap { SocketAddress($0) }
    watchdog = Self.watchdog(environment, process)
  }

  private static func watchdog(_ environment: [String: String], _ process: Int32) -> Duration? {
    guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0
    else { return nil }
    if let wanted = environment["WATCHDOG_PID"], Int32(wanted) != process { return nil }
    return .microseconds(microseconds)
  }

  /// Sends `notice` without waiting; a failure is ignored, and so is a receiver that is busy.
  package func send(_ notice: ServiceNotice) {
    guard let address else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(notice.text.utf8)
    _ = address.withPointer { pointer, length in
      sendto(
        descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL),
        pointer, length)
    }
  }
}

extension ServiceNotifier {
  /// The address of a Unix socket: a path, or `@NAME` in the abstract namespace (unix(7)).
  private struct SocketAddress: Sendable {
    private let bytes: [UInt8]

    /// Nil where `text` is none, or too long.
    init?(_ text: String) {
      var bytes = Array(text.utf8)
      let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
      guard bytes.count > 1, bytes.count < capacity, !bytes.contains(0) else { return nil }
      switch bytes[0] {
      case UInt8(ascii: "/"): bytes.append(0)
      // The name is everything up to the length of the address.
      case UInt8(ascii: "@"): bytes[0] = 0
      case _: return nil
      }
      self.bytes = bytes
    }

    func withPointer<Result>(
      _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + bytes.count } ?? 0
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
      }
    }
  }
}
