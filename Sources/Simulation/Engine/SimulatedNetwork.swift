import Machine
import Operations
import Randomness
import Sandbox

/// What is on its way between the process that drives the run and the service.
struct SimulatedNetwork: Sendable {
  /// How long an exchange that moves no file may take (as `TransportOptions` says).
  static let exchangeLimit = Duration.seconds(30)

  var conditions: NetworkConditions
  var random: SplitMix
  var agenda = Agenda()
  /// How often the service was restarted.
  private(set) var restarts = 0
  /// Until when it refuses connections.
  private var refusesUntil: Moment?
  /// When the latest message of a socket arrives: a stream keeps its order.
  private var lastArrival: [Direction: Moment] = [:]

  private struct Direction: Sendable, Hashable {
    let connection: ConnectionID
    let isToService: Bool
  }

  init(_ conditions: NetworkConditions, random: SplitMix) {
    self.conditions = conditions
    self.random = random
  }

  /// A connection that is made now.
  func connection(of process: ProcessNumber) -> Connection {
    Connection(process: process, restarts: restarts)
  }

  /// What the client sees of a connection when something reaches the service over it at `now`; nil
  /// when the service has it.
  func failure(of connection: Connection, at now: Moment) -> TransportFailure? {
    if connection.restarts < restarts { return .broken }
    if let refusesUntil, now < refusesUntil { return .refused }
    return nil
  }

  /// Breaks every connection, and refuses new ones for `downtime`.
  mutating func restart(at now: Moment, downtime: Duration) {
    restarts += 1
    refusesUntil = now + downtime
  }

  /// How long one message is on its way.
  mutating func latency() -> Duration {
    let range = conditions.latency
    let nanoseconds = Int64.random(
      in: range.lowerBound.wholeNanoseconds...range.upperBound.wholeNanoseconds, using: &random)
    return .nanoseconds(nanoseconds)
  }

  /// Puts something on its way that is in no order with anything else.
  mutating func send(_ happening: Happening, at now: Moment) {
    agenda.add(happening, at: now + latency())
  }

  /// Puts something on its way on a socket, after all that is on its way there already.
  mutating func send(
    _ happening: Happening, on connection: ConnectionID, isToService: Bool, at now: Moment
  ) {
    let direction = Direction(connection: connection, isToService: isToService)
    let arrival = max(now + latency(), lastArrival[direction] ?? now)
    lastArrival[direction] = arrival
    agenda.add(happening, at: arrival)
  }
}

extension TransportFailure {
  /// The connection ended before the answer was whole.
  static let broken = TransportFailure(
    .broken, "the service closed the connection before its answer was whole", mayHaveBeenSent: true)
  /// The same, when the head of the answer and a part of its body had come.
  static func cut(after response: APIResponse) -> TransportFailure {
    var failure = broken
    failure.head = APIResponse(status: response.status, headers: response.headers)
    return failure
  }

  /// No connection was made.
  static let refused = TransportFailure(
    .unreachable, "the service refused the connection", mayHaveBeenSent: false)
  /// The exchange took longer than exchanges may.
  static let overdue = TransportFailure(
    .timedOut, "the service did not answer in time", mayHaveBeenSent: true)

  /// The opening of a socket was answered with an HTTP status.
  static func refusedOpening(_ status: Int) -> TransportFailure {
    TransportFailure(
      .broken, "the service refused the WebSocket with HTTP \(status)", mayHaveBeenSent: true)
  }
}
