import Events
import Machine
import Operations
import Sandbox

/// Looks at everything that passes between a run and the world, and notes the first property that is
/// broken.
struct RunWatch: Sendable {
  private(set) var violation: Violation?
  private let scenario: Scenario
  private var order = EventOrder()
  private(set) var exchanges: ExchangeWatch
  private var times: TimeWatch
  private var limits: LimitWatch
  private var secrets: SecretWatch
  /// Since a process took over, until it rests: what follows from the events.
  private var resumed: RunState?
  private var eventCount = 0

  init(over scenario: Scenario, run: RunID) {
    self.scenario = scenario
    let lookup = StepLookup(scenario.plan)
    exchanges = ExchangeWatch(scenario, lookup)
    times = TimeWatch(scenario.settings, lookup)
    limits = LimitWatch(scenario.settings, lookup)
    secrets = SecretWatch(of: scenario.plan, in: run)
  }

  /// Allows steps more than one effect.
  mutating func allow(_ effects: [StepPath: Int]) { exchanges.allowedEffects = effects }

  private mutating func note(_ property: Property, _ detail: String?, at now: Moment) {
    guard violation == nil, let detail else { return }
    violation = Violation(property: property, detail: detail, at: now, eventCount: eventCount)
  }

  private mutating func note(_ objection: Objection?, at now: Moment) {
    if let objection { note(objection.property, objection.detail, at: now) }
  }
}

/// A property that a part of the watch found broken.
struct Objection: Sendable {
  let property: Property
  let detail: String
}

/// The process.
extension RunWatch {
  /// Something reaches the machine.
  mutating func received(_ input: RunInput, at now: Moment) { exchanges.received(input, at: now) }

  /// An event is recorded.
  mutating func recorded(_ event: RunEvent, at now: Moment) {
    eventCount += 1
    note(.order, order.objection(to: event), at: now)
    note(.secret, secrets.objection(to: event), at: now)
    note(.limit, limits.objection(to: event), at: now)
    note(exchanges.objection(to: event, at: now), at: now)
    times.recorded(event)
    resumed?.apply(event)
  }

  /// A request leaves.
  mutating func sent(_ request: APIRequest, _ id: RequestID, at now: Moment) {
    exchanges.sent(request, id, at: now)
  }

  /// Whether there is something to look at when the process rests.
  var wantsRest: Bool { resumed != nil || exchanges.wantsRest }

  /// The process has done all it has to for the moment.
  mutating func rested(_ state: RunState, at now: Moment) {
    note(exchanges.objectionAtRest(), at: now)
    if let resumed {
      self.resumed = nil
      if resumed != state {
        note(.fold, "after the run was continued, its state is not what its events say", at: now)
      }
    }
  }

  /// Time passes for a process that waits.
  mutating func reach(_ now: Moment) { note(.hang, times.objection(at: now), at: now) }

  /// The process ends.
  mutating func processEnded() {
    exchanges.processEnded()
    resumed = nil
  }

  /// Another process continues with the state that follows from the events.
  mutating func processBegan(with state: RunState, at now: Moment) {
    exchanges.processBegan(at: now)
    times.resumed(at: now)
    resumed = state
  }

  /// A local action wrote files for their owner only.
  mutating func learn(_ contents: [[UInt8]]) { secrets.learn(contents) }

  /// The machine gave up.
  mutating func failed(_ message: String, at now: Moment) { note(.internalError, message, at: now) }

  /// The run is over with `state` after `events`.
  mutating func finished(_ state: RunState, after events: [RunEvent], at now: Moment) {
    guard RunState(of: scenario.plan, after: events) != state else { return }
    note(.fold, "at the end, the state of the run is not what its events say", at: now)
  }
}

/// The service.
extension RunWatch {
  /// The service processed a request that a step had announced.
  mutating func processed(
    _ number: VaultRequestNumber, from origin: RequestOrigin, _ response: APIResponse
  ) {
    exchanges.processed(number, from: origin, response)
  }

  /// Nothing more happens.
  mutating func closed(at now: Moment) { note(exchanges.objectionAtEnd(), at: now) }

  /// Something happened inside the service.
  mutating func happened(_ occurrence: VaultOccurrence, at now: Moment) {
    note(exchanges.objection(to: occurrence), at: now)
  }
}

/// The order of events.
private struct EventOrder: Sendable {
  private var next = 0
  private var latest: Moment?

  mutating func objection(to event: RunEvent) -> String? {
    defer {
      next = event.sequence + 1
      latest = event.at
    }
    if event.sequence != next { return "event \(event.sequence) follows event \(next - 1)" }
    if let latest, event.at < latest { return "event \(next) is earlier than the one before it" }
    return nil
  }
}
