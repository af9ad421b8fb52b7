import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// What a run saw and did of things that requests create and remove, as far as it decides what a later
/// read proves.
///
/// A thing that was seen before a request was not made by it. Where several things may have one name,
/// one that is found is what the request made only if the run had read the list before and nothing else
/// that it asked for can have become it.
struct Sightings: Sendable, Hashable {
  /// What a request wants to be created, and for whom.
  struct Creation: Sendable, Hashable {
    let operation: String
    let username: String
    let identity: [String]
  }

  /// A step that asked for something to be created.
  private struct Request: Sendable, Hashable {
    let path: StepPath
    /// When the list was last requested that the run had read before, or earlier; nil where it had not.
    let listedAt: Moment?
    var endedAt: Moment?
  }

  /// A list as one user sees it.
  private struct List: Sendable, Hashable {
    let operation: String
    let username: String
  }

  private let rules: SightingRules
  private var firstSeen: [String: Moment] = [:]
  private var removedAt: [String: Moment] = [:]
  private var listedAt: [List: Moment] = [:]
  private var requests: [Creation: [Request]] = [:]

  init(of api: APIDescription) {
    rules = SightingRules(api)
  }
}

/// What they say.
extension Sightings {
  /// Whether the run knew a thing before `moment`.
  func knew(_ identity: String, before moment: Moment) -> Bool {
    firstSeen[identity].map { $0 <= moment } ?? false
  }

  /// When the run removed what a record is about, as far as that can be seen; nil where it did not.
  func removal(of record: ValueMap) -> Moment? {
    record.entries.values.compactMap { $0.identityText.flatMap { removedAt[$0] } }.max()
  }

  /// Whether a thing that nobody had seen before the step at `path` asked for one must be its own.
  ///
  /// Other requests of the run for such a thing are over, and what they made showed when the list was
  /// read, `lag` later.
  func provesNovelty(of creation: Creation, at path: StepPath, lag: Duration) -> Bool {
    let all = requests[creation] ?? []
    guard let own = all.lastIndex(where: { $0.path == path }), let listedAt = all[own].listedAt
    else {
      return false
    }
    return all.indices.allSatisfy { index in
      index == own || (all[index].endedAt.map { $0 + lag <= listedAt } ?? false)
    }
  }
}

/// How an event changes them.
extension Sightings {
  /// Applies an event to what was known before it; `tree` does not know it yet either.
  mutating func apply(_ event: RunEvent, in tree: StepTree) {
    switch event.kind {
    case .requestIntended(let path, let intent): note(intent, path, at: event.at, tree)
    case .stepFinished(let path, let result): finish(path, result, at: event.at, tree)
    case .stepReused(_, _, let result?): see(result.value, at: event.at)
    case _: break
    }
  }

  private mutating func note(
    _ intent: RequestIntent, _ path: StepPath, at moment: Moment, _ tree: StepTree
  ) {
    for name in intent.arguments.names where rules.identities.contains(name) {
      see(identity: intent.arguments[name], at: moment)
    }
    remove(intent, at: moment)
    guard let creation = creation(intent, path, tree) else { return }
    // A repeat of a request finds what the first one may have made.
    let isRepeat = requests[creation]?.contains { $0.path == path && $0.endedAt == nil } ?? false
    guard !isRepeat else { return }
    requests[creation, default: []].append(
      Request(path: path, listedAt: lastListing(for: creation, path, tree)))
  }

  /// When the list that shows what is created was last requested, at the latest: by a step of its own, or
  /// by the step at `path`, which reads before it creates.
  private func lastListing(
    for creation: Creation, _ path: StepPath, _ tree: StepTree
  ) -> Moment? {
    let progress = tree.id(of: path).flatMap { tree.step($0) }?.progress
    let ownReading =
      progress?.comparison?.creates ?? false ? progress?.attempt.startedAt : nil
    let listing = rules.lists[creation.operation].flatMap {
      listedAt[List(operation: $0, username: creation.username)]
    }
    return [ownReading, listing].compactMap(\.self).max()
  }

  private mutating func finish(
    _ path: StepPath, _ result: StepResult, at moment: Moment, _ tree: StepTree
  ) {
    see(result.value, at: moment)
    guard let exchange = tree.id(of: path).flatMap({ tree.step($0) })?.progress.exchange else {
      return
    }
    let intent = exchange.intent
    remove(intent, at: moment)
    if let creation = creation(intent, path, tree) {
      for index in (requests[creation] ?? []).indices
      where requests[creation]?[index].path == path && requests[creation]?[index].endedAt == nil {
        requests[creation]?[index].endedAt = moment
      }
    }
    guard result.outcome == .succeeded, rules.readLists.contains(intent.operation),
      intent.arguments.entries.values.allSatisfy({ $0.revealed == .null }),
      let username = tree.username(ofStepAt: path)
    else { return }
    listedAt[List(operation: intent.operation, username: username)] = exchange.intendedAt
  }

  /// What the request of a step asks to be created; nil where that has a name of its own or nobody
  /// knows for whom.
  func creation(_ intent: RequestIntent, _ path: StepPath, _ tree: StepTree) -> Creation? {
    guard let names = rules.creations[intent.operation],
      let username = tree.username(ofStepAt: path)
    else { return nil }
    return Creation(
      operation: intent.operation, username: username,
      identity: names.map { (intent.arguments[$0] ?? .null).revealed.displayText })
  }

  private mutating func remove(_ intent: RequestIntent, at moment: Moment) {
    for name in rules.removals[intent.operation] ?? [] {
      if let id = intent.arguments[name]?.identityText { removedAt[id] = moment }
    }
  }

  private mutating func see(_ value: Value, at moment: Moment) {
    guard case .map(let fields) = value.revealed else { return }
    see(fields, at: moment)
    for field in fields.entries.values {
      guard case .list(let records) = field.revealed else { continue }
      for case .map(let record) in records.lazy.map(\.revealed) { see(record, at: moment) }
    }
  }

  private mutating func see(_ record: ValueMap, at moment: Moment) {
    for name in rules.identities { see(identity: record[name], at: moment) }
  }

  private mutating func see(identity: Value?, at moment: Moment) {
    guard let id = identity?.identityText, firstSeen[id] == nil else { return }
    firstSeen[id] = moment
  }
}

/// What of an API matters to sightings.
private struct SightingRules: Sendable, Hashable {
  /// The names under which identities of things stand.
  let identities: Set<String>
  /// The fields by which an operation says what it removes, by its id.
  let removals: [String: [String]]
  /// The fields that name what an operation creates, which need not be unique, by its id.
  let creations: [String: [String]]
  /// The list that shows it, by the same id.
  let lists: [String: String]
  let readLists: Set<String>

  init(_ api: APIDescription) {
    var (identities, removals) = (Set<String>(), [String: [String]]())
    var (creations, lists) = ([String: [String]](), [String: String]())
    for operation in api.operations.values {
      guard let lookup = operation.lookup else { continue }
      switch lookup.expects {
      case .absent: removals[operation.id] = Array(lookup.identity.keys)
      case .present:
        if let id = lookup.recordID { identities.insert(id) }
        guard !lookup.isUnique else { continue }
        creations[operation.id] = Array(lookup.identity.keys)
        lists[operation.id] = lookup.operation
      }
    }
    (self.identities, self.removals) = (identities, removals)
    (self.creations, self.lists) = (creations, lists)
    readLists = Set(lists.values)
  }
}
