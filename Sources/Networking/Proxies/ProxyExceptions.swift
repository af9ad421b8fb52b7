import Glibc

/// The hosts of `NO_PROXY`, and the loopback hosts, which are never reached through a proxy.
struct ProxyExceptions: Sendable, Hashable {
  private enum Entry: Sendable, Hashable {
    case everything
    /// The host itself and all hosts below it.
    case domain(String, port: Int?)
    /// The addresses that agree in the first `prefix` bits.
    case network([UInt8], prefix: Int, port: Int?)
  }

  private let entries: [Entry]

  /// Reads entries separated by commas or blanks: `*`, `host`, `.domain`, `*.domain`, an IP address or
  /// a network like `10.0.0.0/8`, each but `*` and networks with an optional `:port`.
  init(_ text: String) {
    entries = text.split { $0 == "," || $0.isWhitespace }.map { Self.entry($0.lowercased()) }
  }

  /// Whether connections to `origin` are direct.
  func contain(_ origin: Origin) -> Bool {
    let address = Self.bytes(of: origin.host)
    return Self.isLoopback(origin.host, address)
      || entries.contains { Self.matches($0, origin, address) }
  }

  private static func entry(_ text: String) -> Entry {
    if text == "*" { return .everything }
    if let network = network(text) { return network }
    let (written, port) = split(text)
    let host = written.last == "." ? String(written.dropLast()) : written
    if host == "*" { return .domain("", port: port) }
    if let bytes = bytes(of: host) { return .network(bytes, prefix: bytes.count * 8, port: port) }
    let domain = host.hasPrefix("*.") ? host.dropFirst(2) : host.drop { $0 == "." }
    return .domain(String(domain), port: port)
  }

  private static func network(_ text: String) -> Entry? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = bytes(of: String(parts[0])), let prefix = Int(parts[1]),
      (0...bytes.count * 8).contains(prefix)
    else { return nil }
    return .network(bytes, prefix: prefix, port: nil)
  }

  /// The port only where one is written: an IPv6 address needs brackets for it.
  private static func split(_ text: String) -> (host: String, port: Int?) {
    if text.first == "[", let end = text.firstIndex(of: "]") {
      let port = text[end...].dropFirst()
      return (String(text[..<end].dropFirst()), port.first == ":" ? Int(port.dropFirst()) : nil)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let port = Int(parts[1]) else { return (text, nil) }
    return (String(parts[0]), port)
  }

  private static func matches(_ entry: Entry, _ origin: Origin, _ address: [UInt8]?) -> Bool {
    switch entry {
    case .everything: true
    case .domain(let domain, let port):
      (port ?? origin.port) == origin.port
        && (domain.isEmpty
          ? port != nil
          : address == nil && (origin.host == domain || origin.host.hasSuffix(".\(domain)")))
    case .network(let network, let prefix, let port):
      (port ?? origin.port) == origin.port && agrees(address, network, prefix)
    }
  }

  private static func agrees(_ address: [UInt8]?, _ network: [UInt8], _ prefix: Int) -> Bool {
    guard let address, address.count == network.count else { return false }
    return (0..<prefix).allSatisfy { bit in
      (address[bit / 8] ^ network[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
    }
  }

  private static func isLoopback(_ host: String, _ address: [UInt8]?) -> Bool {
    guard let address else { return host == "localhost" || host.hasSuffix(".localhost") }
    return address.count == 4 ? address[0] == 127 : address == Array(repeating: 0, count: 15) + [1]
  }

  /// The 4 bytes of an IPv4 address of one to four numbers, the last of which fills what the others
  /// leave; decimal, octal after `0` and hexadecimal after `0x` (POSIX, `inet_addr`).
  private static func numericBytes(of host: String) -> [UInt8]? {
    var numbers: [UInt64] = []
    for part in host.split(separator: ".", omittingEmptySubsequences: false) {
      guard let number = number(part) else { return nil }
      numbers.append(number)
    }
    guard numbers.count <= 4, let last = numbers.popLast() else { return nil }
    let rest = 4 - numbers.count
    guard numbers.allSatisfy({ $0 <= 255 }), last < 1 << UInt64(8 * rest) else { return nil }
    let tail = (0..<rest).reversed().map { UInt8(truncatingIfNeeded: last >> UInt64(8 * $0)) }
    return numbers.map { UInt8($0) } + tail
  }

  private static func number(_ text: Substring) -> UInt64? {
    guard let first = text.first, first.isASCII, first.isNumber else { return nil }
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16) }
    return UInt64(text, radix: text.count > 1 && first == "0" ? 8 : 10)
  }

  /// The 4 or 16 bytes of an IP address, of one in old notation such as `127.1`, too; nil for a name.
  ///
  /// An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) has 4.
  private static func bytes(of host: String) -> [UInt8]? {
    guard host.contains(":") else { return numericBytes(of: host) }
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, host, &bytes) == 1 else { return nil }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
  }
}
