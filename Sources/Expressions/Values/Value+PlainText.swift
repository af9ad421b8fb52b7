extension Value {
  /// The text that stands for a scalar in addresses, forms and messages.
  ///
  /// Nil for lists, maps, null, secrets and what is unknown; whole doubles have no fraction, bytes become base64.
  package var plainText: String? {
    switch self {
    case .string(let text): text
    case .bool(let bool): bool ? "true" : "false"
    case .int(let int): String(int)
    case .uint(let uint): String(uint)
    case .double(let double): Int64(exactly: double).map { String($0) } ?? String(double)
    case .bytes(let bytes): Base64.encode(bytes)
    case .timestamp(let timestamp): timestamp.text
    case .duration(let duration): duration.secondsText
    case .type(let name): name
    case .null, .list, .map, .secret, .unknown: nil
    }
  }
}
