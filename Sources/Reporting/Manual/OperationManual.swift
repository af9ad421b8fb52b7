import Expressions
package import Operations
import OrderedCollections

/// The manual of the operations, the socket messages and the local actions.
package struct OperationManual: Sendable {
  private let entries: OrderedDictionary<String, ManualEntry>

  /// The manual of everything in `api` and of all local actions, in that order.
  package init(api: APIDescription) {
    let operations = api.operations.values.map { operation in
      ManualEntry(operation, ensures: api.ensurableStates(of: operation))
    }
    let socket = api.socketEntries.values.map { entry in
      ManualEntry(entry, seenBy: api.operations[entry.seenBy])
    }
    let actions = LocalAction.allCases.map(ManualEntry.init)
    entries = OrderedDictionary((operations + socket + actions).map { ($0.id, $0) }) { first, _ in
      first
    }
  }

  /// Every id.
  package var ids: [String] { Array(entries.keys) }

  /// Everything that can be asked for: the ids and the sections.
  package var names: [String] { ids + OrderedSet(entries.values.map(\.section)) }

  /// All of them, by section, a line each.
  package var list: String { list(of: Array(entries.values)) }

  /// All of them as one JSON list.
  package var listJSON: String { json(of: Array(entries.values)) }

  /// The page of an id, the list of a section or of a glob, or nil when nothing is called so.
  package func text(of name: String) -> String? {
    if let entry = entries[name] { return ManualPage(entry: entry).text }
    let found = entries(matching: name)
    return found.isEmpty ? nil : list(of: found)
  }

  /// The same as JSON: an object for an id, else a list.
  package func json(of name: String) -> String? {
    if let entry = entries[name] {
      return JSON.text(entry.value, secrets: .masked, style: .pretty) + "\n"
    }
    let found = entries(matching: name)
    return found.isEmpty ? nil : json(of: found)
  }

  /// The entries of a section, by its title or its part of the ids, or those that a glob fits.
  private func entries(matching name: String) -> [ManualEntry] {
    guard !name.contains(where: { "*?".contains($0) }) else {
      return entries.values.filter { Glob(name).matches($0.id) }
    }
    return entries.values.filter {
      $0.section.lowercased() == name.lowercased() || $0.id.hasPrefix("\(name).")
    }
  }

  private func list(of entries: [ManualEntry]) -> String {
    let width = entries.map(\.id.count).max() ?? 0
    let sections = OrderedDictionary(grouping: entries, by: \.section)
    return sections.map { section, entries in
      let lines = entries.map { entry in
        "  \(entry.id)\(String(repeating: " ", count: width - entry.id.count))  \(entry.title)\n"
      }
      return "\(section) (\(entries.count))\n\(lines.joined())"
    }.joined(separator: "\n")
  }

  private func json(of entries: [ManualEntry]) -> String {
    JSON.text(.list(entries.map(\.value)), secrets: .masked, style: .pretty) + "\n"
  }
}
