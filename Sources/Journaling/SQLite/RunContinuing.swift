import Events
import GRDB
import Operations

/// Records what comes in the middle of runs that this process knows.
///
/// The row of the run is changed only where it is as the writer knows it: same owner, epoch, head and key, and
/// not over. So it need not be read before, in the same transaction, to find that out.
struct RunContinuing {
  private let known: KnownRuns
  private let sealing: Sealing
  private let authentication: Authentication
  private let owner: JournalOwner
  private var update: BoundStatement
  private var insertion: BoundStatement

  init(
    _ known: KnownRuns, _ sealing: Sealing, _ authentication: Authentication,
    as owner: JournalOwner, in database: Database
  ) throws {
    self.known = known
    self.sealing = sealing
    self.authentication = authentication
    self.owner = owner
    update = try BoundStatement(
      """
      UPDATE runs SET events = ?, head = ?, latest = ? WHERE number = ? AND id = ? AND events = ? \
      AND head = ? AND owner = ? AND epoch = ? AND key = ? AND outcome IS NULL
      """, in: database)
    insertion = try StoredCommit.insertion(in: database)
  }

  /// The head after `part`; nil, and nothing is changed, where the run is not known, begins, is resumed or ends
  /// with the part, or is not as the writer knows it.
  mutating func add(_ part: JournalCommit.Part, in database: Database) throws -> JournalHead? {
    guard let run = known[part.run], let last = part.events.last, isInPlace(part, of: run) else {
      return nil
    }
    let commit = try StoredCommit(part, after: part.expected, sealing, authentication)
    update.bind(Int64(commit.head.count))
    update.bind(commit.head.digest)
    update.bind(last.at.nanoseconds)
    update.bind(run.number)
    update.bind(part.run.text)
    update.bind(Int64(part.expected.count))
    update.bind(part.expected.digest)
    update.bind(owner.number)
    update.bind(Int64(part.epoch))
    update.bind(sealing.key.id)
    guard try update.perform(in: database) == 1 else { return nil }
    try commit.add(to: run.number, by: &insertion, in: database)
    return commit.head
  }

  private func isInPlace(_ part: JournalCommit.Part, of run: KnownRuns.Run) -> Bool {
    var sequence = part.expected.count
    return part.events.allSatisfy { event in
      defer { sequence += 1 }
      return event.sequence == sequence && !event.kind.isBoundary
        && event.mayStand(in: part.run, of: run.kind, afterEnd: false)
    }
  }
}

/// A row of `commits`.
struct StoredCommit {
  private let first: Int
  private let form: [UInt8]
  /// How far the run is recorded with it.
  let head: JournalHead

  /// What is recorded of `part` after `previous`.
  init(
    _ part: JournalCommit.Part, after previous: JournalHead, _ sealing: Sealing,
    _ authentication: Authentication
  ) throws(JournalError) {
    first = previous.count
    form = try CommitForm.encode(part.events, of: part.run, sealing)
    let tag = try authentication.tag(
      after: previous.digest, EventAddress(run: part.run, sequence: first), form: form)
    head = JournalHead(count: first + part.events.count, digest: tag)
  }

  /// The statement that adds such a row.
  static func insertion(in database: Database) throws -> BoundStatement {
    try BoundStatement(
      "INSERT INTO commits (run, first, form, tag) VALUES (?, ?, ?, ?)", in: database)
  }

  /// Adds it to the run whose row has that number.
  func add(
    to run: Int64, by insertion: inout BoundStatement, in database: Database
  ) throws {
    insertion.bind(run)
    insertion.bind(Int64(first))
    insertion.bind(form)
    insertion.bind(head.digest)
    try insertion.perform(in: database)
  }
}

extension RunEvent.Kind {
  /// Whether a record begins, ends or is resumed with it.
  fileprivate var isBoundary: Bool {
    switch self {
    case .runStarted, .runResumed, .runFinished, .rollout(.started), .rollout(.resumed),
      .rollout(.finished):
      true
    case _: false
    }
  }
}
