import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

/// A journal with runs and rollouts of every kind that matters to its upkeep, each a minute after the one
/// before, and all of them over by `end`.
struct KeptJournal {
  let folder: TemporaryFolder
  let path: String
  private(set) var minutes = 0

  init(in parent: String = "/tmp") throws {
    folder = try TemporaryFolder(in: parent)
    path = folder.journal
  }

  /// Another journal in the same folder.
  init(sharing folder: TemporaryFolder, path: String) {
    self.folder = folder
    self.path = path
  }

  /// Changes rows that are never edited.
  func tamper(_ sql: String) throws {
    try DatabaseQueue(path: path).write { database in
      try AppendOnly.lifting(in: database) { try database.execute(sql: sql) }
    }
  }

  var archive: String { folder.path + "/inner/archive.sqlite" }

  /// A day after everything.
  static let end = SampleRun.beginning + .seconds(86_400)

  static func id(_ number: UInt64) -> RunID { SampleRun.drawn(number) }

  /// The text of the playbooks that a run with that name was planned from.
  static func text(_ name: String) -> [UInt8] { Array("the playbooks of \(name)".utf8) }

  static let description = Array("openapi: 3.1.0".utf8)

  static func pinned(_ name: String) throws -> PinnedPlan {
    PinnedPlan(
      files: Hexadecimal.encode(try TextDigest(of: text(name)).bytes),
      description: Hexadecimal.encode(try TextDigest(of: description).bytes), outline: "",
      path: "\(name).yaml", folder: "/")
  }

  /// What a run of the playbook `name` for the tenant `user` is started with.
  static func start(_ run: RunID, _ name: String, user: String = "alice") throws -> RunStart {
    var start = RunStart(
      run: run, playbook: name, file: "\(name).yaml", planDigest: "",
      inputs: ["user": .string(user), "password": .secret(text: PlantedSecrets.password)],
      seed: 1, version: "1")
    start.pinned = try pinned(name)
    return start
  }

  mutating func nextMinute() -> Moment {
    defer { minutes += 1 }
    return SampleRun.beginning + .seconds(60 * minutes)
  }

  /// Records a run, in a commit for its start and one for its end, if it has an `outcome`.
  mutating func add(
    _ start: RunStart, _ outcome: Outcome?, texts: [[UInt8]]? = nil, to journal: SQLiteJournal
  ) throws {
    let at = nextMinute()
    let texts = texts ?? [Self.text(start.playbook), Self.description]
    try journal.append(
      [RunEvent(sequence: 0, at: at, kind: .runStarted(start))], run: start.run,
      texts: texts.map { try StoredText($0) })
    guard let outcome else { return }
    var result = RunResult(outcome: outcome)
    result.outputs = ["token": .secret(text: PlantedSecrets.token)]
    try journal.append(
      [
        RunEvent(sequence: 1, at: at + .seconds(1), kind: .cancelRequested()),
        RunEvent(sequence: 2, at: at + .seconds(2), kind: .runFinished(result)),
      ], run: start.run)
  }

  mutating func add(
    run number: UInt64, _ name: String = "onboard", user: String = "alice",
    _ outcome: Outcome? = .succeeded, to journal: SQLiteJournal
  ) throws {
    try add(Self.start(Self.id(number), name, user: user), outcome, to: journal)
  }

  /// Records a rollout of tenants that all ended so, whose runs have the numbers after it.
  mutating func add(
    rollout number: UInt64, called name: String = "wave", _ outcomes: [Outcome?],
    to journal: SQLiteJournal
  ) throws {
    let rollout = Self.id(number)
    var start = SampleRollout.start(rollout, tenants: outcomes.count)
    start.name = name
    start.pinned = try Self.pinned("onboard-tenant")
    let (definition, tenants) = (Array("definition".utf8), Array("tenants of \(number)".utf8))
    start.definition = Hexadecimal.encode(try TextDigest(of: definition).bytes)
    start.tenants = Hexadecimal.encode(try TextDigest(of: tenants).bytes)
    let at = nextMinute()
    try journal.append(
      [RunEvent(sequence: 0, at: at, kind: .rollout(.started(start)))], run: rollout,
      texts: [definition, tenants, Self.text("onboard-tenant"), Self.description]
        .map { try StoredText($0) })
    for (index, outcome) in outcomes.enumerated() {
      var start = SampleRollout.tenantStart(
        Self.id(number + 1 + UInt64(index)), of: rollout, index, locks: ["lock \(number) \(index)"])
      start.pinned = try Self.pinned("onboard-tenant")
      start.inputs = ["pin": .secret(text: PlantedSecrets.token)]
      try add(start, outcome, texts: [], to: journal)
    }
    guard outcomes.allSatisfy({ $0 != nil }) else { return }
    let result = RolloutResult(outcome: .succeeded, counts: TenantCounts())
    try journal.append(
      [RunEvent(sequence: 1, at: nextMinute(), kind: .rollout(.finished(result)))], run: rollout)
  }
}

/// Everything that is recorded of runs, as it was.
struct JournalImage: Hashable {
  var events: [RunID: [RunEvent]] = [:]
  var texts: Set<[UInt8]> = []

  /// Reads every record of the journal at `path`, which must be intact.
  init(_ path: String, key: String? = nil) throws {
    let reader = try JournalReader.open(at: path, key: key)
    let isEmpty = try reader.file.read { try JournalSchema.isEmpty($0) }
    guard !isEmpty else { return }
    let ids = try reader.file.read { database in
      try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY id")
    }
    for id in ids {
      let run = try #require(RunID(id))
      let record = try reader.record(of: run, secrets: .unsealed)
      #expect(try reader.verifiedRecord(of: run).flaws == [], "\(id)")
      events[run] = record.events
    }
    let digests = try reader.file.read { database in
      try JournalSchema.hasCommits(database)
        ? Data.fetchAll(database, sql: "SELECT DISTINCT digest FROM texts") : []
    }
    for digest in digests.compactMap({ TextDigest(Array($0)) }) {
      if let text = try reader.text(digest) { texts.insert(text) }
    }
  }

  init() {}

  /// Both together; a record that both have must be the same.
  func joined(_ other: JournalImage) -> JournalImage {
    var image = self
    image.events.merge(other.events) { own, others in
      #expect(own == others)
      return own
    }
    image.texts.formUnion(other.texts)
    return image
  }
}

extension JournalArchive.Order {
  /// Moves everything of `journal` that is over.
  init(_ journal: KeptJournal, before cutoff: Moment = KeptJournal.end) {
    self.init(
      journal: journal.path, key: nil, archive: journal.archive, before: cutoff,
      at: KeptJournal.end)
  }
}

extension CheckReport {
  /// What is wrong with the journal at `path`, in the words of the command.
  static func problems(_ path: String, key: String? = nil) throws -> [String] {
    try JournalCheck.perform(on: JournalReader.open(at: path, key: key)).problems
      .map(\.description)
  }
}
