import Diagnostics
import OrderedCollections
import Playbooks

/// Reads the labels of a tenant: a map of names to strings, numbers or booleans.
struct LabelsReader {
  private static let longestValue = 100

  private(set) var diagnostics: [Diagnostic] = []

  mutating func labels(of node: YAMLNode) -> [RunLabelText] {
    guard let entries = node.entries else {
      diagnostics.append(
        Diagnostic(
          .wrongType, "`labels` must be a map, not \(node.kindName)", at: node.location,
          hint: "such as {\"tier\": \"gold\"}"))
      return []
    }
    return entries.compactMap { entry in
      guard LabelName.isValid(entry.key) else {
        diagnostics.append(
          Diagnostic(
            .invalidName, "`\(entry.key)` cannot name a label", at: entry.keyLocation,
            hint: LabelName.rule))
        return nil
      }
      return value(of: entry).map { RunLabelText(name: entry.key, value: $0) }
    }
  }

  /// A label's value as it is written.
  private mutating func value(of entry: YAMLNode.Entry) -> String? {
    guard let text = entry.value.text, entry.value.scalarKind != .null else {
      diagnostics.append(
        Diagnostic(
          .wrongType, "the label `\(entry.key)` must be a string, not \(entry.value.kindName)",
          at: entry.value.location))
      return nil
    }
    guard text.count <= Self.longestValue, !text.contains(where: \.isNewline) else {
      diagnostics.append(
        Diagnostic(
          .outOfRange,
          "the label `\(entry.key)` must be one line of at most \(Self.longestValue) characters",
          at: entry.value.location))
      return nil
    }
    return text
  }
}
