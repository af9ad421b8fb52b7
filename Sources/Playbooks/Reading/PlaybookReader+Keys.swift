package import Diagnostics

/// Keys: those that are known, and those that were meant.
extension PlaybookReader {
  /// The entries with known keys; every other key is a diagnostic.
  ///
  /// A misspelt key counts as the one that was meant, so that what stands under it is read too.
  @discardableResult
  package mutating func checkKeys(
    of entries: [YAMLNode.Entry], of subject: String, known: [String]
  ) -> [YAMLNode.Entry] {
    var understood: [YAMLNode.Entry] = []
    for entry in entries {
      guard !known.contains(entry.key) else {
        understood.append(entry)
        continue
      }
      let meant = MeantKey(entry.key, among: known, besides: entries)
      reportUnknown(entry, of: subject, known: known, meant: meant)
      take(entry, as: meant, besides: entries, into: &understood)
    }
    return understood
  }

  /// Takes `entry` for what was meant, unless that is uncertain or there already.
  mutating func take(
    _ entry: YAMLNode.Entry, as meant: MeantKey?, besides entries: [YAMLNode.Entry],
    into understood: inout [YAMLNode.Entry]
  ) {
    guard let meant, meant.holdsTheSame,
      entries.entry(of: meant.key) == nil, understood.entry(of: meant.key) == nil
    else { return skip(entry.value) }
    var entry = entry
    entry.key = meant.key
    understood.append(entry)
  }

  mutating func reportUnknown(
    _ entry: YAMLNode.Entry, of subject: String, known: [String], meant: MeantKey?
  ) {
    report(
      .unknownKey, "\(subject) has no key `\(entry.key)`", at: entry.keyLocation,
      hint: Self.hints[entry.key] ?? meant.map { "did you mean `\($0.key)`?" }
        ?? "the keys are \(Self.enumeration(of: known))",
      fix: Self.hints[entry.key] == nil ? meant?.fix(of: entry) : nil)
  }

  /// What to do about keys that other tools have and that are not needed here.
  private static let hints = [
    "required": "an input without a `default` is required: leave the key out",
    "optional": "an input with a `default` is optional: give it one",
    "shell": noPrograms, "command": noPrograms, "script": noPrograms, "exec": noPrograms,
    "print": noMessages, "debug": noMessages, "echo": noMessages, "log": noMessages,
  ]

  private static let noPrograms = "playbooks run no programs: `call` an operation of the API"
  private static let noMessages =
    "what is worth showing is an `output`, or the `name` of a step or of a round (`label`)"

  /// The value of a key that must be there, or nil.
  package mutating func required(
    _ key: String, in entries: [YAMLNode.Entry], of subject: String, at location: SourceLocation,
    hint: String? = nil
  ) -> YAMLNode? {
    if let node = entries.value(of: key) { return node }
    report(.missingKey, "\(subject) needs the key `\(key)`", at: location, hint: hint)
    return nil
  }
}

extension [YAMLNode.Entry] {
  /// The entry of `key`, or nil when there is none.
  package func entry(of key: String) -> YAMLNode.Entry? {
    // Entries are large, so that none is copied before it is found.
    indices.first { self[$0].key == key }.map { self[$0] }
  }

  /// The value of `key`, or nil when there is none.
  package func value(of key: String) -> YAMLNode? {
    entry(of: key)?.value
  }
}
