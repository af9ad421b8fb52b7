import Diagnostics
import OrderedCollections
import Playbooks

extension DescriptionReader {
  /// What a finished call offers, as `answer` describes it.
  mutating func readAnswer(_ node: DescriptionNode?) -> OrderedDictionary<String, AnswerField> {
    var answer: OrderedDictionary<String, AnswerField> = [:]
    for entry in node?.members ?? [] {
      let field = DescriptionNode(entry.value)
      check(field, keys: ["type", "of", "from", "sensitive", "required", "record", "description"])
      var record: OrderedDictionary<String, [String]> = [:]
      for name in field["record"]?.members ?? [] {
        record[name.key] = texts(DescriptionNode(name.value))
      }
      answer[entry.key] = AnswerField(
        valueType(field), from: readSources(field), isSensitive: flag(field["sensitive"]),
        isRequired: flag(field["required"]), record: record,
        summary: field["description"]?.text ?? "")
    }
    return answer
  }

  private mutating func readSources(_ field: DescriptionNode) -> [AnswerSource] {
    let known = [
      "$", "$list", "$templates", "$commandId", "$requestId", "$body", "$data",
      "$file", "$size",
    ]
    var sources: [AnswerSource] = []
    for node in field["from"]?.elements ?? [] {
      if let source = node.text.flatMap(AnswerSource.init(parsing:)) {
        sources.append(source)
      } else {
        report(
          .wrongValue, "no such source of an answer", at: node,
          hint: node.text.flatMap { didYouMean($0, among: known) })
      }
    }
    return sources
  }

  /// How what the operation makes or removes is found again.
  mutating func readLookup(_ node: DescriptionNode?) -> Lookup? {
    guard let node else { return nil }
    check(
      node,
      keys: [
        "operation", "list", "identity", "session-username", "page", "record-id", "unique",
        "expects",
      ] + Self.ensuringKeys)
    guard let operation = node["operation"]?.text else {
      report(.missingKey, "a lookup names its `operation`", at: node)
      return nil
    }
    var identity: OrderedDictionary<String, String> = [:]
    for entry in node["identity"]?.members ?? [] {
      identity[entry.key] = DescriptionNode(entry.value).text
    }
    return Lookup(
      operation: operation, list: node["list"]?.text, identity: identity,
      usernameField: node["session-username"]?.text, pageField: node["page"]?.text,
      recordID: node["record-id"]?.text,
      isUnique: flag(node["unique"], otherwise: true),
      expects: choice(node["expects"]) ?? .present, evidence: readEvidence(node),
      comparison: readComparison(node), remedies: readRemedies(node))
  }

  /// The answer's field that identifies what was created.
  mutating func readIdentity(
    _ node: DescriptionNode?, _ answer: OrderedDictionary<String, AnswerField>
  ) -> String? {
    guard let node else { return nil }
    guard let name = node.text, answer[name] != nil else {
      report(
        .unknownName, "`identified-by` names no field of the answer", at: node,
        hint: didYouMean(node.text ?? "", among: answer.keys))
      return nil
    }
    return name
  }

  /// The field of the operation that `key` names.
  mutating func readField(
    _ key: String, of extras: DescriptionNode?, among fields: OrderedDictionary<String, Field>
  ) -> String? {
    guard let node = extras?[key] else { return nil }
    guard let name = node.text, fields[name] != nil else {
      report(
        .unknownName, "`\(key)` names no field of the operation", at: node,
        hint: didYouMean(node.text ?? "", among: fields.keys))
      return nil
    }
    return name
  }

  /// Reports lookups that name what is not there.
  mutating func checkLookups(_ operations: OrderedDictionary<String, Operation>) {
    for operation in operations.values {
      guard let lookup = operation.lookup, let node = extras[operation.id]?["lookup"] else {
        continue
      }
      guard let read = operations[lookup.operation] else {
        report(
          .unknownOperation, "`\(lookup.operation)` is not described", at: node,
          hint: didYouMean(lookup.operation, among: operations.keys))
        continue
      }
      if let other = lookup.evidence.absentWith, operations[other] == nil {
        report(
          .unknownOperation, "`\(other)` is not described", at: node["absent-with"] ?? node,
          hint: didYouMean(other, among: operations.keys))
      }
      if let list = lookup.list, read.answer[list] == nil {
        report(.unknownName, "`\(read.id)` answers no `\(list)`", at: node)
        continue
      }
      for field in [lookup.usernameField, lookup.pageField].compactMap(\.self)
      where read.fields[field] == nil {
        report(.unknownName, "`\(read.id)` has no field `\(field)`", at: node)
      }
      checkIdentity(of: lookup, in: read, for: operation, at: node)
      checkEnsuring(lookup, of: operation, by: read, at: node, operations)
    }
  }

  private mutating func checkIdentity(
    of lookup: Lookup, in read: Operation, for operation: Operation, at node: DescriptionNode
  ) {
    let record = lookup.list.flatMap { read.answer[$0]?.record }
    for (own, theirs) in lookup.identity {
      let isKnown =
        record.map { $0[theirs] != nil }
        ?? (read.fields[theirs] != nil || read.answer[theirs] != nil)
      if operation.fields[own] == nil || !isKnown {
        report(
          .unknownName, "`\(own)` here cannot be compared with `\(theirs)` of `\(read.id)`",
          at: node)
      }
    }
    if let id = lookup.recordID, record.map({ $0[id] == nil }) ?? (read.answer[id] == nil) {
      report(.unknownName, "the records of `\(read.id)` have no `\(id)`", at: node)
    }
    if !lookup.isUnique, lookup.list == nil || lookup.pageField != nil || lookup.recordID == nil {
      report(
        .missingKey,
        "a lookup that is not `unique` needs a `list` in one piece and a `record-id`", at: node)
    }
  }

  /// The operations that the engine itself needs, each with the names it relies on.
  mutating func readRoles(
    _ node: DescriptionNode?, operations: OrderedDictionary<String, Operation>
  ) -> APIDescription.Roles? {
    guard let node else {
      report(.missingKey, "the description has no `x-privirun` with `roles`", at: root)
      return nil
    }
    check(
      node,
      keys: ["authenticate", "command-status", "download", "reauthorize", "revoke", "refresh"])
    let authenticate = role(
      "authenticate", in: node, operations, fields: ["username", "password"],
      answer: ["authorizationToken"])
    let status = role("command-status", in: node, operations, fields: ["commandId"], answer: [])
    let download = role("download", in: node, operations, fields: ["auth"], answer: [])
    guard let authenticate, let status, let download else { return nil }
    return APIDescription.Roles(
      authenticate: authenticate, commandStatus: status, download: download,
      reauthorize: optionalRole(
        "reauthorize", in: node, operations, answer: ["authorizationToken", "expiresAt"]),
      revoke: optionalRole("revoke", in: node, operations),
      refresh: optionalRole(
        "refresh", in: node, operations, fields: ["accessToken", "refresh_token"],
        answer: ["token", "refreshToken", "expiresAt"]))
  }

  /// An operation that not every API has.
  private mutating func optionalRole(
    _ name: String, in node: DescriptionNode, _ operations: OrderedDictionary<String, Operation>,
    fields: [String] = [], answer: [String] = []
  ) -> String? {
    guard node[name] != nil else { return nil }
    return role(name, in: node, operations, fields: fields, answer: answer)
  }

  private mutating func role(
    _ name: String, in node: DescriptionNode, _ operations: OrderedDictionary<String, Operation>,
    fields: [String], answer: [String]
  ) -> String? {
    guard let id = node[name]?.text else {
      report(.missingKey, "no operation has the role `\(name)`", at: node)
      return nil
    }
    guard let operation = operations[id] else {
      report(
        .unknownOperation, "the role `\(name)` names `\(id)`, which is not described",
        at: node[name] ?? node, hint: didYouMean(id, among: operations.keys))
      return nil
    }
    for field in fields where operation.fields[field] == nil {
      report(.missingKey, "`\(id)` needs a field `\(field)` for its role", at: node)
    }
    for field in answer where operation.answer[field] == nil {
      report(.missingKey, "`\(id)` needs an answer `\(field)` for its role", at: node)
    }
    return id
  }
}
