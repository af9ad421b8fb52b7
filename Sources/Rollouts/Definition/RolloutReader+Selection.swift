import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Which tenants, in which order, and what is locked for each.
extension RolloutReader {
  mutating func readSelection(_ entries: [YAMLNode.Entry]) -> TenantSelection {
    TenantSelection(
      only: entries.value(.only).map { readPattern($0, .only) },
      exclude: entries.value(.exclude).map { readPattern($0, .exclude) })
  }

  private mutating func readPattern(_ node: YAMLNode, _ key: RolloutKey) -> TenantPattern {
    var pattern = TenantPattern()
    guard let written = node.entries else {
      guard node.elements != nil else {
        let name = node.text.map { "[\"\($0)\"]" } ?? "[\"acme-*\"]"
        nodes.reportShape(
          of: node, key.marked, expected: "a list of names, or a map",
          hint: "write `\(key.rawValue): \(name)`, or a map with `names`, `labels` or `when`")
        return pattern
      }
      pattern.names = readNames(node, key.marked)
      return pattern
    }
    let entries = nodes.checkKeys(of: written, of: key.marked, known: ["names", "labels", "when"])
    if written.isEmpty {
      nodes.report(
        .missingKey, "\(key.marked) needs one of `names`, `labels` and `when`",
        at: node.headLocation,
        hint: key == .only ? "leave it out to select every tenant" : "leave it out to exclude none")
    }
    if let names = entries.value(of: "names") { pattern.names = readNames(names, "`names`") }
    if let labels = entries.value(of: "labels") { pattern.labels = readGlobs(labels) }
    if let when = entries.value(of: "when") { pattern.when = readCondition(when) }
    return pattern
  }

  private mutating func readNames(_ node: YAMLNode, _ subject: String) -> [Located<Glob>] {
    let hint = "write `[acme, \"store-*\"]`; `*` stands for any characters and `?` for one"
    return (nodes.elements(of: node, subject, hint: hint) ?? []).compactMap { element in
      readGlob(element, "a name of \(subject)")
    }
  }

  private mutating func readGlobs(_ node: YAMLNode) -> OrderedDictionary<String, Glob> {
    var globs: OrderedDictionary<String, Glob> = [:]
    for entry in nodes.entries(of: node, "`labels`", hint: "write `labels: { region: \"eu-*\" }`")
      ?? []
    {
      globs[entry.key] = readGlob(entry.value, "the label `\(entry.key)`")?.value
    }
    return globs
  }

  private mutating func readGlob(_ node: YAMLNode, _ subject: String) -> Located<Glob>? {
    guard let text = scalarText(of: node, subject) else { return nil }
    guard !text.isEmpty else {
      nodes.report(.wrongType, "\(subject) must not be empty", at: node.location)
      return nil
    }
    return Located(Glob(text), at: node.location)
  }

  // MARK: Expressions

  private mutating func readCondition(_ node: YAMLNode) -> Template? {
    guard let condition = nodes.condition(of: node, "`when`") else { return nil }
    nodes.diagnostics.add(ExpressionUse.condition.flaws(of: condition))
    return condition
  }

  /// `file`, `name`, `random`, or an expression between its marks.
  mutating func readOrder(_ node: YAMLNode) -> TenantOrder {
    guard let text = node.text, text.contains("${{") else { return readOrderWord(node) }
    guard let template = nodes.textTemplate(of: node, "`order`") else { return .file }
    guard case .expression(let expression) = template else {
      nodes.report(
        .wrongValue, "`order` must be one expression", at: node.location,
        hint: "for example `order: ${{ tenant.labels.region }}`")
      return .file
    }
    nodes.diagnostics.add(ExpressionUse.order.flaws(of: template))
    return .key(expression)
  }

  private mutating func readOrderWord(_ node: YAMLNode) -> TenantOrder {
    let words = TenantOrder.words.map(\.word)
    guard let word = nodes.plainText(of: node, "`order`") else { return .file }
    if let named = TenantOrder.words.first(where: { $0.word == word.value }) { return named.order }
    nodes.report(
      .wrongValue, "`order` is one of \(PlaybookReader.enumeration(of: words)), or an expression",
      at: word.location,
      hint: didYouMean(word.value, among: words)
        ?? "an expression is written `${{ tenant.labels.region }}`")
    return .file
  }

  /// A list of keys, each a template.
  mutating func readLocks(_ node: YAMLNode) -> TenantLocks {
    let hint = "write `lock: [\"${{ tenant.name }}\"]`"
    guard let elements = nodes.elements(of: node, "`lock`", hint: hint) else { return .tenant }
    guard elements.count <= TenantLocks.mostKeys else {
      nodes.report(
        .outOfRange, "`lock` has more than \(TenantLocks.mostKeys) keys", at: node.location)
      return .tenant
    }
    return TenantLocks(elements.compactMap { readLock($0) })
  }

  private mutating func readLock(_ node: YAMLNode) -> Template? {
    guard let template = nodes.textTemplate(of: node, "a key of `lock`") else { return nil }
    if case .literal(let value, _, _) = template, value.text?.isEmpty ?? false {
      nodes.report(.wrongType, "a key of `lock` must not be empty", at: node.location)
      return nil
    }
    nodes.diagnostics.add(ExpressionUse.lock.flaws(of: template))
    return template
  }
}
