import Expressions
import OrderedCollections
import Playbooks

/// Finds the answer fields of one operation in one answer.
struct AnswerReader {
  let response: APIResponse
  let body: AnswerBody
  let identity: CommandIdentity

  /// The value of `field`, converted to its kind, or null when no source has one.
  ///
  /// An empty text is none: services send it in place of null.
  func read(_ field: AnswerField) -> Value {
    for source in field.from {
      if let value = read(source, of: field), value != .null, value != "" { return value }
    }
    return .null
  }

  private func read(_ source: AnswerSource, of field: AnswerField) -> Value? {
    switch source {
    case .name(let name):
      return body.object?.value(at: name).flatMap { fitted($0, to: field) }
    case .bare(let status):
      guard status == nil || status == response.status else { return nil }
      return bare(field)
    case .list: return records(field)
    case .templates: return PolicyTemplates.read(body)
    case .commandID: return identity.commandID.map { .string($0) }
    case .requestID: return identity.requestID.map { .string($0) }
    case .header(let name):
      return response.header(name).flatMap { field.type.apiValue(of: .string($0)) }
    case .body: return response.file == nil ? .bytes(response.body) : nil
    case .file: return response.file?.value
    case .fileSize: return response.file.map { .int(Int64($0.size)) }
    case .data: return nil
    }
  }

  private func fitted(_ value: Value, to field: AnswerField) -> Value? {
    if case .list = field.type, case .string(let text) = value {
      // A scope may be one text of several words (protocol.md §11).
      let words = text.split { $0 == " " || $0 == "," }.map { Value.string(String($0)) }
      return field.type.apiValue(of: .list(words))
    }
    return field.type.apiValue(of: value)
  }

  private func bare(_ field: AnswerField) -> Value? {
    switch field.type {
    case .string, .secret, .integer, .number, .boolean, .bytes:
      return body.bareText.flatMap { field.type.apiValue(of: .string($0)) }
    case .list:
      if case .json(let value, _) = body { return fitted(value, to: field) }
      return body.bareText.flatMap { fitted(.string($0), to: field) }
    case .map, .file, .record: return body.object.map { .map($0) }
    case .any:
      if case .json(let value, _) = body { return value }
      return body.bareText.map { .string($0) }
    }
  }

  private func records(_ field: AnswerField) -> Value? {
    guard case .json(let value, _) = body else { return nil }
    let knownNames = Set(field.record.values.joined())
    guard let elements = RecordList.read(value, knownNames: knownNames) else { return nil }
    return .list(elements.map { RecordList.normalised($0, names: field.record) })
  }
}

extension ValueMap {
  /// What stands under `name`; with dots also what stands under its parts, one inside the other.
  func value(at name: String) -> Value? {
    if let value = self[name], value != .null { return value }
    guard let dot = name.firstIndex(of: ".") else { return nil }
    guard case .map(let inner)? = self[String(name[..<dot])] else { return nil }
    return inner.value(at: String(name[name.index(after: dot)...]))
  }
}
