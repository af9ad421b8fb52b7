import Events
import Hosting
import Journaling
import Networking
import Notifications
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Synchronization
import Telemetry
import Tenants

/// A rollout that this process drives, and what it needs for that, whoever watches it.
struct DrivenRollout: Sendable {
  let runs: TenantRuns
  let transport: PacedTransport
  let reporter: RolloutReporter
  let trace: (@Sendable (String) -> Void)?
  /// Receives the events of the rollout itself.
  let recorded: @Sendable ([RunEvent]) -> Void
  /// What exports traces and metrics of it; nil for nothing.
  var telemetry: RunTelemetry?
  /// The trace context that requests carry; nil for none.
  var tracing: RequestTracing?
  let notices = RolloutNotices()
  let faults = RunFaults()

  /// What the driver of the rollout is given.
  func surroundings(whenWaiting: RunOrder.WhenWaiting) -> RolloutEnvironment {
    var runs = runs
    if let telemetry {
      let api = api
      runs.recalled = { telemetry.recall($1, of: $0, calling: api) }
    }
    var surroundings = RolloutEnvironment(
      host: hostEnvironment,
      run: { [runs] turn throws(TenantRefusal) in try await runs.run(turn) },
      ended: { [notices, faults, telemetry] run, ending in
        telemetry?.leave(run)
        switch ending {
        case .waiting: notices.add(.left(run))
        case .faulty(let message): faults.add(message, in: run)
        case .finished, .unrecorded, .notStarted, .lost, .blocked: break
        }
      },
      backlog: { [transport] in transport.backlog })
    surroundings.whenWaiting = whenWaiting
    surroundings.blocked = { [notices, tenants = runs.prepared.tenants] index, other in
      notices.add(.held((try? tenants[index].name) ?? "tenant \(index + 1)", until: other))
    }
    return surroundings
  }

  /// The API that the runs call, where anybody wants to know.
  private var api: APIDescription? {
    telemetry == nil ? nil : runs.prepared.checked.api
  }

  private var hostEnvironment: HostEnvironment {
    let (clock, rollout) = (runs.clock, runs.start.rollout)
    let api = api
    var hosting = HostEnvironment(
      journal: runs.journal,
      tools: RunTools(
        transport: transport,
        localActions: .live(home: runs.environment["HOME"]),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { [notices, reporter, recorded, telemetry] run, events in
        telemetry?.record(events, of: run, calling: api)
        // What came before the events is reported before them.
        await notices.report(to: reporter)
        await reporter.record(events, of: run)
        if run == rollout { recorded(events) }
      },
      now: { clock.now() },
      sleep: { try await Task.sleep(for: $0) },
      trace: trace)
    if let tracing { hosting.requestHeaders = { tracing.headers(of: $0, intent: $1) } }
    return hosting
  }
}

/// The mistakes of this program that ended runs of a rollout.
final class RunFaults: Sendable {
  private let faults = Mutex<[(run: RunID, message: String)]>([])

  func add(_ message: String, in run: RunID) { faults.withLock { $0.append((run, message)) } }

  var first: (run: RunID, message: String)? { faults.withLock { $0.first } }
}

extension PreparedRollout {
  /// What makes the notifications about the rollout that began with `start`; commands in them name `journal`.
  func notifier(
    of start: RolloutStart, journal: JournalReference?, headStart: Duration
  ) -> RolloutNotifier {
    let schedule = origin.schedule
    return RolloutNotifier(
      of: NotifiedRollout(start),
      routes: definition.noticeRoutes(
        startedBy: schedule == nil ? .person : .schedule, absolute: CommandPath.absolute),
      schedule: schedule, commands: FollowUpCommands(about: start.rollout, journal: journal),
      headStart: headStart)
  }
}
