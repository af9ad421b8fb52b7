/// What a client uploads: bytes at hand, or a blob that whoever carries the vault keeps for it.
package enum Payload: Sendable, Hashable {
  case memory([UInt8])
  case stored(BlobID, byteCount: Int)

  /// Its size in bytes.
  package var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .stored(_, let byteCount): byteCount
    }
  }

  /// How many of its bytes the vault itself holds.
  var memoryCount: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .stored: 0
    }
  }
}

extension Payload: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never the bytes.
  package var description: String { "payload of \(count) bytes" }
  /// The same as `description`, so that a debugger shows no bytes.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no bytes.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Names bytes that are kept outside the vault, until it says that nobody needs them any more.
package struct BlobID: Sendable, Hashable, Codable {
  /// The number that the blobs' keeper gave, unique among the blobs that it keeps.
  package let number: Int

  /// The name of the blob that its keeper knows by `number`.
  package init(_ number: Int) {
    self.number = number
  }
}
