import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What ensured calls would find, according to what reads have shown.
struct EnsuredCalls {
  let api: APIDescription

  /// The record that the ensured call `id` with `arguments` would find and leave as it is; nil when
  /// it would change something, fail, or could not be written at all.
  ///
  /// `answers` are those of the read that the call makes, page by page.
  func unchanged(
    _ id: String, _ arguments: ValueMap, in answers: [ValueMap],
    match: Ensurance.Match = .only
  ) -> ValueMap? {
    guard admits(arguments, to: id),
      case .same(let record)? = standing(id, arguments, in: answers, match: match)
    else { return nil }
    return record
  }

  /// How what the reads show compares with the call; nil for an operation that cannot be ensured.
  func standing(
    _ id: String, _ arguments: ValueMap, in answers: [ValueMap],
    match: Ensurance.Match = .only
  ) -> Lookup.Standing? {
    guard let operation = api.operations[id], let lookup = operation.lookup else { return nil }
    var search = LookupSearch(lookup, for: arguments)
    for answer in answers { _ = search.read(answer) }
    return search.standing(Ensurance(.present, match: match), of: operation)
  }

  /// Whether the operation takes these arguments.
  private func admits(_ arguments: ValueMap, to id: String) -> Bool {
    guard let fields = api.operations[id]?.fields else { return false }
    return fields.allSatisfy { name, field in
      guard let value = arguments[name], value != .null else { return !field.isRequired }
      return field.schema.objections(to: value).isEmpty
    }
  }
}

/// What a service wrote, as a playbook can write it: never a secret.
extension Value {
  /// A string or number as a string; nil for an empty one and for what is secret.
  var openText: String? { holdsSecret ? nil : identityText }

  /// A number, or a string of its digits.
  var openInteger: Int64? {
    guard !holdsSecret, let text = plainText else { return nil }
    return Int64(text)
  }

  /// The elements of a list, strings and numbers; nil when there is any other among them.
  var openTexts: [String]? {
    guard case .list(let elements) = self else { return nil }
    let texts = elements.compactMap(\.openText)
    return texts.count == elements.count ? texts : nil
  }

  /// The same, where the service may write the list as one string.
  var openWords: [String]? {
    guard case .string(let text) = self else { return openTexts }
    return text.split { $0 == "," || $0 == " " }.map { String($0) }
  }

  /// The records of a list; nil when it is none.
  var records: [ValueMap]? {
    guard case .list(let elements) = self else { return nil }
    return elements.compactMap { if case .map(let record) = $0 { record } else { nil } }
  }
}
