import Diagnostics
import Playbooks

extension DescriptionReader {
  /// Adds an error.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, at node: DescriptionNode, hint: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: node.location, hint: hint))
  }

  /// The `x-privirun` of `node`, its keys checked against `keys`.
  mutating func readExtension(of node: DescriptionNode, keys: [String]) -> DescriptionNode? {
    guard let extras = node["x-privirun"] else { return nil }
    check(extras, keys: keys)
    return extras
  }

  /// Reports the keys of `node` that are none of `keys`.
  mutating func check(_ node: DescriptionNode, keys: [String]) {
    guard node.isMapping else {
      report(.wrongType, "this must be a mapping", at: node)
      return
    }
    for entry in node.members where !keys.contains(entry.key) {
      diagnostics.append(
        Diagnostic(
          .unknownKey, "`\(entry.key)` is no key here", at: entry.keyLocation,
          hint: didYouMean(entry.key, among: keys)))
    }
  }

  /// One of the words of an enumeration, or nil when there is none.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ node: DescriptionNode?
  ) -> Choice? {
    guard let node else { return nil }
    let words = Choice.allCases.map(\.rawValue)
    guard let text = node.text, let choice = Choice(rawValue: text) else {
      report(
        .wrongValue, "this must be one of \(words.joined(separator: ", "))", at: node,
        hint: node.text.flatMap { didYouMean($0, among: words) })
      return nil
    }
    return choice
  }

  /// True or false, false when there is nothing.
  mutating func flag(_ node: DescriptionNode?, otherwise: Bool = false) -> Bool {
    guard let node else { return otherwise }
    guard let text = node.text, ["true", "false"].contains(text) else {
      report(.wrongValue, "this must be true or false", at: node)
      return otherwise
    }
    return text == "true"
  }

  /// An integer, or nil when there is nothing.
  mutating func integer(_ node: DescriptionNode?) -> Int? {
    guard let node else { return nil }
    guard let number = node.text.flatMap({ Int($0) }) else {
      report(.wrongValue, "this must be an integer", at: node)
      return nil
    }
    return number
  }

  /// A list of texts, empty when there is nothing.
  mutating func texts(_ node: DescriptionNode?) -> [String] {
    guard let node else { return [] }
    let texts = node.elements.compactMap(\.text)
    guard let elements = node.node.elements, elements.count == texts.count else {
      report(.wrongType, "this must be a list of strings", at: node)
      return []
    }
    return texts
  }

  /// `node`, or what its `$ref` stands for; only references inside the document are followed.
  mutating func resolved(_ node: DescriptionNode) -> DescriptionNode {
    var node = node
    for _ in 0..<8 {
      guard let reference = node["$ref"] else { return node }
      guard let text = reference.text, text.hasPrefix("#/") else {
        report(.wrongReference, "only references inside the document are followed", at: reference)
        return node
      }
      var target: DescriptionNode? = root
      for part in text.dropFirst(2).split(separator: "/") {
        target = target?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
      }
      guard let target else {
        report(.wrongReference, "`\(text)` is not in the document", at: reference)
        return node
      }
      node = target
    }
    report(.wrongReference, "the references go in a circle", at: node)
    return node
  }
}
