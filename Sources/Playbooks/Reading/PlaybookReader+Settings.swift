import Diagnostics
import Expressions
import OrderedCollections

/// What can be written out or computed.
extension PlaybookReader {
  /// A duration within `range`, or an expression that gives one; nil when it is neither.
  mutating func durationSetting(
    of node: YAMLNode, _ subject: String, in range: ClosedRange<Duration>
  ) -> Located<Setting<Duration>>? {
    if let computed = computed(of: node, subject) {
      return computed.map { Located(.computed($0), at: node.location) }
    }
    return duration(of: node, subject, in: range).map {
      Located(.constant($0.value), at: $0.location)
    }
  }

  /// An integer within `range`, or an expression that gives one; nil when it is neither.
  mutating func integerSetting(
    of node: YAMLNode, _ subject: String, in range: ClosedRange<Int>
  ) -> Setting<Int>? {
    if let computed = computed(of: node, subject) { return computed.map { .computed($0) } }
    return integer(of: node, subject, in: range).map { .constant($0) }
  }

  /// A name for people, on one line.
  mutating func readName(_ node: YAMLNode) -> Template? {
    if let computed = computed(of: node, "`name`") { return computed }
    let name = plainText(of: node, "`name`").map {
      Template.literal(.string($0.value), $0.location)
    }
    if let name, node.text?.contains("$${{") == false {
      warnOfLookalike(in: name, at: node.location)
    }
    return name
  }

  /// The text with expressions at `node`, nil inside where it cannot be read; nil where there are none.
  private mutating func computed(of node: YAMLNode, _ subject: String) -> Template?? {
    guard let text = node.text, Template.literalString(of: text) == nil else { return nil }
    return .some(textTemplate(of: node, subject))
  }
}

/// `let`: values by name.
extension PlaybookReader {
  /// The values under `let`, each bound for those after it until `boundNames` is restored.
  mutating func readLocals(_ entries: [YAMLNode.Entry]) -> OrderedDictionary<String, LocalValue> {
    guard let node = entries.value(of: "let") else { return [:] }
    let hint = "write `let: { name: \"${{ … }}\" }`"
    var locals: OrderedDictionary<String, LocalValue> = [:]
    for entry in self.entries(of: node, "`let`", hint: hint) ?? [] {
      let isNamed = checkBoundName(entry.key, "a value under `let`", at: entry.keyLocation)
      boundNames.append(entry.key)
      guard let value = template(of: entry.value), isNamed else {
        unread.words.insert(entry.key)
        continue
      }
      locals[entry.key] = LocalValue(value: value, location: entry.keyLocation)
    }
    return locals
  }
}
