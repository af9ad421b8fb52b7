package import Events
package import Journaling
package import Operations
package import Schedules
import ServiceLifecycle

/// Acts on schedules: the service around the scheduler's loop.
package struct SchedulerService: Service {
  private let surroundings: SchedulerSurroundings
  private let inbox: SchedulerInbox

  /// A scheduler that gets files and the lease through `inbox`.
  package init(_ surroundings: SchedulerSurroundings, inbox: SchedulerInbox) {
    self.surroundings = surroundings
    self.inbox = inbox
  }

  /// Goes on until a graceful shutdown, and then until the rollouts in progress have ended or are left.
  ///
  /// Cancelling the task stops everything at once. Throws `DaemonFailure` when nothing can be recorded any
  /// more, and `CancellationError`.
  package func run() async throws {
    let (surroundings, inbox) = (surroundings, inbox)
    try await withGracefulShutdownHandler {
      try await withThrowingDiscardingTaskGroup { group in
        defer { group.cancelAll() }
        var loop = SchedulerLoop(surroundings, inbox)
        group.addTask {
          while (try? await surroundings.clock.sleep(.seconds(1))) != nil { inbox.put(.second) }
        }
        for await signal in inbox.signals {
          loop.handle(signal, in: &group)
          switch loop.phase {
          case .serving, .draining: break
          case .done: return
          case .failed(let failure): throw failure
          }
        }
        throw CancellationError()
      }
    } onGracefulShutdown: {
      inbox.drain()
    }
  }
}

/// What the scheduler needs of the world around it.
package struct SchedulerSurroundings: Sendable {
  /// Where everything is recorded before it happens.
  package var ledger: any ScheduleLedger
  /// What starts rollouts.
  package var runner: RolloutRunner
  /// The clocks.
  package var clock: DaemonClock
  /// This process.
  package var identity: OwnerIdentity
  /// Makes a schedule of a definition in the ledger; nil where that cannot be read any more.
  package var reading: @Sendable (String) -> Schedule?
  /// The notifications that follow from a change of the ledger.
  package var notices: @Sendable (LedgerChange) -> [StoredNotice] = { _ in [] }
  /// The notifications about a rollout of a schedule that is given up as in doubt, by the schedule, the rollout's
  /// record and the present moment; the same ones each time for one record.
  package var doubts: @Sendable (String, RunID?, Moment) -> [StoredNotice] = { _, _, _ in [] }
  /// Receives what is done.
  package var observe: DaemonObserver
  /// Asks the keeper of the lease to give it up.
  package var resignation = LeaseResignation()
  /// How long a process that is about to stop waits for rollouts in progress.
  package var drainTimeout = Duration.seconds(60)

  /// Surroundings in which nobody is notified.
  package init(
    ledger: any ScheduleLedger, runner: RolloutRunner, clock: DaemonClock,
    identity: OwnerIdentity, reading: @escaping @Sendable (String) -> Schedule?,
    observe: DaemonObserver
  ) {
    self.ledger = ledger
    self.runner = runner
    self.clock = clock
    self.identity = identity
    self.reading = reading
    self.observe = observe
  }

  var writer: LedgerWriter { writer() }

  /// A writer that records `added` with each change, too.
  func writer(adding added: [StoredNotice] = []) -> LedgerWriter {
    let notices = notices
    return LedgerWriter(
      ledger: ledger, clock: clock, notices: { added + notices($0) }, observe: observe)
  }
}
