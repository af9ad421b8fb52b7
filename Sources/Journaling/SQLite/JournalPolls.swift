import Events
import GRDB
import Synchronization

/// What is known of what many hosts ask for again and again, so that an answer costs nearly nothing while
/// nothing has changed.
///
/// SQLite counts the changes that other connections make (`PRAGMA data_version`); those that matter and are made
/// through this one are counted here.
final class JournalPolls: Sendable {
  /// What is asked for.
  enum Topic: Sendable {
    case requests
    case schedules
  }

  /// A state of the journal: equal where nothing that matters was changed in between.
  struct Version: Sendable, Hashable {
    fileprivate var ofOthers: Int64
    fileprivate var own: Int
  }

  private struct State: Sendable {
    var ownChanges: [Topic: Int] = [:]
    /// From which number on there was no request to a run of this process.
    var requests: (version: Version, end: Int64)?
    /// The schedules' last page, which nothing came after.
    var schedules: (version: Version, page: SchedulePage)?
  }

  private let state = Mutex(State())

  /// This connection changes something, or tries to.
  func noteOwnChange(of topic: Topic) {
    state.withLock { $0.ownChanges[topic, default: 0] += 1 }
  }

  /// The present version; what is read after that is at least as new.
  func version(of topic: Topic, in database: Database) throws -> Version {
    let statement = try database.cachedStatement(sql: "PRAGMA data_version")
    let others = try Int64.fetchOne(statement) ?? 0
    return Version(
      ofOthers: others, own: state.withLock { $0.ownChanges[topic, default: 0] })
  }

  /// Whether no request after `cursor` was there at `version`; no where that is not known.
  func hasNoRequest(after cursor: JournalCursor, at version: Version) -> Bool {
    state.withLock { state in
      state.requests.map { $0.version == version && cursor.position >= $0.end } ?? false
    }
  }

  /// At `version`, there was no request after `cursor`.
  func noteNoRequest(after cursor: JournalCursor, at version: Version) {
    state.withLock { state in
      if let known = state.requests, known.version == version, known.end <= cursor.position {
        return
      }
      state.requests = (version, cursor.position)
    }
  }

  /// The page after `cursor`, where it is known to be as before.
  func page(after cursor: JournalCursor, at version: Version) -> SchedulePage? {
    state.withLock { state in
      guard let known = state.schedules, known.version == version, known.page.next == cursor else {
        return nil
      }
      return known.page
    }
  }

  /// The names of the schedules that were unusable when they were last read.
  var flawedSchedules: Set<String> {
    state.withLock { Set($0.schedules?.page.flawed.map(\.name) ?? []) }
  }

  /// At `version`, `page` was the last one.
  func note(_ page: SchedulePage, at version: Version) {
    let last = SchedulePage(
      [], flawed: page.flawed, triggers: page.triggers, next: page.next)
    state.withLock { $0.schedules = (version, last) }
  }
}
