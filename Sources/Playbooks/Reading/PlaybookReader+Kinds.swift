import Diagnostics
import Expressions
import OrderedCollections

extension PlaybookReader {
  mutating func readKind(
    _ kind: StepKind, _ entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> Step.Kind? {
    guard let node = entries.value(of: kind.rawValue) else { return nil }
    switch kind {
    case .call: return readCall(node, entries).map { .call($0) }
    case .play: return readPlay(node, entries).map { .play($0) }
    case .forEach: return .forEach(readForEach(node, entries, at: start))
    case .parallel: return readBranches(node).map { .parallel($0) }
    case .assert: return .assert(assertions(of: node, "`assert`"))
    case .wait: return readWait(node).map { .wait($0) }
    case .approve: return readApprove(node).map { .approve($0) }
    case .block: return .block(readSteps(node, "`steps`"))
    }
  }

  mutating func readCall(_ node: YAMLNode, _ entries: [YAMLNode.Entry]) -> Call? {
    let operation = plainText(of: node, "`call`")
    let (arguments, areAll) = readArguments(in: entries)
    guard let operation else {
      remains += arguments.values.compactMap(\.value)
      return nil
    }
    return Call(operation: operation, arguments: arguments, hasAllArguments: areAll)
  }

  private mutating func readPlay(_ node: YAMLNode, _ entries: [YAMLNode.Entry]) -> Play? {
    let path = plainText(of: node, "`play`")
    let (arguments, areAll) = readArguments(in: entries)
    guard let path else {
      remains += arguments.values.compactMap(\.value)
      return nil
    }
    return Play(path: path, arguments: arguments, hasAllArguments: areAll)
  }

  private mutating func readForEach(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> ForEach {
    let items = readItems(node)
    let bound = boundNames.count
    defer { boundNames.removeSubrange(bound...) }
    let variable = readVariable(entries, at: start)
    if let variable { boundNames.append(variable.value) }
    let key = readBoundName("key", "the key of a map", entries)
    let index = readBoundName("index", "the number of a round", entries)
    let label = entries.value(of: "label").flatMap { textTemplate(of: $0, "`label`") }
    let until = entries.value(of: "until").flatMap { condition(of: $0, "`until`") }
    let concurrency = entries.value(of: "concurrency").map {
      integerSetting(of: $0, "`concurrency`", in: ForEach.concurrencyBounds)
    }
    let onFailure = entries.value(of: "on-failure").flatMap { readOnFailure($0) }
    let stepsNode = required("steps", in: entries, of: "a `for-each` step", at: start)
    let steps = stepsNode.map { readSteps($0, "`steps`") } ?? []
    return ForEach(
      items: items, variable: variable, index: index, key: key, label: label, until: until,
      concurrency: (concurrency ?? nil) ?? .constant(1),
      onFailure: onFailure ?? .stop, steps: steps)
  }

  private mutating func readOnFailure(_ node: YAMLNode) -> OnFailure? {
    guard let word = plainText(of: node, "`on-failure`") else { return nil }
    if let choice = OnFailure(rawValue: word.value) { return choice }
    let words = OnFailure.allCases.map(\.rawValue)
    report(
      .wrongValue, "`on-failure` cannot be `\(word.value)`", at: word.location,
      hint: didYouMean(word.value, among: words)
        ?? "write `stop` or `continue`; steps that run after a failure go under `rescue`",
      fix: spellingFix(word.value, among: words, at: word.location))
    return nil
  }

  private mutating func readVariable(
    _ entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> Located<String>? {
    let given: Located<String>
    if let node = entries.value(of: "as") {
      guard let name = plainText(of: node, "`as`") else { return nil }
      given = name
    } else {
      given = Located("item", at: start)
    }
    return checkBoundName(given.value, "the element of a loop", at: given.location) ? given : nil
  }

  /// The name under `word`, bound for what is read after it.
  private mutating func readBoundName(
    _ word: String, _ subject: String, _ entries: [YAMLNode.Entry]
  ) -> Located<String>? {
    guard let node = entries.value(of: word), let name = plainText(of: node, "`\(word)`"),
      checkBoundName(name.value, subject, at: name.location)
    else { return nil }
    boundNames.append(name.value)
    return name
  }

  private mutating func readBranches(
    _ node: YAMLNode
  ) -> OrderedDictionary<String, Branch>? {
    let hint = "name each branch: `parallel: { first: [ … ], second: [ … ] }`"
    guard let entries = entries(of: node, "`parallel`", hint: hint) else { return nil }
    guard !entries.isEmpty else {
      report(.emptyCollection, "`parallel` must not be empty", at: node.location, hint: hint)
      return nil
    }
    var branches: OrderedDictionary<String, Branch> = [:]
    for entry in entries {
      _ = checkName(entry.key, "a branch", at: entry.keyLocation)
      let steps = readSteps(entry.value, "the branch `\(entry.key)`")
      branches[entry.key] = Branch(steps: steps, location: entry.keyLocation)
    }
    return branches
  }

  // MARK: Wait

  private mutating func readWait(_ node: YAMLNode) -> Wait? {
    guard let written = node.entries else {
      guard node.text != nil else {
        reportShape(
          of: node, "`wait`", expected: "a duration or a map",
          hint: "write `wait: 5s` or `wait: { until: …, call: … }`")
        return nil
      }
      return durationSetting(of: node, "`wait`", in: .wait).map { .duration($0) }
    }
    let entries = checkKeys(
      of: written, of: "`wait`", known: PlaybookMapping.wait.keys)
    let start = node.headLocation
    let condition = required("until", in: entries, of: "`wait`", at: start)
      .flatMap { self.condition(of: $0, "`until`") }
    let read = required("call", in: entries, of: "`wait`", at: start)
      .flatMap { readCall($0, entries) }
    let every = entries.value(of: "every").flatMap { durationSetting(of: $0, "`every`", in: .poll) }
    return .until(condition: condition, read: read, every: every?.value)
  }
}
