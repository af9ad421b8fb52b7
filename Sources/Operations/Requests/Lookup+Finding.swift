package import Expressions
import OrderedCollections

extension Lookup {
  /// What a read shows of what the operation makes or removes.
  package enum Finding: Sendable, Hashable {
    /// There is one: a record of the list, or the answer as a whole.
    case present(ValueMap)
    case absent
    /// So many records fit, and nothing says which of them it is.
    case several(Int)
    /// There is no list, or its records do not show what they would be recognised by.
    case unreadable
  }

  /// The fields of the read `operation`, for an operation that was called with `arguments` in a session
  /// of `username`; nil when the read needs more than is known.
  package func fields(
    of operation: Operation, for arguments: ValueMap, username: String?
  ) -> ValueMap? {
    guard !identity.keys.contains(where: { arguments[$0]?.holdsUnknown ?? false }) else {
      return nil
    }
    var fields = ValueMap()
    for (own, theirs) in identity where operation.fields[theirs] != nil {
      fields[theirs] = arguments[own]
    }
    if let usernameField, let username { fields[usernameField] = .string(username) }
    for (name, field) in operation.fields where field.isRequired {
      guard let value = fields[name], value != .null else { return nil }
    }
    return fields
  }

  /// What the answer of the read shows of what the operation with these `arguments` is about.
  ///
  /// A record with an identity for which `isOlder` is true is not what the operation made.
  package func finding(
    in answer: ValueMap, for arguments: ValueMap, isOlder: (String) -> Bool = { _ in false }
  ) -> Finding {
    func isOwn(_ record: ValueMap) -> Bool {
      guard expects == .present, let recordID, let id = record[recordID]?.identityText else {
        return true
      }
      return !isOlder(id)
    }
    guard let list else {
      let isOther = identity.contains { own, theirs in
        guard let shown = answer[theirs], shown != .null else { return false }
        return !shown.isSame(as: arguments[own])
      }
      return isOther || !isOwn(answer) ? .absent : .present(answer)
    }
    guard case .list? = answer[list]?.revealed else { return .unreadable }
    let all = Self.records(in: answer[list] ?? .null)
    let records = all.filter { record in
      identity.allSatisfy { own, theirs in
        record[theirs].map { $0.isSame(as: arguments[own]) } ?? false
      }
    }.filter(isOwn)
    guard let first = records.first else {
      let areWhole = all.allSatisfy { record in
        identity.values.allSatisfy { (record[$0] ?? .null) != .null }
      }
      return areWhole ? .absent : .unreadable
    }
    return records.count == 1 ? .present(first) : .several(records.count)
  }

  /// What an operation that answers `fields` gives once it is known to be done: what the record that was
  /// found holds under the same names, and null for everything else.
  package func result(of operation: Operation, from record: ValueMap) -> ValueMap {
    var result = ValueMap()
    for (name, field) in operation.answer {
      let value = record[name] ?? .null
      result[name] = field.isSensitive ? value.hidden : value
    }
    return result
  }

  private static func records(in list: Value) -> [ValueMap] {
    guard case .list(let elements) = list.revealed else { return [] }
    return elements.compactMap { element in
      if case .map(let record) = element.revealed { record } else { nil }
    }
  }
}

extension Value {
  /// A text or number that may identify something; nil for anything else.
  package var identityText: String? {
    switch revealed {
    case .string(let text): text.isEmpty ? nil : text
    case .int, .uint: revealed.displayText
    case .null, .bool, .double, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      nil
    }
  }

  /// Whether both are one value, be they secret or not, text or number.
  fileprivate func isSame(as other: Value?) -> Bool {
    guard let other, other != .null else { return false }
    return revealed == other.revealed || revealed.displayText == other.revealed.displayText
  }
}

extension Lookup {
  /// Whether what is known of the operation is all that the read needs.
  package func suffices(for read: Operation) -> Bool {
    let known = Set(identity.values).union([usernameField].compactMap(\.self))
    return read.fields.allSatisfy { name, field in !field.isRequired || known.contains(name) }
  }
}
