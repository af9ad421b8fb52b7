/// Where the status of a daemon is served: `HOST:PORT`.
package struct StatusAddress: Sendable, Hashable {
  /// The address unless another is given: loopback, so that nobody else on the network reads it.
  package static let standard = StatusAddress(host: "127.0.0.1", port: 8650)

  /// A name or an address, without the brackets of an IPv6 address.
  package var host: String
  /// 0 to 65,535; 0 takes a free port.
  package var port: Int

  /// The port `port` of `host`.
  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `HOST:PORT`, `[IPV6]:PORT` or `:PORT`, which is a port of 127.0.0.1; throws what is wrong with it.
  package init(_ text: String) throws(StatusFailure) {
    guard let colon = text.lastIndex(of: ":") else { throw Self.failure(text) }
    let digits = text[text.index(after: colon)...]
    let name = text[..<colon]
    guard (1...5).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = Int(digits), port <= 65_535
    else { throw Self.failure(text) }
    self.port = port
    if name.hasPrefix("["), name.hasSuffix("]"), name.dropFirst().dropLast().contains(":") {
      host = String(name.dropFirst().dropLast())
    } else if name.isEmpty {
      host = Self.standard.host
    } else if name.utf8.allSatisfy(Self.isNamePart) {
      host = String(name)
    } else {
      throw Self.failure(text)
    }
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    case _: false
    }
  }

  private static func failure(_ text: String) -> StatusFailure {
    StatusFailure(
      "`\(text)` is not an address",
      hint: "write HOST:PORT, such as `\(standard)` or `[::1]:\(standard.port)`")
  }
}

extension StatusAddress: CustomStringConvertible {
  /// As in a URL: `127.0.0.1:8650`, `[::1]:8650`.
  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
