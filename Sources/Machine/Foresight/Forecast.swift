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

  /// What an earlier step does to a thing.
  enum Fate: Sendable, Hashable {
    case made(Value, by: StepPath)
    case removed(by: StepPath)
  }

  /// What an ensured call is about.
  struct Thing: Sendable, Hashable {
    let session: SessionID?
    let operation: String
    let identity: ValueMap
  }

  private var made: Set<String> = []
  private var fates: [Thing: Fate] = [:]
  private var accesses: [SessionID: Access] = [:]
  private var logins: [SessionIdentity: Access] = [:]
  /// By session, or nil for all of them: which step changes what a section's reads show.
  private var changes: [SessionID?: [String: StepPath]] = [:]
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

  func fate(of thing: Thing) -> Fate? { fates[thing] }

  mutating func note(_ fate: Fate, of thing: Thing) { fates[thing] = fate }
}

/// Sessions.
extension Forecast {
  func access(of id: SessionID, _ session: Session) -> Access {
    accesses[id] ?? logins[session.identity] ?? .open
  }

  /// From now on that is what can be read in the session.
  mutating func note(_ access: Access, in id: SessionID) { accesses[id] = access }

  /// The same for whoever logs in so.
  mutating func note(_ access: Access, of login: SessionIdentity) { logins[login] = access }
}

/// Reads.
extension Forecast {
  /// The step that changes what reads of `section` show in a session; nil where none does.
  func change(of section: String, in session: SessionID?) -> StepPath? {
    changes[session]?[section] ?? changes[nil]?[section]
  }

  /// Reads of the section no longer show what will be; without a session, those of all sessions.
  mutating func noteChange(of section: String, in session: SessionID?, by path: StepPath) {
    changes[session, default: [:]][section] = path
  }
}

extension Operation {
  /// The sections whose reads may show what the operation does.
  var affectedSections: Set<String> { showsIn.union([sectionID]) }
}
