import Events
import Expressions
import FoundationEssentials
import GRDB
import Operations

/// Finds the runs that a filter lets through, first by the rows alone.
struct RunSelection {
  /// So many first events are read at once.
  private static let pageCount = 200

  private let filter: RunFilter
  private let hasRollouts: Bool
  private var conditions: [String] = []
  private var arguments: [(any DatabaseValueConvertible)?] = []

  /// The newest runs that `filter` lets through.
  static func runs(_ filter: RunFilter, in database: Database) throws -> [RunSummary] {
    let selection = try RunSelection(filter, in: database)
    var found: [RunSummary] = []
    var rest = try selection.candidates(in: database)[...]
    while !rest.isEmpty, found.count < filter.limit {
      let page = rest.prefix(pageCount)
      rest = rest.dropFirst(pageCount)
      let places = Array(repeating: "?", count: page.count).joined(separator: ", ")
      found += try RunRow.fetch(
        database, "WHERE id IN (\(places)) ORDER BY started DESC, id DESC",
        StatementArguments(page)
      ).map(\.summary).filter { run in filter.labels.allSatisfy(run.labels.contains) }
    }
    return Array(found.prefix(max(0, filter.limit)))
  }

  private init(_ filter: RunFilter, in database: Database) throws {
    self.filter = filter
    hasRollouts = try JournalSchema.hasRollouts(database)
    guard hasRollouts else {
      // A file of an older program: every run is one of its own.
      let needsRollout =
        filter.rollout != nil || filter.tenant != nil || filter.membership == .ofRollouts
      if needsRollout { conditions.append("0") }
      addCommon()
      return
    }
    add("kind = ?", RecordKind.run.rawValue)
    if let rollout = filter.rollout { add("rollout = ?", rollout.text) }
    switch filter.tenant {
    case nil: break
    case .named(let name)?: add("tenant = ?", name)
    case .matching?: conditions.append("tenant IS NOT NULL")
    }
    switch filter.membership {
    case .any: break
    case .ofRollouts: conditions.append("rollout IS NOT NULL")
    case .ofTheirOwn: conditions.append("rollout IS NULL")
    }
    addCommon()
  }

  private mutating func addCommon() {
    if let since = filter.since { add("started >= ?", since.nanoseconds) }
    guard !filter.outcomes.isEmpty else { return }
    let words = filter.outcomes.compactMap { $0?.rawValue }.sorted()
    var choices: [String] = []
    if !words.isEmpty {
      choices.append(
        "outcome IN (\(Array(repeating: "?", count: words.count).joined(separator: ", ")))")
      arguments += words
    }
    if filter.outcomes.contains(nil) { choices.append("outcome IS NULL") }
    conditions.append("(\(choices.joined(separator: " OR ")))")
  }

  private mutating func add(_ condition: String, _ argument: any DatabaseValueConvertible) {
    conditions.append(condition)
    arguments.append(argument)
  }

  /// The ids of the runs that may be listed, newest first: what their first events say is not known yet.
  private func candidates(in database: Database) throws -> [String] {
    var glob: Glob?
    if case .matching(let pattern)? = filter.tenant { glob = pattern }
    let isDecided = filter.labels.isEmpty && glob == nil
    let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
    // A negative limit is none (SQLite).
    let limit = isDecided ? max(0, filter.limit) : -1
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, \(hasRollouts ? "tenant" : "NULL") FROM runs \(condition)
        ORDER BY started DESC, id DESC LIMIT ?
        """,
      arguments: StatementArguments(arguments + [limit]))
    var ids: [String] = []
    while let row = try rows.next() {
      if let glob {
        let tenant = try row.decode(String?.self, atIndex: 1)
        guard tenant.map(glob.matches) ?? false else { continue }
      }
      ids.append(try row.decode(String.self, atIndex: 0))
      if filter.labels.isEmpty, ids.count >= filter.limit { break }
    }
    return ids
  }
}
