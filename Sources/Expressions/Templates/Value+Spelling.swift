extension Value {
  /// `text`, which was read as this value, when the value alone does not show how it was written.
  package func spelling(_ text: String) -> String? {
    switch self {
    case .null, .string, .secret, .unknown: nil
    case .bool, .int, .uint, .double, .bytes, .list, .map, .timestamp, .duration, .type:
      text == displayText ? nil : text
    }
  }
}
