import Expressions
import Operations

/// How what other modules define rests in the state file.
extension Moment: Codable {
  /// Reads the nanoseconds since the epoch.
  package init(from decoder: any Decoder) throws {
    self.init(nanoseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  /// Writes the nanoseconds since the epoch.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

/// As JSON text: what a client sent, in its own order. A secret would stand there masked.
extension ValueMap: Codable {
  /// Reads JSON text; throws `dataCorrupted` for text that is no object.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard case .map(let map)? = try? JSON.parse(container.decode(String.self).utf8) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an object")
    }
    self = map
  }

  /// Writes JSON text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(JSON.text(.map(self)))
  }
}

extension Identifier: Codable {
  init(from decoder: any Decoder) throws {
    self.init(text: try decoder.singleValueContainer().decode(String.self))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension Payload: Codable {
  private enum Key: String, CodingKey {
    case base64, blob, byteCount
  }

  /// Reads bytes in base64, or the number and size of a blob; throws for damaged base64.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard let text = try container.decodeIfPresent(String.self, forKey: .base64) else {
      let number = try container.decode(Int.self, forKey: .blob)
      let count = try container.decode(Int.self, forKey: .byteCount)
      self = .stored(BlobID(number), byteCount: count)
      return
    }
    guard let bytes = Base64.decode(text) else {
      throw DecodingError.dataCorruptedError(
        forKey: .base64, in: container, debugDescription: "not base64")
    }
    self = .memory(bytes)
  }

  /// Writes the bytes in base64, or the number and size of the blob.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .memory(let bytes): try container.encode(Base64.encode(bytes), forKey: .base64)
    case .stored(let blob, let byteCount):
      try container.encode(blob.number, forKey: .blob)
      try container.encode(byteCount, forKey: .byteCount)
    }
  }
}
