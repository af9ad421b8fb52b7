import Events
import Journaling
import Logging
import Networking
import Notifications
import Operations
import Reporting
import Rollouts
import Schedules
import ServiceLifecycle
import Serving

/// Makes the notifications of which no record of a rollout is the reason: about due instants for which none was
/// started, and about rollouts that are given up.
struct TickNotices: Sendable {
  let definitions: ServedDefinitions
  /// How commands in them name the journal.
  let journal: JournalReference?
  let secrets: KnownSecrets

  /// The notifications that follow from a change of the ledger.
  func notices(of change: LedgerChange) -> [StoredNotice] {
    let name = change.state.name
    guard !change.ticks.isEmpty, let definition = definitions.lastDefinition(of: name) else {
      return []
    }
    return TickNotifier.notices(
      for: change.ticks, of: change.state,
      routes: definition.noticeRoutes(startedBy: .schedule, absolute: CommandPath.absolute),
      commands: FollowUpCommands(ofSchedule: name, journal: journal),
      hiding: secrets.scrubber)
  }

  /// The notifications about `rollout` of the schedule `name`, which is given up at `moment` as in doubt; nil is
  /// one that leaves no record.
  func notices(ofDoubtAbout rollout: RunID?, of name: String, at moment: Moment) -> [StoredNotice] {
    guard let definition = definitions.lastDefinition(of: name) else { return [] }
    var notified = NotifiedRollout(name: name, file: definition.file)
    notified.id = rollout
    notified.mode = definition.mode
    notified.environment = definition.environmentName
    let notifier = RolloutNotifier(
      of: notified,
      routes: definition.noticeRoutes(startedBy: .schedule, absolute: CommandPath.absolute),
      commands: rollout.map { FollowUpCommands(about: $0, journal: journal) }
        ?? FollowUpCommands(ofSchedule: name, journal: journal))
    guard rollout != nil else {
      let id = NoticeID.plan(of: name, due: moment)
      return notifier.notices(ofPlan: id, .inDoubt, drift: nil, at: moment)
    }
    // No event of a record has that number, should a person continue the rollout.
    let result = RolloutResult(outcome: .inDoubt, counts: TenantCounts())
    return notifier.notices(
      of: RunEvent(sequence: .max, at: moment, kind: .rollout(.finished(result))))
  }
}

extension NotifiedSchedule {
  /// The due instants that a rollout is started for.
  init(_ start: ScheduledStart) {
    let ticks = start.template.ticks.filter(\.isStart)
    guard let first = ticks.first, let last = ticks.last else {
      self.init(start.schedule, Tick(due: start.due, .ran(nil), decidedAt: start.due))
      return
    }
    let count = ticks.map(\.count).reduce(0, +)
    self.init(
      start.schedule,
      Tick(
        due: first.due, through: last.through, count: count, last.verdict,
        decidedAt: last.decidedAt))
  }
}

extension Tick {
  /// Whether a rollout was started for it.
  fileprivate var isStart: Bool {
    switch verdict {
    case .ran, .caughtUp, .triggered: true
    case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: false
    }
  }
}

/// Delivers the notifications in the journal, whoever made them.
struct NoticeService: Service {
  let journal: SQLiteJournal
  /// Trust and proxies of what is sent.
  let connections: TransportOptions
  let environment: [String: String]
  let clock: DaemonClock
  let reporter: DaemonReporter
  let secrets: KnownSecrets

  /// How often waiting notifications are counted.
  private static let countPause: Duration = .seconds(10)

  /// Goes on until a graceful shutdown, or until the task is cancelled.
  func run() async throws {
    try await PostClient.withClient(options: connections) { client in
      let delivery = NoticeDelivery(
        from: NoticeOutbox(in: journal),
        by: courier(client), now: clock.now,
        sleep: clock.sleep, random: { .random(in: 0...1) }, log: { reporter.report($0) })
      await cancelWhenGracefulShutdown {
        async let counting: Void = count()
        await delivery.serve { reporter.reportNotices(failed: $0) }
        await counting
      }
    }
  }

  /// Reports how many notifications wait, until the task is cancelled.
  private func count() async {
    let reader = journal.reader
    repeat {
      if let count = try? await BlockingThreads.result({ try reader.noticeCount() }) {
        reporter.reportNotices(pending: count)
      }
    } while (try? await clock.sleep(Self.countPause)) != nil
  }

  private func courier(_ client: PostClient) -> NoticeCourier {
    var courier = NoticeCourier(by: client, environment: environment)
    courier.secret = { [read = courier.secret] reference in
      let secret = try await read(reference)
      secrets.add(secret)
      return secret
    }
    return courier
  }
}
