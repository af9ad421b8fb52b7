import Diagnostics

extension PlaybookReader {
  /// A list of steps that must not be empty.
  mutating func readSteps(_ node: YAMLNode, _ subject: String) -> [Step] {
    let hint = "begin each step with `- `"
    return (elements(of: node, subject, hint: hint) ?? []).compactMap { readStep($0) }
  }

  private mutating func readStep(_ node: YAMLNode) -> Step? {
    let hint = "write `- call: …`; several steps together are `- steps: […]`"
    guard let entries = entries(of: node, "a step", hint: hint) else { return nil }
    let start = node.headLocation
    let kindName = stepKind(of: entries, at: start)
    let id = readID(entries)
    let name = entries.value(of: "name").flatMap { plainText(of: $0, "`name`") }
    let modifiers = readModifiers(entries)
    guard let kindName, let kind = readKind(kindName, entries, at: start) else { return nil }
    return Step(id: id, name: name?.value, kind: kind, modifiers: modifiers, location: start)
  }

  private mutating func readID(_ entries: [YAMLNode.Entry]) -> String? {
    guard let node = entries.value(of: "id"), let id = plainText(of: node, "`id`"),
      checkName(id.value, "a step", at: id.location)
    else { return nil }
    stepIDs.append(id)
    return id.value
  }

  /// Notes every id that the file gives a second time, in the order of the file.
  mutating func checkStepIDs() {
    var first: [String: SourceLocation] = [:]
    for id in stepIDs.sorted(by: Self.comesBefore) {
      guard let place = first[id.value] else {
        first[id.value] = id.location
        continue
      }
      report(
        "duplicate-id", "the id `\(id.value)` is given twice", at: id.location,
        hint: place == id.location
          ? "an alias repeats this step: write it out with another id"
          : "it was first given at line \(place.line), column \(place.column); "
            + "ids are unique in the whole file")
    }
  }

  private static func comesBefore(_ left: Located<String>, _ right: Located<String>) -> Bool {
    (left.location.line, left.location.column) < (right.location.line, right.location.column)
  }

  // MARK: What a step is

  /// The one kind of a step, or nil; every key that does not go with it is a finding.
  private mutating func stepKind(
    of entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> StepKind? {
    let kinds = StepKind.allCases.filter { kind in entries.contains { $0.key == kind.rawValue } }
    guard let kind = kinds.first else {
      reportNoKind(entries, at: start)
      return nil
    }
    guard kinds.count == 1 || kinds == [.forEach, .block] else {
      reportSeveralKinds(kinds, entries)
      return nil
    }
    checkKeys(of: entries, goingWith: kind)
    return kind
  }

  private mutating func reportNoKind(_ entries: [YAMLNode.Entry], at start: SourceLocation) {
    let unknown = entries.filter { !StepKind.allKeys.contains($0.key) }
    for entry in unknown { reportForeign(entry, known: StepKind.allKeys, kind: nil) }
    guard unknown.isEmpty else { return }
    let names = StepKind.allCases.map(\.rawValue)
    report(
      "no-kind", "this step does not say what to do", at: start,
      hint: "give it one of \(Self.enumeration(of: names))")
  }

  private mutating func reportSeveralKinds(_ kinds: [StepKind], _ entries: [YAMLNode.Entry]) {
    let found = entries.filter { entry in kinds.contains { $0.rawValue == entry.key } }
    report(
      "several-kinds",
      "a step does one thing, and this one has \(Self.enumeration(of: found.map(\.key)))",
      at: found[1].keyLocation, hint: "make it a step of its own")
    for entry in entries where !StepKind.allKeys.contains(entry.key) {
      reportForeign(entry, known: StepKind.allKeys, kind: nil)
    }
  }

  private mutating func checkKeys(of entries: [YAMLNode.Entry], goingWith kind: StepKind) {
    let known = kind.keys + StepKind.modifiers
    for entry in entries where !known.contains(entry.key) {
      reportForeign(entry, known: known, kind: kind)
    }
  }

  private mutating func reportForeign(
    _ entry: YAMLNode.Entry, known: [String], kind: StepKind?
  ) {
    if StepKind.unsupported.contains(entry.key) {
      return report(
        "unsupported-key", "`\(entry.key)` is not supported yet", at: entry.keyLocation,
        hint: "leave it out")
    }
    let owners = StepKind.owners(of: entry.key)
    guard let kind, !owners.isEmpty else {
      return reportUnknown(entry, of: "a step", known: known)
    }
    report(
      "misplaced-key", "`\(entry.key)` does not go with `\(kind.rawValue)`",
      at: entry.keyLocation, hint: "it goes with \(Self.enumeration(of: owners))")
  }
}
