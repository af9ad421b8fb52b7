package import Operations

/// When which request may leave, so that no more than a number of them leave in any second: a value that
/// waits for nothing.
///
/// The rate is additive-increase, multiplicative-decrease: a service that answers 429 halves it and holds
/// every departure until its `Retry-After` is over, and each answer after that adds a little, until the
/// configured pace is reached. Without a configured pace there is no limit before the first 429, and again
/// once twice the rate of that moment is reached.
package struct Pacer: Sendable {
  /// The longest `Retry-After` that holds departures; a longer one is cut to this.
  package static let longestHold = Duration.seconds(300)
  /// How long it takes to come back from nothing to the whole rate, as long as answers come.
  private static let recovery = 20.0

  /// Requests per second as configured; nil for no limit.
  private let pace: Double?
  /// Requests per second now; nil for no limit.
  private(set) var rate: Double?
  /// The rate at which the service last objected.
  private var objectedRate = 1.0
  /// When the next reservation may be.
  private var nextTurn = Moment(nanoseconds: .min)
  private var heldUntil = Moment(nanoseconds: .min)
  private var decreasedAt = Moment(nanoseconds: .min)
  /// Counts the objections: earlier reservations are void.
  private var generation = 0
  private var waiting = 0
  private var recent: RecentDepartures

  /// At most `pace` requests per second, above 0; nil for as many as come until the service objects.
  package init(pace: Double?) {
    self.pace = pace
    rate = pace
    recent = RecentDepartures(capacity: pace.map { Int(min($0.rounded(.up), 100_000)) } ?? 1024)
  }

  /// How long a request that comes now would wait.
  package func backlog(at now: Moment) -> Duration {
    let hold = max(.zero, heldUntil - now)
    return rate == nil ? hold : hold + interval * waiting
  }
}

/// A request that waits for its departure.
package struct PacedRequest: Sendable {
  /// The instant after which it must not leave; nil where it may at any time.
  fileprivate let sendBy: Moment?
  fileprivate var turn: Moment?
  fileprivate var generation = 0

  /// A request that has no turn yet.
  package init(sendBy: Moment? = nil) {
    self.sendBy = sendBy
  }
}

extension Pacer {
  /// What a request does next.
  package enum Verdict: Sendable, Hashable {
    /// It leaves now.
    case leave
    /// It asks again at that instant.
    case wait(until: Moment)
    /// It would leave too late and must not leave; there would be a turn after this time.
    case tooLate(after: Duration)
  }

  /// Whether `request` leaves now; asked again until it does, or must not any more.
  package mutating func advance(_ request: inout PacedRequest, at now: Moment) -> Verdict {
    if request.turn == nil || request.generation != generation {
      let turn = max(now, nextTurn, heldUntil)
      guard request.mayLeave(at: turn) else {
        giveUp(&request)
        return .tooLate(after: turn - now)
      }
      nextTurn = turn + interval
      if request.turn == nil { waiting += 1 }
      (request.turn, request.generation) = (turn, generation)
    }
    // The machine may have woken late: what counts is when requests leave.
    guard let turn = request.turn.map({ max($0, nextGap) }) else { return .leave }
    guard request.mayLeave(at: max(turn, now)) else {
      giveUp(&request)
      return .tooLate(after: max(.zero, turn - now))
    }
    guard turn <= now else { return .wait(until: turn) }
    giveUp(&request)
    recent.add(now)
    return .leave
  }

  /// Whether a request that has no turn yet leaves now; otherwise nothing changes.
  package mutating func departsAtOnce(at now: Moment) -> Bool {
    guard max(nextTurn, heldUntil, nextGap) <= now else { return false }
    nextTurn = now + interval
    recent.add(now)
    return true
  }

  /// The request does not leave, whatever the reason.
  package mutating func giveUp(_ request: inout PacedRequest) {
    if request.turn != nil { waiting -= 1 }
    request.turn = nil
  }

  /// The service objected to a request that left at `departure`, and wants none before `retryAfter` is over.
  ///
  /// Requests that left before the rate was halved say nothing about the rate since then.
  package mutating func throttled(
    retryAfter: Duration?, departure: Moment, at now: Moment
  ) {
    if let retryAfter {
      let end = now + min(retryAfter, Self.longestHold)
      if end > heldUntil {
        heldUntil = end
        voidReservations(at: now)
      }
    }
    guard departure > decreasedAt else { return }
    objectedRate = rate ?? max(1, recent.rate(at: now))
    rate = max(slowest, objectedRate / 2)
    decreasedAt = now
    voidReservations(at: now)
  }

  /// The service answered a request that left at `departure` without objecting.
  package mutating func accepted(departure: Moment) {
    guard let rate, departure > decreasedAt else { return }
    let goal = pace ?? 2 * objectedRate
    guard rate < goal else { return }
    let raised = rate + goal / Self.recovery / rate
    self.rate = raised < goal ? raised : pace
  }

  private mutating func voidReservations(at now: Moment) {
    generation += 1
    nextTurn = now
  }

  /// The rate never falls below one request a second, or an eighth of the pace where that is less.
  private var slowest: Double { min(1, (pace ?? 8) / 8) }

  /// The time between two departures, a little more than the rate says, so that the last nanosecond of a
  /// second does not count twice.
  private var interval: Duration {
    guard let rate else { return .zero }
    return .nanoseconds(Int64(1e9 / rate) + 1)
  }

  /// Before this instant one more departure would be one too many in a second; of a pace with a fraction,
  /// in the time in which as many requests may leave as the pace rounded up.
  private var nextGap: Moment {
    guard let pace, let first = recent.first else { return Moment(nanoseconds: .min) }
    return first + .nanoseconds(Int64(1e9 * Double(recent.capacity) / pace) + 1)
  }
}

extension PacedRequest {
  fileprivate func mayLeave(at moment: Moment) -> Bool { sendBy.map { moment <= $0 } ?? true }
}

/// The latest departures, as many as may be in a second.
private struct RecentDepartures: Sendable {
  let capacity: Int
  private var moments: [Moment] = []
  private var next = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// The first of the latest `capacity` departures; nil while there were fewer.
  var first: Moment? { moments.count < capacity ? nil : moments[next] }

  mutating func add(_ moment: Moment) {
    if moments.count < capacity { return moments.append(moment) }
    moments[next] = moment
    next = (next + 1) % capacity
  }

  /// How many departures per second there were in the latest second.
  func rate(at now: Moment) -> Double {
    let latest = moments.filter { now - $0 < .seconds(1) }
    guard latest.count == capacity, let first = latest.min() else { return Double(latest.count) }
    return Double(latest.count) / max((now - first) / .seconds(1), 0.001)
  }
}
