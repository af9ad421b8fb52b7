package import Events
import Journaling
import Machine
package import Operations

/// Which runs are driven, what is recorded when, and what may be done then: a value that performs
/// nothing.
///
/// It drives any number of runs. What they have to record is collected while a commit is on its way
/// and makes up the next one, so that many runs share a sync. What a run does next waits for the
/// commit with the events that come before it.
package struct HostMachine: Sendable {
  let limits: HostLimits
  var runs: [RunID: HostedRun] = [:]
  var records = HostedRecords()
  var groups = RunGroups()
  private var queue = RunQueue()
  private var deadlines = Deadlines()
  var commits = CommitPipeline()
  private var requests = RequestReading()
  var actions: [HostAction] = []
  /// What requests carry besides their own headers; nil for nothing.
  var requestHeaders: (@Sendable (RunStart, _ intent: Int?) -> [HTTPField])?

  /// A host without runs.
  package init(limits: HostLimits = HostLimits()) {
    self.limits = limits
  }

  /// Whether no run is driven or waits for its turn.
  package var isIdle: Bool { runs.isEmpty && queue.isEmpty && commits.current == nil }

  /// Whether so much waits to be recorded that no further input should be handled before a commit
  /// has ended.
  package var isBehind: Bool {
    commits.current != nil && commits.pending.eventCount >= limits.pendingEvents
  }

  /// When the host wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? {
    mutating get { [deadlines.next, requests.nextRead].compactMap { $0 }.min() }
  }

  /// Handles inputs that came together and returns what to do next, performing nothing.
  package mutating func apply(_ inputs: [HostInput], at moment: Moment) -> [HostAction] {
    for input in inputs { handle(input, at: moment) }
    repeat {
      startQueued(at: moment)
      answerVotes(at: moment)
    } while runs.count < limits.runs && !queue.isEmpty
    startCommit()
    closeRecords()
    defer { actions = [] }
    return actions
  }

  /// What a run was started with.
  func start(of run: RunID) -> RunStart? { runs[run]?.machine.start }

  /// Hides what is known to be secret in a run.
  package func secrets(of run: RunID) -> SecretScrubber {
    runs[run]?.machine.secrets ?? SecretScrubber()
  }
}

/// Inputs.
extension HostMachine {
  private mutating func handle(_ input: HostInput, at moment: Moment) {
    switch input {
    case .admit(let order): admit(order, at: moment)
    case .run(let run, let input): feed(input, to: run, at: moment)
    case .commitEnded(let outcome): commitEnded(outcome, at: moment)
    case .requests(let page): take(page, at: moment)
    case .tick: tick(at: moment)
    case .cancelAll:
      endQueued { _ in true }
      for run in runs.keys.sorted() { feed(.cancel, to: run, at: moment) }
    case .cancel(let run):
      endQueued { $0.run == run }
      feed(.cancel, to: run, at: moment)
    case .openGroup(let group, let limits, let failures):
      groups.open(group, limits, failures: failures)
    case .closeGroup(let group): groups.close(group)
    case .openRecord(let record, let claim): open(record, claim)
    case .record(let entry): add(entry)
    case .closeRecord(let record): records.startClosing(record)
    }
  }

  private mutating func admit(_ order: RunOrder, at moment: Moment) {
    let isHeldBack = groups.isFull(order.group) || records.hasLost(order.group)
    guard !commits.hasFailed, !(order.isNew && isHeldBack) else {
      return actions.append(.ended(order.run, .notStarted))
    }
    groups.hold(order.machine.openVotes, of: order.run, in: order.group)
    guard runs.count < limits.runs else { return queue.add(order) }
    begin(order, at: moment)
  }

  mutating func endQueued(where isEnded: (RunOrder) -> Bool) {
    for order in queue.take(where: isEnded) {
      groups.end(order.run, in: order.group, keepingVotes: true)
      actions.append(.ended(order.run, .notStarted))
    }
  }

  private mutating func begin(_ order: RunOrder, at moment: Moment) {
    let run = order.machine.start.run
    runs[run] = HostedRun(order)
    commits.pending.texts += order.texts
    actions.append(.open(run, order.machine.start.service))
    if let result = order.machine.result { return end(run, .finished(result)) }
    guard order.head == .empty else {
      // What was asked for while nobody drove the run comes before anything that it does.
      return readRequests(for: run)
    }
    readRequestsSoon(after: moment)
    start(run, at: moment)
  }

  /// The run begins, and what came before its turn follows.
  private mutating func start(_ run: RunID, at moment: Moment) {
    let early = runs[run]?.early ?? []
    runs[run]?.early = nil
    feed(.start, to: run, at: moment)
    for input in early { feed(input, to: run, at: moment) }
  }

  private mutating func feed(_ input: RunInput, to run: RunID, at moment: Moment) {
    // Nothing here may hold a second reference to the run while its machine changes: it would be copied.
    guard let hasBegun = runs[run]?.hasBegun, !commits.hasFailed else { return }
    guard hasBegun else {
      runs[run]?.early?.append(input)
      return
    }
    let decided = runs[run]?.receive(input, at: moment) ?? []
    deadlines.set(runs[run]?.machine.nextDeadline, for: run)
    noteInGroup(decided, of: run)
    take(decided, of: run)
  }

  private mutating func tick(at moment: Moment) {
    while let run = deadlines.popDue(at: moment) { feed(.tick, to: run, at: moment) }
    guard let due = requests.nextRead, due <= moment else { return }
    let isHosting = !runs.isEmpty || !records.isEmpty
    requests.nextRead = isHosting ? moment + limits.requestInterval : nil
    if isHosting { readRequests(after: requests.cursor) }
  }

  mutating func readRequestsSoon(after moment: Moment) {
    if requests.nextRead == nil { requests.nextRead = moment + limits.requestInterval }
  }

  /// Reads what was asked of a run or record before it came.
  mutating func readRequests(for run: RunID) {
    requests.arriving.append(run)
    readRequests(after: .start)
  }

  private mutating func readRequests(after cursor: JournalCursor) {
    guard !requests.isReading else { return }
    requests.isReading = true
    requests.beginning += requests.arriving
    requests.arriving = []
    actions.append(.readRequests(after: cursor))
  }

  private mutating func take(_ page: RequestPage, at moment: Moment) {
    requests.isReading = false
    requests.cursor = page.next
    requests.nextRead = moment + limits.requestInterval
    let resumed = requests.beginning
    requests.beginning = []
    for run in resumed { start(run, at: moment) }
    for posted in page.requests { take(posted, at: moment) }
    for run in resumed {
      if records[run] == nil {
        feed(.tick, to: run, at: moment)
      } else {
        actions.append(.caughtUp(run))
      }
    }
    if !requests.arriving.isEmpty { readRequests(after: .start) }
  }

  private mutating func take(_ posted: PostedRequest, at moment: Moment) {
    let run = posted.request.run
    if records.takes(posted) { return actions.append(.hand(posted)) }
    // A run that waits for its turn handles its requests when it begins.
    guard runs[run] != nil, !requests.arriving.contains(run) else { return }
    commits.pending.handled[run, default: []].append(posted.number)
    switch posted.request.kind {
    case .cancel: feed(.cancel, to: run, at: moment)
    case .decide(let path, let decision):
      feed(.decide(path, decision), to: run, at: moment)
    // For rollouts only, whose records no machine of a run has.
    case .pause, .unpause: break
    }
  }
}

/// The beginnings and ends of runs.
extension HostMachine {
  private mutating func startQueued(at moment: Moment) {
    while runs.count < limits.runs, let order = queue.next() { begin(order, at: moment) }
  }

  /// The run is driven no more, or the record kept no more.
  mutating func end(_ run: RunID, _ ending: RunEnding) {
    if records.close(run) { return actions.append(.ended(run, ending)) }
    guard let hosted = runs.removeValue(forKey: run) else { return }
    deadlines.set(nil, for: run)
    // Of a run of which nothing is recorded nothing was sent.
    groups.end(run, in: hosted.group, keepingVotes: hosted.head != .empty)
    actions.append(.ended(run, ending))
  }

  /// Answers the runs that asked for a place among the open votes, and leaves those that would wait for
  /// nothing else in vain.
  private mutating func answerVotes(at moment: Moment) {
    repeat {
      while let (run, input) = groups.nextAnswer() { feed(input, to: run, at: moment) }
      for run in groups.stuckRuns where !(runs[run]?.isLeaving ?? true) {
        runs[run]?.noteThatItIsStuck()
        take([], of: run)
      }
    } while groups.hasAnswers
  }
}
