import NIOCore

/// Notices when an exchange stands still, or as good as: a server that sends a byte now and then must
/// not hold it for ever.
final class Standstill {
  /// The fewest bytes of a body that count as a move.
  private static let step = 1024

  private let limit: TimeAmount
  private let loop: any EventLoop
  private let over: () -> Void
  private var lastMove: NIODeadline
  /// Bytes that came or went since.
  private var count = 0
  private var check: Scheduled<Void>?

  /// Calls `over`, on `loop`, once next to nothing has moved for `limit`; retained by nobody else meanwhile.
  init(of limit: Duration, on loop: any EventLoop, over: @escaping () -> Void) {
    self.limit = TimeAmount(limit)
    self.loop = loop
    self.over = over
    lastMove = loop.now
    schedule()
  }

  /// Some bytes of a body came or went, or a whole part did (nil).
  func moved(_ count: Int? = nil) {
    self.count += count ?? Self.step
    guard self.count >= Self.step else { return }
    self.count = 0
    lastMove = loop.now
  }

  /// It is not of interest any more.
  func cancel() {
    check?.cancel()
    check = nil
  }

  private func schedule() {
    check = loop.assumeIsolated().scheduleTask(deadline: lastMove + limit) { [weak self] in
      guard let self else { return }
      if loop.now >= lastMove + limit { over() } else { schedule() }
    }
  }
}
