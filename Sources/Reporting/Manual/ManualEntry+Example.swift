import Expressions
import Operations
import OrderedCollections
import Playbooks

extension ManualEntry {
  /// A step with the required fields, or with the first one when none is required; of fields that
  /// stand in for each other, `choices`, it has the last.
  static func example(
    of id: String, _ fields: OrderedDictionary<String, Field>, choices: [String]?
  ) -> String {
    let required = fields.filter(\.value.isRequired)
    var shown =
      required.isEmpty ? OrderedDictionary(uniqueKeysWithValues: fields.prefix(1)) : required
    if let choice = choices?.last { shown[choice] = fields[choice] }
    var lines = ["- call: \(id)"]
    if !shown.isEmpty {
      lines.append("  with:")
      lines += shown.map { "    \($0.key): \($0.value.example)" }
    }
    return lines.joined(separator: "\n")
  }
}

extension Field {
  /// A value that the field admits, as YAML.
  fileprivate var example: String {
    if let first = schema.allowed.first { return first.displayText }
    let minimum = schema.minimum
    switch type {
    case .string, .secret:
      // A pattern here asks for digits; anything else says that the author puts something there.
      let filler = schema.pattern == nil ? "…" : "0"
      return "\"\(String(repeating: filler, count: max(1, minimum ?? 1)))\""
    case .integer: return String(minimum ?? 1)
    case .number: return "1.0"
    case .boolean: return "true"
    case .bytes, .any: return "\"…\""
    case .list:
      let elements = Array(repeating: "\"…\"", count: minimum ?? 0)
      return "[\(elements.joined(separator: ", "))]"
    case .map, .file, .record: return "{}"
    }
  }
}
