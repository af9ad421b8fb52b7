package import Expressions

/// What the body of a request-id message turns out to be (protocol.md §3, "Tolerant reading").
package enum RequestedData: Sendable, Hashable {
  /// A complete address to download from.
  case address(Secret)
  /// The single-use value for the configured download server; try at once, and again on STREAM-READY.
  case auth(Secret)
  /// Bytes that may be the payload: they are when they open under the caller's key.
  case payload([UInt8])
  /// Anything else: the data is still to come.
  case notice(String)

  /// Reads type and body of a message; without a type the body alone decides.
  package init(outputType: Int?, body: Value) {
    let text = body.text?.trimmed ?? ""
    if outputType == 1 || outputType == nil && text.isAddress {
      if text.isEmpty {
        self = .notice("no address yet")
      } else {
        self = text.isAddress ? .address(Secret(text)) : .auth(Secret(text))
      }
    } else if let bytes = Base64.decodeLeniently(text), bytes.count >= Envelope.overhead {
      self = .payload(bytes)
    } else {
      self = .notice(text.printable(200))
    }
  }
}

extension String {
  /// Whether the text is a complete `http` or `https` address.
  var isAddress: Bool {
    let start = prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }
}
