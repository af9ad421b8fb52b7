import Diagnostics

extension PlaybookReader {
  /// A list of steps that must not be empty.
  mutating func readSteps(_ node: YAMLNode, _ subject: String) -> [Step] {
    let hint = "begin each step with `- `"
    return (elements(of: node, subject, hint: hint) ?? []).compactMap { readStep($0) }
  }

  /// A step with a hole for what it does when that cannot be read; nil when it is no map.
  private mutating func readStep(_ node: YAMLNode) -> Step? {
    let hint = "write `- call: …`; several steps together are `- steps: […]`"
    guard let written = entries(of: node, "a step", hint: hint) else { return nil }
    let around = remains
    remains = []
    defer { remains = around }
    let start = node.headLocation
    let entries = stepEntries(written)
    let kindName = stepKind(of: entries, isGuess: entries.count < written.count, at: start)
    let id = readID(entries)
    let bound = boundNames.count
    defer { boundNames.removeSubrange(bound...) }
    let locals = readLocals(entries)
    let name = entries.value(of: "name").flatMap { readName($0) }
    var modifiers = readModifiers(entries)
    modifiers.locals = locals
    let kind = kindName.flatMap { readKind($0, entries, at: start) }
    return Step(
      id: id, name: name, kind: kind ?? .unreadable, modifiers: modifiers, location: start,
      remains: remains)
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
        .duplicateId, "the id `\(id.value)` is given twice", at: id.location,
        hint: place == id.location
          ? "an alias repeats this step: write it out with another id"
          : "ids are unique in the whole file",
        related: place == id.location ? [] : [RelatedLocation("first given here", at: place)])
    }
  }

  private static func comesBefore(_ left: Located<String>, _ right: Located<String>) -> Bool {
    (left.location.line, left.location.column) < (right.location.line, right.location.column)
  }
}

/// What a step is.
extension PlaybookReader {
  /// The entries with keys that a step can have; every other key is a diagnostic.
  private mutating func stepEntries(_ written: [YAMLNode.Entry]) -> [YAMLNode.Entry] {
    guard !written.allSatisfy({ StepKind.isKey($0.key) }) else { return written }
    let kinds = Self.kinds(in: written)
    let known = kinds.count == 1 ? kinds[0].keys + StepKind.modifiers : StepKind.allKeys
    var understood: [YAMLNode.Entry] = []
    for entry in written {
      if StepKind.isKey(entry.key) {
        understood.append(entry)
      } else if StepKind.unsupported.contains(entry.key) {
        skip(entry.value)
        report(
          .unsupportedKey, "`\(entry.key)` is not supported yet", at: entry.keyLocation,
          hint: "leave it out")
      } else {
        let meant =
          MeantKey(entry.key, among: known, besides: written)
          ?? MeantKey(entry.key, among: StepKind.allCases.map(\.rawValue), besides: written)
        reportUnknown(entry, of: "a step", known: known, meant: meant)
        take(
          entry, as: Self.fits(meant, besides: kinds) ? meant : nil, besides: written,
          into: &understood)
      }
    }
    return understood
  }

  private static func kinds(in entries: [YAMLNode.Entry]) -> [StepKind] {
    let keys = entries.map(\.key)
    return StepKind.allCases.filter { keys.contains($0.rawValue) }
  }

  /// Whether taking a key for `meant` leaves a step of `kinds` with one kind.
  private static func fits(_ meant: MeantKey?, besides kinds: [StepKind]) -> Bool {
    guard let kind = meant.flatMap({ StepKind(rawValue: $0.key) }) else { return true }
    return kinds.isEmpty || kinds == [kind.companion].compactMap(\.self)
  }

  /// The kind of a step, or nil; every key that does not go with it is a diagnostic.
  ///
  /// With `isGuess`, some key was not understood: it may have said what the step does.
  private mutating func stepKind(
    of entries: [YAMLNode.Entry], isGuess: Bool, at start: SourceLocation
  ) -> StepKind? {
    let kinds = Self.kinds(in: entries)
    guard let kind = kinds.first else {
      for entry in entries where !StepKind.modifiers.contains(entry.key) { skip(entry.value) }
      if !isGuess { reportNoKind(at: start) }
      return nil
    }
    guard kinds.count == 1 || kinds == [.forEach, .block] else {
      reportSeveralKinds(kinds, entries)
      return kind
    }
    checkPlaces(of: entries, beside: kind)
    return kind
  }

  private mutating func reportNoKind(at start: SourceLocation) {
    let names = StepKind.allCases.map(\.rawValue)
    report(
      .noKind, "this step does not say what to do", at: start,
      hint: "give it one of \(Self.enumeration(of: names))")
  }

  /// The step is read as the first of its kinds; the others stay unread.
  private mutating func reportSeveralKinds(_ kinds: [StepKind], _ entries: [YAMLNode.Entry]) {
    let found = entries.filter { entry in kinds.contains { $0.rawValue == entry.key } }
    report(
      .severalKinds,
      "a step does one thing, and this one has \(Self.enumeration(of: found.map(\.key)))",
      at: found[1].keyLocation, hint: "make it a step of its own",
      related: [RelatedLocation("the step does this already", at: found[0].keyLocation)])
    let read = kinds[0].keys + StepKind.modifiers
    for entry in entries where !read.contains(entry.key) { skip(entry.value) }
  }

  private mutating func checkPlaces(of entries: [YAMLNode.Entry], beside kind: StepKind) {
    let known = kind.keys + StepKind.modifiers
    for entry in entries where !known.contains(entry.key) {
      skip(entry.value)
      let owners = StepKind.owners(of: entry.key)
      let other =
        entry.key == "on-failure"
        ? "; steps that run after a failure of any step go under `rescue`" : ""
      report(
        .misplacedKey, "`\(entry.key)` does not go with `\(kind.rawValue)`",
        at: entry.keyLocation, hint: "it goes with \(Self.enumeration(of: owners))" + other,
        related: (entries.entry(of: kind.rawValue)?.keyLocation).map {
          [RelatedLocation("the step does this", at: $0)]
        } ?? [])
    }
  }
}
