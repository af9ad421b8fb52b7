import Diagnostics
import Expressions
import OrderedCollections

extension PlaybookReader {
  mutating func readApprove(_ node: YAMLNode) -> Approve? {
    guard let written = node.entries else {
      guard node.text != nil else {
        reportShape(
          of: node, "`approve`", expected: "a string or a map",
          hint: "write `approve: \"Shall the policy be activated?\"` or "
            + "`approve: { message: …, fields: … }`")
        return nil
      }
      return textTemplate(of: node, "`approve`").map { Approve(message: $0) }
    }
    let entries = checkKeys(of: written, of: "`approve`", known: PlaybookMapping.approve.keys)
    let message = required("message", in: entries, of: "`approve`", at: node.headLocation)
      .flatMap { textTemplate(of: $0, "`message`") }
    guard let fields = entries.value(of: "fields") else { return Approve(message: message) }
    let (read, areAll) = readFields(fields)
    return Approve(message: message, fields: read, hasAllFields: areAll)
  }

  private mutating func readFields(
    _ node: YAMLNode
  ) -> (OrderedDictionary<String, Approve.FormField>, areAll: Bool) {
    let hint = "write `fields: { reason: string }`"
    guard let entries = entries(of: node, "`fields`", hint: hint) else { return ([:], false) }
    var fields: OrderedDictionary<String, Approve.FormField> = [:]
    for entry in entries {
      let isNamed = checkName(entry.key, "a field", at: entry.keyLocation)
      if let field = readField(entry), isNamed { fields[entry.key] = field }
    }
    return (fields, fields.count == entries.count)
  }

  private mutating func readField(_ entry: YAMLNode.Entry) -> Approve.FormField? {
    guard let written = entry.value.entries else {
      return readFieldType(entry.value).map {
        Approve.FormField(type: $0, location: entry.keyLocation)
      }
    }
    let subject = "the field `\(entry.key)`"
    let entries = checkKeys(of: written, of: "a field", known: PlaybookMapping.formField.keys)
    let node = required(
      "type", in: entries, of: subject, at: entry.keyLocation,
      hint: "write `\(entry.key): { type: string }`")
    let summary = entries.value(of: "summary").flatMap { plainText(of: $0, "`summary`") }
    guard let type = node.flatMap({ readFieldType($0) }) else { return nil }
    return Approve.FormField(type: type, summary: summary?.value, location: entry.keyLocation)
  }

  private mutating func readFieldType(_ node: YAMLNode) -> ValueType? {
    guard let type = readTypeName(node) else { return nil }
    switch type {
    case .string, .integer, .number, .boolean, .secret: return type
    case .bytes, .any, .file, .list, .map, .record:
      report(
        .unknownType, "a field cannot be of the type `\(type.word)`", at: node.headLocation,
        hint: "a person fills it in: the types are string, integer, number, boolean and secret")
      return nil
    }
  }
}
