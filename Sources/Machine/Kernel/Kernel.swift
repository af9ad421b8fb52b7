import DequeModule
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Randomness

/// What all owners share: the recorded state, the agenda, the timers, and what leaves the machine.
///
/// It knows no rule of any of them. Events pass through `emit` only, so that the state is their fold.
struct Kernel: Sendable {
  private(set) var state: RunState
  private(set) var now = Moment(nanoseconds: .min)
  private(set) var agenda = Deque<AgendaItem>()
  private(set) var actions: [RunAction] = []
  /// Set once a state came up that should be impossible: the run cannot go on.
  private(set) var fault: String?
  private var timers = Timers()
  var silence = Silence()
  /// Every secret that came up so far, to be kept out of what others write.
  private(set) var secrets = SecretScrubber()
  private var names: Names
  /// What a person should know about steps in progress, for their ends.
  private var notices: [NodeID: String] = [:]

  init(_ state: RunState, seed: UInt64) {
    self.state = state
    names = Names(random: SplitMix(seed: seed))
  }

  var plan: Plan { state.plan }
  var settings: RunSettings { state.settings }
  /// Lent, not copied: a copy that is held would make the next event copy all of it.
  var tree: StepTree {
    _read { yield state.tree }
  }
}

/// Time, events and actions.
extension Kernel {
  /// Begins to handle an input at `moment`; time never goes back.
  mutating func advance(to moment: Moment) { now = max(now, moment) }

  /// What is to be done because of the input.
  mutating func takeActions() -> [RunAction] {
    defer { actions = [] }
    return actions
  }

  /// Records one thing that happened.
  mutating func emit(_ kind: RunEvent.Kind) {
    guard fault == nil else { return }
    let event = RunEvent(sequence: state.nextSequence, at: now, kind: kind)
    actions.append(.record(event))
    for consequence in state.evolve(event) { agenda.append(.consequence(consequence)) }
    if let flaw = state.flaw { fail(flaw) }
  }

  /// Records that the run cannot go on, and gives up all that was to be done: nothing is recorded
  /// after it, and nothing that was decided with it happens.
  private mutating func fail(_ message: String) {
    guard fault == nil else { return }
    fault = message
    let event = RunEvent(
      sequence: state.nextSequence, at: now, kind: .internalError(message))
    actions.append(.record(event))
    _ = state.evolve(event)
    agenda = []
    actions.removeAll { if case .record = $0 { false } else { true } }
    actions.append(.fail(message))
  }

  /// `value`, which the caller knows to be there; where it is not, that is a mistake of this program,
  /// and the run ends with an internal error.
  ///
  /// What comes from outside, late or twice, is no such case: it is looked at and passed over.
  mutating func certain<Value>(_ value: Value?, in function: StaticString = #function) -> Value? {
    if value == nil { fail("`\(function)` met a state that should be impossible") }
    return value
  }

  /// The step `id`, which the caller knows to be in progress.
  mutating func inProgress(
    _ id: NodeID, in function: StaticString = #function
  ) -> (node: Node, state: StepState)? {
    guard let node = certain(tree.nodes[id], in: function),
      let state = certain(tree.step(id), in: function)
    else { return nil }
    return (node, state)
  }

  /// Records what a step waits for, unless that is known already.
  mutating func emitWaiting(_ id: NodeID, _ reason: WaitReason) {
    guard let (node, state) = inProgress(id), state.progress.wait != reason else { return }
    emit(.stepWaiting(node.path, reason))
  }

  /// From now on `secret` is hidden in all that is recorded or said.
  mutating func learn(_ secret: Secret) { secrets.add(secret) }

  /// The same for every secret in `value`.
  mutating func learn(secretsOf value: Value) { secrets.add(secretsOf: value) }

  /// `values` with everything secret that has come up so far marked as such.
  func hidden(_ values: ValueMap) -> ValueMap {
    ValueMap(values.entries.mapValues { secrets.hide(in: $0) })
  }

  mutating func perform(_ action: RunAction) {
    guard fault == nil else { return }
    switch action {
    case .exchange(let id, let request): expectAnswer(to: id, request)
    case .connect: expectSocket()
    case .record, .abandon, .perform, .performDry, .send, .disconnect, .requestVoteSlot,
      .releaseVoteSlot, .finish, .fail:
      break
    }
    actions.append(action)
  }
}

/// Timers.
extension Kernel {
  /// The earliest instant that the machine wants to be woken at.
  var nextTimer: Moment? {
    mutating get { timers.next }
  }

  /// Wakes the machine at `moment` for `purpose`, in place of an earlier instant.
  mutating func wake(for purpose: TimerPurpose, at moment: Moment) {
    timers.set(purpose, at: moment)
  }

  /// Nothing is to be done for `purpose` any more.
  mutating func cancelTimer(for purpose: TimerPurpose) { timers.cancel(purpose) }

  /// Takes out the earliest timer that is due, and says how late it comes.
  mutating func takeDueTimer() -> (purpose: TimerPurpose, lateness: Duration)? {
    timers.popDue(at: now)
  }

  /// When the timer for `purpose` is due; looks at every timer.
  func due(_ purpose: TimerPurpose) -> Moment? { timers.moment(of: purpose) }

  /// When the first of the timers for `purposes` is due; nil when none of them is set.
  func earliest(of purposes: [TimerPurpose]) -> Moment? { timers.earliest(of: purposes) }
}

/// The agenda.
extension Kernel {
  mutating func schedule(_ item: AgendaItem) {
    guard fault == nil else { return }
    agenda.append(item)
  }

  mutating func nextItem() -> AgendaItem? { agenda.popFirst() }
}

/// Numbers, requests and random choices.
extension Kernel {
  /// A number that no other request, socket or session of this machine has.
  mutating func number() -> Int { names.requests.number() }

  mutating func request(for purpose: RequestPurpose) -> RequestID { names.requests.add(purpose) }

  /// Whom the answer to `id` is for; nil when nobody waits for it any more.
  mutating func takePurpose(of id: RequestID) -> RequestPurpose? { names.requests.remove(id) }

  func isInFlight(_ id: RequestID) -> Bool { names.requests.holds(id) }

  /// The answer to `request` is of no more interest.
  mutating func forget(_ request: RequestID) {
    _ = names.requests.remove(request)
    perform(.abandon(request))
  }

  /// Random hexadecimal digits that join a frame to its answer.
  mutating func correlationID() -> String { String(names.random.next(), radix: 16) }

  /// Exponential backoff with jitter: between half of and the whole `first` × 2^`repetition`.
  mutating func backoff(first: Duration, longest: Duration, repetition: Int) -> Duration {
    let share = Int64.random(in: 500...1000, using: &names.random)
    let pause = Self.longestBackoff(first: first, longest: longest, repetition: repetition)
    return pause * share / 1000
  }

  /// The same without jitter.
  static func longestBackoff(first: Duration, longest: Duration, repetition: Int) -> Duration {
    min(first * Int(1 << min(max(repetition, 0), 20)), longest)
  }
}

/// Notices.
extension Kernel {
  /// Keeps what a person should know, for the end of the step.
  mutating func note(_ notice: String?, at id: NodeID) {
    guard let notice else { return }
    let text = secrets.scrub(notice)
    notices[id] = notices[id].map { $0 == text ? $0 : "\($0); \(text)" } ?? text
  }

  /// What a person should know at the end of the step.
  mutating func takeNotice(of id: NodeID) -> String? { notices.removeValue(forKey: id) }
}

/// Where numbers and random choices come from.
private struct Names: Sendable {
  var random: SplitMix
  var requests = OpenRequests()
}

/// The requests and local actions that an answer is expected to, and the numbers they are named by.
private struct OpenRequests: Sendable {
  private var purposes: [RequestID: RequestPurpose] = [:]
  private var nextNumber = 0

  mutating func number() -> Int {
    nextNumber += 1
    return nextNumber
  }

  mutating func add(_ purpose: RequestPurpose) -> RequestID {
    let id = RequestID(number())
    purposes[id] = purpose
    return id
  }

  mutating func remove(_ id: RequestID) -> RequestPurpose? { purposes.removeValue(forKey: id) }

  func holds(_ id: RequestID) -> Bool { purposes[id] != nil }
}
