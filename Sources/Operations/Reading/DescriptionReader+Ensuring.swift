import Diagnostics
import OrderedCollections
import Playbooks

/// What a lookup says for ensured calls: what its read shows, what is compared, what corrects it.
extension DescriptionReader {
  /// The keys of a lookup that only ensured calls need.
  static let ensuringKeys = [
    "gives", "newest", "absent-on", "absent-with", "shows", "compares", "holds", "unordered",
    "ignoring-case",
    "references", "corrected-by", "removed-by", "drift",
  ]

  mutating func readEvidence(_ node: DescriptionNode) -> Lookup.Evidence {
    Lookup.Evidence(
      gives: names(node["gives"]), newest: node["newest"]?.text,
      absentOn: statuses(node["absent-on"]),
      absentWith: node["absent-with"]?.text, shows: choice(node["shows"]) ?? .done)
  }

  mutating func readComparison(_ node: DescriptionNode) -> Lookup.Comparison {
    var holds: OrderedDictionary<String, [String]> = [:]
    for entry in node["holds"]?.members ?? [] {
      holds[entry.key] = texts(DescriptionNode(entry.value))
    }
    return Lookup.Comparison(
      fields: names(node["compares"]), holds: holds, unordered: Set(texts(node["unordered"])),
      ignoringCase: Set(texts(node["ignoring-case"])),
      references: Set(texts(node["references"])))
  }

  mutating func readRemedies(_ node: DescriptionNode) -> Lookup.Remedies {
    var correction: Lookup.Correction?
    if let written = node["corrected-by"] {
      correction = written.text == "self" ? .itself : readRemedy(written).map { .other($0) }
    }
    var removal: [Lookup.Remedy] = []
    if let written = node["removed-by"] {
      let remedies = written.isMapping ? [written] : written.elements
      if remedies.isEmpty {
        report(.wrongType, "this must be a mapping, or a list of mappings", at: written)
      }
      removal = remedies.compactMap { readRemedy($0) }
    }
    if let drift = node["drift"], drift.text != "fail" {
      report(.wrongValue, "this can only be `fail`", at: drift)
    }
    return Lookup.Remedies(
      correction: correction, removal: removal, mustFail: node["drift"] != nil)
  }

  private mutating func readRemedy(_ node: DescriptionNode) -> Lookup.Remedy? {
    check(node, keys: ["operation", "with"])
    guard node.isMapping else { return nil }
    guard let operation = node["operation"]?.text else {
      report(.missingKey, "what changes a thing names its `operation`", at: node)
      return nil
    }
    var fields: OrderedDictionary<String, String> = [:]
    for entry in node["with"]?.members ?? [] {
      let value = DescriptionNode(entry.value)
      guard let text = value.text, text.hasPrefix("record."), text.count > "record.".count else {
        report(.wrongValue, "this must be `record.` and a name of the record", at: value)
        continue
      }
      fields[entry.key] = String(text.dropFirst("record.".count))
    }
    return Lookup.Remedy(operation: operation, fields: fields)
  }

  /// A mapping from names to names.
  private mutating func names(_ node: DescriptionNode?) -> OrderedDictionary<String, String> {
    var names: OrderedDictionary<String, String> = [:]
    for entry in node?.members ?? [] {
      let value = DescriptionNode(entry.value)
      guard let name = value.text else {
        report(.wrongType, "this must be a name", at: value)
        continue
      }
      names[entry.key] = name
    }
    return names
  }

  private mutating func statuses(_ node: DescriptionNode?) -> [Int] {
    (node?.elements ?? []).compactMap { element in
      guard let status = integer(element), (400..<500).contains(status) else {
        report(.wrongValue, "this must be an HTTP status from 400 to 499", at: element)
        return nil
      }
      return status
    }
  }
}

/// Whether what a lookup names is there.
extension DescriptionReader {
  /// Reports what the lookup of `operation`, which stands at `node`, says of names that are not there.
  mutating func checkEnsuring(
    _ lookup: Lookup, of operation: Operation, by read: Operation, at node: DescriptionNode,
    _ operations: OrderedDictionary<String, Operation>
  ) {
    let shown = lookup.list.map { read.answer[$0]?.record.keys ?? [] } ?? read.answer.keys
    let compared = lookup.comparison.fields
    checkNames(Array(compared.keys), of: "compares", at: node, among: operation.fields.keys)
    checkNames(Array(compared.values), of: "compares", at: node, among: shown)
    checkNames(Array(lookup.comparison.holds.keys), of: "holds", at: node, among: shown)
    checkNames(Array(lookup.evidence.gives.values), of: "gives", at: node, among: shown)
    checkNames([lookup.evidence.newest].compactMap(\.self), of: "newest", at: node, among: shown)
    let ways = [
      ("unordered", lookup.comparison.unordered), ("references", lookup.comparison.references),
      ("ignoring-case", lookup.comparison.ignoringCase),
    ]
    for (key, fields) in ways {
      checkNames(fields.sorted(), of: key, at: node, among: compared.keys)
    }
    if case .other(let remedy)? = lookup.remedies.correction {
      check(remedy, of: "corrected-by", at: node, among: shown, operations)
    }
    for remedy in lookup.remedies.removal {
      check(remedy, of: "removed-by", at: node, among: shown, operations)
    }
  }

  private mutating func check(
    _ remedy: Lookup.Remedy, of key: String, at node: DescriptionNode,
    among shown: OrderedSet<String>, _ operations: OrderedDictionary<String, Operation>
  ) {
    guard let operation = operations[remedy.operation] else {
      return report(
        .unknownOperation, "`\(remedy.operation)` is not described", at: node[key] ?? node,
        hint: didYouMean(remedy.operation, among: operations.keys))
    }
    checkNames(Array(remedy.fields.keys), of: key, at: node, among: operation.fields.keys)
    checkNames(Array(remedy.fields.values), of: key, at: node, among: shown)
  }

  /// Reports which of the `names` under `key` of `node` are none of `known`.
  mutating func checkNames(
    _ names: [String], of key: String, at node: DescriptionNode, among known: OrderedSet<String>
  ) {
    for name in names where !known.contains(name) {
      report(
        .unknownName, "`\(key)` names `\(name)`, which is not there", at: node[key] ?? node,
        hint: didYouMean(name, among: known))
    }
  }
}
