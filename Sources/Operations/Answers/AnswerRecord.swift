import Expressions
import OrderedCollections

/// Makes the value of an answer that the journal keeps: what it held, without its secrets.
struct AnswerRecord {
  let operation: Operation
  /// Sees every text of the service before it is cut.
  let scrubber: SecretScrubber

  func record(_ body: AnswerBody, response: APIResponse) -> Value {
    let hidesBare = operation.answer.values.contains { $0.isSensitive && $0.readsWhole }
    switch body {
    case .empty: return .null
    case .json(let value, _):
      let masked = scrubber.recordable(operation.sensitiveNames.hiding(in: value))
      return hidesBare && response.isSuccess && body.bareText != nil ? masked.hidden : masked
    case .text(let text):
      let value = scrubber.recordable(.string(text))
      return hidesBare && response.isSuccess ? value.hidden : value
    case .page(let title):
      return .string(
        title.map { "a page titled “\(scrubber.line($0, limit: 100))”" } ?? "a page")
    case .broken(let error): return .string("JSON that cannot be read: \(error)")
    case .binary: return .string("\(response.byteCount) bytes")
    }
  }
}

extension AnswerField {
  /// Whether a bare answer may be this field.
  fileprivate var readsWhole: Bool {
    from.contains { if case .bare = $0 { true } else { false } }
  }
}

extension APIResponse {
  var isSuccess: Bool { (200..<300).contains(status) }

  /// Whether the body begins as an HTML page does, which no ciphertext can be expected to.
  var isPage: Bool {
    let start = String(decoding: body.prefix(64), as: UTF8.self).trimmed.lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }
}
