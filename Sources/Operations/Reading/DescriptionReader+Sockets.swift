import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

extension DescriptionReader {
  /// What goes over the WebSocket.
  mutating func readSocketEntries(
    _ node: DescriptionNode?, operations: OrderedDictionary<String, Operation>
  ) -> OrderedDictionary<String, SocketEntry> {
    var entries: OrderedDictionary<String, SocketEntry> = [:]
    for member in node?.members ?? [] {
      let node = DescriptionNode(member.value)
      guard operations[member.key] == nil else {
        report(.duplicateOperation, "`\(member.key)` is described twice", at: node)
        continue
      }
      entries[member.key] = readSocketEntry(node, id: member.key, operations: operations)
    }
    return entries
  }

  private mutating func readSocketEntry(
    _ node: DescriptionNode, id: String, operations: OrderedDictionary<String, Operation>
  ) -> SocketEntry? {
    check(
      node,
      keys: [
        "title", "description", "kind", "url", "fields", "answer", "errors", "seen-by", "notes",
        "confidence", "sources",
      ])
    guard let kind: SocketEntry.Kind = choice(node["kind"]) else {
      if node["kind"] == nil { report(.missingKey, "`\(id)` has no `kind`", at: node) }
      return nil
    }
    let seenBy = node["seen-by"]?.text ?? ""
    if operations[seenBy] == nil {
      report(
        .unknownOperation, "`seen-by` of `\(id)` names no operation", at: node["seen-by"] ?? node,
        hint: didYouMean(seenBy, among: operations.keys))
    }
    return SocketEntry(
      id: id, title: node["title"]?.text ?? id, summary: node["description"]?.text ?? "",
      kind: kind, url: node["url"]?.text, fields: readSocketFields(node["fields"]),
      answer: readAnswer(node["answer"]), errors: readSocketErrors(node["errors"]),
      seenBy: seenBy, notes: texts(node["notes"]), confidence: node["confidence"]?.text ?? "",
      sources: texts(node["sources"]))
  }

  private mutating func readSocketFields(
    _ node: DescriptionNode?
  ) -> OrderedDictionary<String, Field> {
    var fields: OrderedDictionary<String, Field> = [:]
    for member in node?.members ?? [] {
      let field = DescriptionNode(member.value)
      check(
        field, keys: ["type", "required", "sensitive", "enum", "also-sent-as", "description"])
      let type = valueType(field)
      fields[member.key] = Field(
        ValueSchema(
          type, allowed: allowed(field["enum"], as: type),
          isSensitive: flag(field["sensitive"])),
        at: .body, isRequired: flag(field["required"]), alsoSentAs: texts(field["also-sent-as"]),
        summary: field["description"]?.text ?? "")
    }
    return fields
  }

  private mutating func readSocketErrors(_ node: DescriptionNode?) -> [StatusMeaning] {
    (node?.members ?? []).compactMap { entry in
      Int(entry.key).map { StatusMeaning($0, DescriptionNode(entry.value).text ?? "") }
    }
  }

  /// What the statuses from 400 on mean; a description beside a reference goes before its own.
  mutating func readErrors(_ node: DescriptionNode?) -> [StatusMeaning] {
    var errors: [StatusMeaning] = []
    for entry in node?.members ?? [] {
      guard let status = Int(entry.key), status >= 400 else { continue }
      let response = DescriptionNode(entry.value)
      let meaning = response["description"]?.text ?? resolved(response)["description"]?.text
      errors.append(StatusMeaning(status, meaning ?? ""))
    }
    return errors
  }
}
