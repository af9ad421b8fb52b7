import Diagnostics

/// Names of operations and local actions as people remember them.
package enum OperationNames {
  /// So many names are suggested.
  private static let most = 4

  /// A hint naming what `written` most likely means: a name near to it, or those whose part behind the
  /// dot is near to its own or contains it; nil when there is none.
  package static func suggestion(
    for written: String, among names: some Sequence<String>
  ) -> String? {
    if let hint = didYouMean(written, among: names) { return hint }
    let word = lastPart(of: written)
    guard word.count > 2 else { return nil }
    let lastParts = names.map { (name: $0, part: lastPart(of: $0)) }
    let near = nearestName(to: word, among: lastParts.map(\.part))
    var found = lastParts.filter { $0.part == near || near == nil && $0.part.contains(word) }
    if found.isEmpty { found = lastParts.filter { isNear(word, toStartOf: $0.part) } }
    let section = section(of: written)
    let siblings = found.filter { self.section(of: $0.name) == section }
    if !siblings.isEmpty { found = siblings }
    guard !found.isEmpty else { return nil }
    let listed = found.prefix(most).map { "`\($0.name)`" }.joined(separator: ", ")
    return found.count == 1 ? "did you mean \(listed)?" : "did you mean one of \(listed)?"
  }

  /// Whether `part` begins with words near to those of `word`, as `approve-device` does to `aprove`.
  private static func isNear(_ word: String, toStartOf part: String) -> Bool {
    let count = word.count { $0 == "-" } + 1
    let start = part.split(separator: "-").prefix(count).joined(separator: "-")
    return nearestName(to: word, among: [start]) != nil
  }

  private static func section(of name: String) -> String {
    String(name.lowercased().prefix { $0 != "." })
  }

  private static func lastPart(of name: String) -> String {
    String(name.lowercased().split(separator: ".").last ?? "")
  }
}
