import Events
import Journaling
import Networking
import Notifications
import Operations
import Reporting
import Synchronization

/// Delivers the notifications that a command makes: while it runs, and for a bounded time at its end.
struct OwnNotices: Sendable {
  /// How long the end of a command waits for its notifications.
  private static let longestWait: Duration = .seconds(15)
  /// How long that is before it is said.
  private static let silentWait: Duration = .seconds(1)

  let journal: SQLiteJournal
  let connections: TransportOptions
  let environment: [String: String]
  let clock: WallClock
  let isQuiet: Bool

  /// Runs `body`, which hands over the notifications that are recorded, and waits for their delivery
  /// whether it succeeds or not.
  ///
  /// A signal ends the wait. What is not delivered is said on standard error, and stays in the journal.
  func delivering<Result: Sendable>(
    _ body: (NoticeDispatch) async throws -> Result
  ) async throws -> Result {
    let failures = Failures()
    return try await PostClient.withClient(options: connections) { client in
      let dispatch = NoticeDispatch(
        NoticeDelivery(
          from: NoticeOutbox(in: journal),
          by: NoticeCourier(by: client, environment: environment), now: { clock.now() },
          sleep: { try await Task.sleep(for: $0) }, random: { .random(in: 0...1) },
          log: { failures.note($0) }))
      return try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask { await dispatch.run() }
        let ending: Swift.Result<Result, any Error>
        do {
          ending = .success(try await body(dispatch))
        } catch {
          ending = .failure(error)
        }
        dispatch.finish()
        try await wait(for: dispatch, in: &group)
        group.cancelAll()
        // What is in progress ends first, so that what is said of it is true.
        while try await group.next() != nil {}
        StandardStream.error.write(failures.text(left: dispatch.left))
        return try ending.get()
      }
    }
  }

  /// Returns when everything is settled, at a signal, or when the time is over.
  private func wait(
    for dispatch: NoticeDispatch, in group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    guard dispatch.left > 0 else { return }
    let interrupts = Interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    group.addTask { [signals = interrupts.signals] in
      for await _ in signals { return }
    }
    group.addTask { [isQuiet] in
      try? await Task.sleep(for: Self.silentWait)
      if !isQuiet, !Task.isCancelled {
        StandardStream.error.write(
          "privirun: delivering \(Self.count(dispatch.left)); Ctrl-C leaves that to `privirun serve`\n"
        )
      }
      try? await Task.sleep(for: Self.longestWait - Self.silentWait)
    }
    try await group.next()
  }

  private static func count(_ count: Int) -> String {
    count == 1 ? "1 notification" : "\(count) notifications"
  }

  /// The latest reports of notifications that are not delivered.
  private final class Failures: Sendable {
    private let reports = Mutex<[RunID: DeliveryReport]>([:])

    func note(_ report: DeliveryReport) {
      reports.withLock { reports in
        reports[report.notice] = report.verdict == .delivered ? nil : report
      }
    }

    /// Ends with a newline; empty where everything was delivered.
    func text(left count: Int) -> String {
      let lines = reports.withLock { reports in
        reports.values.sorted { $0.notice < $1.notice }.map { report in
          let end = report.verdict == .givenUp ? "is given up" : "was not delivered"
          return "privirun: the notification \(report.notice) for \(report.destination) \(end)"
            + (report.reason.map { ": \($0)" } ?? "") + "\n"
        }
      }
      let hint =
        count == 0
        ? ""
        : "privirun: \(OwnNotices.count(count)) of this rollout \(count == 1 ? "is" : "are") not delivered "
          + "yet, and `privirun serve` delivers \(count == 1 ? "it" : "them")\n"
      return lines.joined() + hint
    }
  }
}
