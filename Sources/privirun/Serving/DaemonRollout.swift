import Events
import Hosting
import Journaling
import Logging
import Networking
import Reporting
import Rollouts
import Running
import Serving
import Telemetry

/// A rollout that a daemon drives: recorded and logged.
struct DaemonRollout: Sendable {
  let machine: RolloutMachine
  let record: RolloutRecord
  let runs: TenantRuns
  let transport: PacedTransport
  let log: Logger
  /// How commands that are suggested name the journal.
  let journal: JournalReference?
  let outputs: DaemonOutputs
  /// What exports traces and metrics of it; nil for nothing.
  let telemetry: RunTelemetry?
  /// The trace context that requests carry; nil for none.
  let tracing: RequestTracing?

  /// Drives it until nothing is left to do; `events` and `rows` are what was recorded of one that is continued.
  func perform(
    _ order: DriveOrder, after events: [RunEvent] = [], _ rows: [TenantRow] = []
  ) async -> RolloutConclusion {
    let rollout = record.rollout
    let reporter = RolloutReporter(
      DaemonRolloutRecorder(
        log, of: runs.start, commands: RolloutCommands(of: rollout, journal: journal)))
    await reporter.recall(events, rows)
    telemetry?.recall(events, of: rollout)
    defer { telemetry?.leave(rollout) }
    var driven = DrivenRollout(
      runs: runs, transport: transport, reporter: reporter, trace: nil
    ) { events in
      if events.contains(where: \.isBeginning) { order.began() }
    }
    driven.telemetry = telemetry
    driven.tracing = tracing
    let surroundings = driven.surroundings(whenWaiting: .wait)
    let driver = RolloutDriver(machine, recordedIn: record, environment: surroundings)
    let handle = RolloutControl.Handle(
      cancel: { driver.cancel() }, drain: { driver.drain() })
    guard order.control.attach(handle) else { return .left }
    defer { order.control.detach() }
    return await perform(driver, driven)
  }

  private func perform(
    _ driver: RolloutDriver, _ driven: DrivenRollout
  ) async -> RolloutConclusion {
    do {
      return try await withThrowingTaskGroup(of: RolloutConclusion?.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          for await _ in driven.notices.arrivals {
            await driven.notices.report(to: driven.reporter)
          }
          return nil
        }
        group.addTask { await conclusion(of: try await driver.drive()) }
        while let conclusion = try await group.next() {
          if let conclusion { return conclusion }
        }
        throw CancellationError()
      }
    } catch let failure as RolloutFailure {
      return RolloutConclusion(failure)
    } catch {
      return .left
    }
  }

  private func conclusion(of end: RolloutEnd) async -> RolloutConclusion {
    switch end {
    case .finished(let result):
      await outputs.write(record.rollout, of: runs.start.name) {
        try runs.prepared.outputsFile()
      }
      return result.isWaiting ? .waiting(result.counts) : .ended(result.outcome, result.counts)
    case .waiting, .left: return .left
    }
  }
}

extension RunEvent {
  /// Whether a rollout begins, or goes on, with it.
  fileprivate var isBeginning: Bool {
    switch kind {
    case .rollout(.started), .rollout(.resumed): true
    case _: false
    }
  }
}

extension RolloutConclusion {
  fileprivate init(_ failure: RolloutFailure) {
    switch failure {
    case .unrecorded(let error, eventCount: 0): self = .unrecorded(error)
    case .unrecorded(let error, _): self = .stopped(error)
    case .lost: self = .lost
    case .faulty(let message): self = .faulty(message)
    }
  }
}
