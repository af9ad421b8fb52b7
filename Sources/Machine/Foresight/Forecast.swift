import Diagnostics
import Events
import Expressions
import Operations

/// What a plan expects of the steps before: which things there will be, and which reads do not show
/// what will be.
///
/// Nothing of it is recorded, since a plan is made in one go and never continued.
struct Forecast: Sendable {
  /// What can be read in a session.
  enum Access: Sendable, Hashable {
    case open
    /// Nothing is there that a read could show, or will be only once an earlier step is done.
    case empty
    /// No read can be made; a phrase says why.
    case closed(reason: String)
  }

  /// Whose things a session reads and changes: different sessions of a profile see the same.
  enum Owner: Sendable, Hashable {
    case profile(String)
    /// An application acts for a profile, and a plan does not know for which.
    case application(SessionID)
  }

  /// How much of what reads show a step changes.
  enum Extent: Sendable, Hashable {
    /// A thing that is noted.
    case oneThing
    /// Nobody knows which.
    case anything
  }

  private struct Change: Sendable, Hashable {
    let path: StepPath
    let extent: Extent
  }

  /// Which operations a call may send.
  struct Sending: Sendable, Hashable {
    let operation: String
    let isEnsured: Bool
  }

  /// What each step with steps in it may change, by where it is written.
  var effects: [SourceLocation: StepEffects] = [:]
  /// The sections whose reads may show what calls do.
  var sections: [Sending: Set<String>] = [:]
  private var made: Set<String> = []
  /// Values that no run comes to know, since it fails at the step that would give them.
  private var unreached: Set<String> = []
  private var things: [ForeseenThing] = []
  /// The numbers of the things whose records have a value, so that one is found without a search.
  private var marks: [Mark: [Int]] = [:]
  private var accesses: [Owner: Access] = [:]
  private var logins: [SessionIdentity: Access] = [:]
  /// By owner, or nil where it is not known whose things change: which step changes what a section's reads
  /// show.
  private var changes: [Owner?: [String: Change]] = [:]
}

/// Things.
extension Forecast {
  /// A value that a thing gets when it is made, which is not known before.
  mutating func value(of field: String, madeBy path: StepPath) -> Value {
    let source = "\(path).\(field)"
    made.insert(source)
    return .unknown(Unknown(source))
  }

  /// Whether all that `unknown` waits for are values of things that the plan makes.
  func isMade(_ unknown: Unknown) -> Bool { unknown.sources.allSatisfy { made.contains($0) } }

  /// No run comes to know what `unknown` waits for.
  mutating func noteUnreached(_ unknown: Unknown) { unreached.formUnion(unknown.sources) }

  /// Whether a run fails before it knows all that `unknown` waits for.
  func isUnreached(_ unknown: Unknown) -> Bool {
    unknown.sources.contains { unreached.contains($0) }
  }

  /// The thing that a read for `owner` recognises by `identity`, by the names in its records; nil where no
  /// earlier step does anything to it.
  func thing(
    readBy read: String, of owner: Owner?, as identity: ValueMap
  ) -> ForeseenThing? {
    index(readBy: read, of: owner, as: identity).map { things[$0] }
  }

  /// From now on the thing is so; it replaces the one that is recognised by `identity`.
  mutating func note(_ thing: ForeseenThing, as identity: ValueMap) {
    guard let number = index(readBy: thing.read, of: thing.owner, as: identity) else {
      for mark in Mark.all(of: thing) { marks[mark, default: []].append(things.count) }
      return things.append(thing)
    }
    let known = Set(Mark.all(of: things[number]))
    for mark in Mark.all(of: thing) where !known.contains(mark) {
      marks[mark, default: []].append(number)
    }
    things[number] = thing
  }

  private func index(
    readBy read: String, of owner: Owner?, as identity: ValueMap
  ) -> Int? {
    let name = identity.names.first
    let mark = Mark(
      owner: owner, read: read, name: name, value: name.flatMap { identity[$0]?.revealed })
    return marks[mark]?.last { number in
      identity.names.allSatisfy { things[number].record[$0]?.revealed == identity[$0]?.revealed }
    }
  }
}

/// What a step may change, with the steps in it.
struct StepEffects: Sendable, Hashable {
  /// The sections whose reads may show it.
  var sections: Set<String> = []
  /// Whether it does something that is no request: it changes files, or asks a person.
  var changesAnythingElse: Bool
}

/// A thing of the service as an earlier step of a plan leaves it.
struct ForeseenThing: Sendable, Hashable {
  let owner: Forecast.Owner?
  /// The operation that reads it.
  let read: String
  /// Whether there is such a thing.
  var isThere: Bool
  /// Whether `record` has all that the read will show: not of a new thing.
  var isWhole: Bool
  /// What the read will show of it, as far as that is known; of one that is removed, what it shows now.
  var record: ValueMap
  /// The step that leaves it so.
  var path: StepPath
  /// The step that makes it; nil for one that is there already.
  var maker: StepPath?
  /// By the name in the record, which step gives it another value than it had.
  var origins: [String: StepPath] = [:]
  /// What calls of operations on it give.
  var values: [String: Value] = [:]

  /// From now on it is as `path` leaves it: the read will show `other`.
  mutating func become(_ other: ValueMap, by path: StepPath) {
    for name in other.names where record[name]?.revealed != other[name]?.revealed {
      origins[name] = path
    }
    record = other
    self.path = path
  }

  /// Which steps make what the read shows under `names` so: those that change it, else the one that makes
  /// the thing; nil where it is so already.
  func cause(of names: [String]) -> String? {
    var paths: [StepPath] = []
    for path in names.compactMap({ origins[$0] }) where !paths.contains(path) { paths.append(path) }
    guard let last = paths.last ?? maker else { return nil }
    guard paths.count > 1 else { return "`\(last)` makes it so" }
    return paths.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " and `\(last)` make it so"
  }
}

/// One value of a thing's record.
private struct Mark: Sendable, Hashable {
  let owner: Forecast.Owner?
  let read: String
  /// Nil for what every thing of the read has, so that the only one is found, too.
  let name: String?
  let value: Value?

  static func all(of thing: ForeseenThing) -> [Mark] {
    let values = thing.record.names.map { name in
      Mark(
        owner: thing.owner, read: thing.read, name: name, value: thing.record[name]?.revealed)
    }
    return values + [Mark(owner: thing.owner, read: thing.read, name: nil, value: nil)]
  }
}

/// Sessions.
extension Forecast {
  func access(of owner: Owner, _ identity: SessionIdentity) -> Access {
    accesses[owner] ?? logins[identity] ?? .open
  }

  /// From now on that is what can be read of the owner's things.
  mutating func note(_ access: Access, of owner: Owner) { accesses[owner] = access }

  /// The same for whoever logs in so.
  mutating func note(_ access: Access, of login: SessionIdentity) { logins[login] = access }
}

/// Reads.
extension Forecast {
  /// The step that changes what reads of `section` show of the owner's things; nil where none does.
  func change(of section: String, of owner: Owner?) -> StepPath? {
    changes(of: section, of: owner).first?.path
  }

  /// The step that may change anything that reads of `section` show of the owner's things; nil where none
  /// does.
  func unboundedChange(of section: String, of owner: Owner?) -> StepPath? {
    changes(of: section, of: owner).first { $0.extent == .anything }?.path
  }

  private func changes(of section: String, of owner: Owner?) -> [Change] {
    if case .application? = owner {
      return changes.values.compactMap { $0[section] }
    }
    return [changes[owner]?[section], changes[nil]?[section]].compactMap(\.self)
  }

  /// Reads of the section no longer show what will be of the owner's things; of anybody's, where it is not
  /// known whose they are.
  mutating func noteChange(
    of section: String, of owner: Owner?, by path: StepPath, _ extent: Extent
  ) {
    let key: Owner? = if case .profile? = owner { owner } else { nil }
    guard changes[key]?[section]?.extent != .anything else { return }
    changes[key, default: [:]][section] = Change(path: path, extent: extent)
  }
}

extension Operation {
  /// The sections whose reads may show what the operation does.
  var affectedSections: Set<String> { showsIn.union([sectionID]) }
}
