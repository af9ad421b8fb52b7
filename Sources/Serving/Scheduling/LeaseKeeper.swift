package import Journaling
import Operations
import ServiceLifecycle
import Synchronization

/// Takes the lease of a journal, renews it, and waits for it while another process has it.
package struct LeaseKeeper: Service {
  /// How often the lease is renewed.
  package static let renewal = Duration.seconds(5)
  /// How often one who waits tries to take it.
  package static let retry = Duration.seconds(1)
  /// A holder that is seen unchanged for so long has lost it.
  package static let term = Duration.seconds(20)

  private let ledger: any ScheduleLedger
  private let clock: DaemonClock
  private let resignation: LeaseResignation
  private let report: @Sendable (LeaseEvent) -> Void

  /// A keeper of the lease of `ledger`, which it gives up at a `resignation`; `report` must not wait.
  package init(
    of ledger: any ScheduleLedger, clock: DaemonClock,
    resignation: LeaseResignation = LeaseResignation(),
    report: @escaping @Sendable (LeaseEvent) -> Void
  ) {
    self.ledger = ledger
    self.clock = clock
    self.resignation = resignation
    self.report = report
  }

  /// Goes on until a graceful shutdown, or until the task is cancelled; then gives the lease up, if that was not
  /// done before.
  ///
  /// It must be shut down after everything that acts under the lease.
  package func run() async throws {
    let held = HeldLease()
    try? await cancelWhenGracefulShutdown {
      await keepUntilResignation(held)
      await release(held)
      // Whoever ends before the others ends them, too.
      try await gracefulShutdown()
    }
    await release(held)
  }

  private func release(_ held: HeldLease) async {
    guard let epoch = held.epoch else { return }
    held.epoch = nil
    try? await ledger.releaseLease(epoch: epoch)
  }

  private func keepUntilResignation(_ held: HeldLease) async {
    await withTaskGroup { group in
      group.addTask { try? await keep(held) }
      group.addTask { [resignation] in for await _ in resignation.requests { return } }
      await group.next()
      group.cancelAll()
    }
  }

  private func keep(_ held: HeldLease) async throws {
    var watch = LeaseWatch()
    while true {
      switch await attempt(watch.lapsed(at: clock.uptime())) {
      case .taken(let epoch)?:
        held.epoch = epoch
        report(.taken(epoch: epoch))
        try await renew(epoch)
        held.epoch = nil
        report(.lost(epoch: epoch))
        watch = LeaseWatch()
      case .held(let sight)?:
        watch.see(sight, at: clock.uptime())
        report(.held(sight))
      case nil: break
      }
      try await clock.sleep(Self.retry)
    }
  }

  private func attempt(_ lapsed: LeaseSight?) async -> LeaseAttempt? {
    do throws(JournalError) {
      return try await ledger.takeLease(lapsed: lapsed)
    } catch {
      report(.failed(error))
      return nil
    }
  }

  /// Returns once another process has the lease.
  private func renew(_ epoch: Int) async throws {
    while true {
      try await clock.sleep(Self.renewal)
      do throws(JournalError) {
        guard try await ledger.renewLease(epoch: epoch) else { return }
        report(.renewed)
      } catch {
        // Whoever takes it meanwhile has a higher epoch, and nothing is recorded under this one.
        report(.failed(error))
      }
    }
  }
}

/// What a keeper is asked by to give the lease up before it is shut down, and not to take it again.
package struct LeaseResignation: Sendable {
  let requests: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  /// A resignation that nobody asked for yet.
  package init() {
    (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func request() { continuation.yield() }
}

/// What happens to the lease.
package enum LeaseEvent: Sendable, Hashable {
  /// This process acts from now on.
  case taken(epoch: Int)
  /// This process still acts.
  case renewed
  /// This process does not act any more.
  case lost(epoch: Int)
  /// Another process acts.
  case held(LeaseSight)
  /// The journal did not do what was asked.
  case failed(JournalError)
}

/// The epoch of the lease that is held.
private final class HeldLease: Sendable {
  private let current = Mutex<Int?>(nil)

  var epoch: Int? {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
}

/// How long the holder of a lease has been seen unchanged.
struct LeaseWatch: Sendable {
  private var sight: LeaseSight?
  private var since = Duration.zero

  /// The holder is seen at `uptime`.
  mutating func see(_ seen: LeaseSight, at uptime: Duration) {
    guard seen != sight else { return }
    (sight, since) = (seen, uptime)
  }

  /// The sight that did not change for as long as a lease lasts; nil while there is none.
  func lapsed(at uptime: Duration) -> LeaseSight? {
    sight.flatMap { uptime - since >= LeaseKeeper.term ? $0 : nil }
  }
}
