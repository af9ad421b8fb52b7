import Events
import Machine
import Operations
import Planning

/// Notices waits that take longer than what is stated for them.
///
/// An attempt has its limit, a pause is as long as it is recorded to be, and something is always in
/// progress. What nobody could do in time because no process was there gets a while afterwards.
struct TimeWatch: Sendable {
  private let settings: RunSettings
  private var lookup: StepLookup
  /// By when something must be recorded of a step in progress; nil where only its parts have limits.
  private var deadlines: [StepPath: Moment?] = [:]
  /// No deadline is earlier.
  private var earliest: Moment?
  private var latestEvent: Moment?
  private var isOver = false
  /// Steps that wait for the end of others.
  private var waiting: [StepPath: StepPath] = [:]

  /// The longest time without any step in progress: sessions are closed in it.
  private static let longestIdleness = Duration.seconds(60)

  init(_ settings: RunSettings, _ lookup: StepLookup) {
    self.settings = settings
    self.lookup = lookup
  }

  /// How much later than a limit the end of a stopped step may come.
  private var slack: Duration {
    settings.stopping.oversleptGrace + settings.stopping.cancelGrace + .seconds(1)
  }

  mutating func recorded(_ event: RunEvent) {
    latestEvent = event.at
    switch event.kind {
    case .stepStarted(let path, _), .attemptStarted(let path, _):
      let limit = lookup.step(at: path)?.limit(within: settings)
      expect(path, by: limit.map { event.at + $0 })
    case .attemptFailed(let path, _, _, let pause): expect(path, by: event.at + pause)
    case .stepWaiting(let path, .lookup):
      // A request that nobody saw leave may do so for a while.
      expect(path, by: event.at + settings.lookups.longest + settings.calls.sendLimit)
    case .stepWaiting(let path, .step(let other)):
      waiting[path] = other
      expect(path, by: nil)
    case .doubtSettled(let path, _):
      let limit = lookup.step(at: path)?.limit(within: settings)
      expect(path, by: limit.map { event.at + $0 })
    case .workEnded(let path, _), .undoing(let path, _), .stopping(let path, _):
      if deadlines[path] != nil { expect(path, by: nil) }
    case .stepFinished(let path, _): finished(path, at: event.at)
    case .runFinished, .internalError: isOver = true
    case .runResumed(let resumption):
      isOver = false
      if let reopening = resumption.reopening { reopen(reopening, at: event.at) }
    case .runStarted, .sessionChanged, .stepReused, .requestIntended, .actionIntended,
      .requestAnswered, .commandPending, .commandSettled, .stateCompared, .dataArrived,
      .stepWaiting,
      .effectRecorded, .approvalRequested, .approvalDecided, .serviceChanged, .cancelRequested,
      .rollout:
      break
    }
  }

  /// A step is over; those that waited for it go on.
  private mutating func finished(_ path: StepPath, at moment: Moment) {
    deadlines[path] = nil
    waiting[path] = nil
    for (other, _) in waiting.filter({ $0.value == path }) {
      waiting[other] = nil
      let limit = lookup.step(at: other)?.limit(within: settings)
      expect(other, by: limit.map { moment + $0 })
    }
  }

  /// The named steps and those around them are in progress again.
  private mutating func reopen(_ reopening: Reopening, at moment: Moment) {
    for path in reopening.again + reopening.continued {
      for end in path.components.indices {
        guard case .step = path.components[end] else { continue }
        let step = StepPath(components: Array(path.components[...end]))
        let limit = step == path ? lookup.step(at: step)?.limit(within: settings) : nil
        expect(step, by: limit.map { moment + $0 })
      }
    }
  }

  private mutating func expect(_ path: StepPath, by moment: Moment?) {
    let deadline = moment.map { $0 + slack }
    deadlines[path] = .some(deadline)
    if let deadline { earliest = min(earliest ?? deadline, deadline) }
  }

  /// A process took over: it may need a while for what passed meanwhile.
  mutating func resumed(at now: Moment) {
    latestEvent = now
    for case (let path, let deadline?) in deadlines {
      let step = lookup.step(at: path)
      // A limit that nobody set begins anew.
      let isOwn = step?.modifiers.timeout != nil
      let limit = isOwn ? .zero : step?.limit(within: settings) ?? .zero
      deadlines[path] = max(deadline, now + limit + slack)
    }
    earliest = nil
    for case let deadline? in deadlines.values { earliest = min(earliest ?? deadline, deadline) }
  }

  mutating func objection(at now: Moment) -> String? {
    guard !isOver, let latestEvent else { return nil }
    if deadlines.isEmpty, now - latestEvent > Self.longestIdleness {
      return "no step is in progress, and the run does not end"
    }
    guard let bound = earliest, now > bound else { return nil }
    var next: (path: StepPath, moment: Moment)?
    for case (let path, let moment?) in deadlines where next.map({ moment < $0.moment }) ?? true {
      next = (path, moment)
    }
    earliest = next?.moment
    guard let next, now > next.moment else { return nil }
    return "the step `\(next.path)` should have come to an end by \(next.moment.text)"
  }
}
