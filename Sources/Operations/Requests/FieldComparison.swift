import Expressions
import OrderedCollections

/// How what a call asks for is compared with what a read shows, be they secret or not.
///
/// Services write numbers as strings and strings as numbers, and a single value as a list of one.
struct FieldComparison: Sendable, Hashable {
  /// Whether lists have no order, so that each element counts once.
  var isUnordered = false
  /// Whether upper and lower case are the same.
  var ignoresCase = false
  /// Whether the values refer to things by id or name.
  var isReference = false

  /// Whether both are the same, or nil when what is shown cannot be compared with what is asked.
  func isSame(_ asked: Value, _ shown: Value) -> Bool? {
    switch (asked.revealed, shown.revealed) {
    // Services send an empty string in place of null.
    case (_, .null), (_, ""): nil
    case (.list(let asked), .list(let shown)): isSameList(asked, shown)
    case (.list(let asked), .string(let text)) where isUnordered:
      isSameList(asked, text.split { $0 == "," || $0 == " " }.map { .string(String($0)) })
    case (.map(let asked), .map(let shown)): isSameMap(asked, shown)
    // An empty map may be written as an empty list.
    case (.map(let asked), .list(let shown)) where shown.isEmpty: asked.isEmpty
    case (.list, _), (.map, _): nil
    case (let asked, .list(let elements)):
      elements.count == 1 ? elements.first.flatMap { isSameScalar(asked, $0) } : nil
    case (let asked, .map(let fields)):
      fields.count == 1 ? fields.entries.values.first.flatMap { isSameScalar(asked, $0) } : nil
    case (let asked, let shown): isSameScalar(asked, shown)
    }
  }

  private func isSameScalar(_ asked: Value, _ shown: Value) -> Bool? {
    let (asked, shown) = (asked.revealed, shown.revealed)
    guard let askedText = asked.plainText, let shownText = shown.plainText else { return nil }
    guard !isReference || Self.haveOneForm(askedText, shownText) else { return nil }
    if asked == shown || canonical(askedText) == canonical(shownText) { return true }
    guard asked.isNumber || shown.isNumber, let number = Double(askedText) else { return false }
    return number == Double(shownText)
  }

  private func isSameList(_ asked: [Value], _ shown: [Value]) -> Bool? {
    let askedTexts = asked.compactMap(\.revealed.plainText)
    let shownTexts = shown.compactMap(\.revealed.plainText)
    guard askedTexts.count == asked.count, shownTexts.count == shown.count else { return nil }
    if isReference, let form = shownTexts.first {
      guard askedTexts.allSatisfy({ Self.haveOneForm($0, form) }) else { return nil }
    }
    let (left, right) = (askedTexts.map(canonical), shownTexts.map(canonical))
    return isUnordered ? Set(left) == Set(right) : left == right
  }

  /// What a service adds to a map is no difference.
  private func isSameMap(_ asked: ValueMap, _ shown: ValueMap) -> Bool? {
    var isKnown = true
    for name in asked.names {
      guard let value = asked[name], value != .null else { continue }
      guard let other = shown[name], other != .null else { return false }
      switch isSame(value, other) {
      case false?: return false
      case true?: break
      case nil: isKnown = false
      }
    }
    return isKnown ? true : nil
  }

  private func canonical(_ text: String) -> String { ignoresCase ? text.lowercased() : text }

  /// Whether both may be ids of one kind: numbers, or texts of one length with the same separators.
  private static func haveOneForm(_ left: String, _ right: String) -> Bool {
    if Int(left) != nil, Int(right) != nil { return true }
    return left.count == right.count
      && zip(left, right).allSatisfy { left, right in
        left == right || left.isIDCharacter && right.isIDCharacter
      }
  }
}

extension Character {
  fileprivate var isIDCharacter: Bool { isASCII && (isLetter || isNumber) }
}

extension Value {
  fileprivate var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    case .null, .bool, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      false
    }
  }
}
