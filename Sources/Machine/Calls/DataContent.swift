import Expressions
import Operations
import OrderedCollections

/// Data that arrived: at hand, or in the file that the call named.
enum DataContent: Sendable, Hashable {
  case bytes([UInt8])
  case file(ReceivedFile)

  init(_ response: APIResponse) {
    switch response.content {
    case .bytes(let bytes): self = .bytes(bytes)
    case .file(let received): self = .file(received)
    }
  }

  /// Bytes as they came.
  var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .file(let received): received.byteCount
    }
  }

  /// What a person should know about the file that it is in.
  var notice: String? {
    switch self {
    case .bytes: nil
    case .file(let received): received.notice
    }
  }

  /// Fills in the answer fields that the operation takes from data.
  func fill(_ fields: inout ValueMap, of operation: Operation) {
    switch self {
    case .bytes(let bytes): fields["data"] = .bytes(bytes)
    case .file(let received):
      for (name, field) in operation.answer {
        if field.from.contains(.file) { fields[name] = received.file.value }
        if field.from.contains(.fileSize) { fields[name] = .int(Int64(received.file.size)) }
      }
    }
  }
}
