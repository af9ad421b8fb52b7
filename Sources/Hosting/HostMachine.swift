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
  private let limits: HostLimits
  private var runs: [RunID: HostedRun] = [:]
  private var queue = RunQueue()
  private var deadlines = Deadlines()
  private var commits = CommitPipeline()
  private var requests = RequestReading()
  private var actions: [HostAction] = []

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
    startQueued(at: moment)
    startCommit()
    defer { actions = [] }
    return actions
  }

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
      endQueued()
      for run in runs.keys.sorted() { feed(.cancel, to: run, at: moment) }
    }
  }

  private mutating func admit(_ order: RunOrder, at moment: Moment) {
    guard !commits.hasFailed else { return actions.append(.ended(order.run, .notStarted)) }
    guard runs.count < limits.runs else { return queue.add(order) }
    begin(order, at: moment)
  }

  private mutating func endQueued() {
    while let order = queue.next() { actions.append(.ended(order.run, .notStarted)) }
  }

  private mutating func begin(_ order: RunOrder, at moment: Moment) {
    let run = order.machine.start.run
    runs[run] = HostedRun(order)
    commits.pending.texts += order.texts
    actions.append(.open(run, order.machine.start.service))
    if let result = order.machine.result { return end(run, .finished(result)) }
    guard order.head == .empty else {
      // What was asked for while nobody drove the run comes before anything that it does.
      requests.arriving.append(run)
      return readRequests(after: .start)
    }
    if requests.nextRead == nil { requests.nextRead = moment + limits.requestInterval }
    feed(.start, to: run, at: moment)
  }

  private mutating func feed(_ input: RunInput, to run: RunID, at moment: Moment) {
    guard runs[run] != nil, !commits.hasFailed else { return }
    let decided = runs[run]?.machine.apply(input, at: moment) ?? []
    deadlines.set(runs[run]?.machine.nextDeadline, for: run)
    runs[run]?.noteWhetherItWaits()
    take(decided, of: run)
  }

  private mutating func tick(at moment: Moment) {
    while let run = deadlines.popDue(at: moment) { feed(.tick, to: run, at: moment) }
    guard let due = requests.nextRead, due <= moment else { return }
    requests.nextRead = runs.isEmpty ? nil : moment + limits.requestInterval
    if !runs.isEmpty { readRequests(after: requests.cursor) }
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
    for run in resumed { feed(.start, to: run, at: moment) }
    for posted in page.requests { take(posted, at: moment) }
    for run in resumed { feed(.tick, to: run, at: moment) }
    if !requests.arriving.isEmpty { readRequests(after: .start) }
  }

  private mutating func take(_ posted: PostedRequest, at moment: Moment) {
    let run = posted.request.run
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

/// Commits.
extension HostMachine {
  /// Lets what a run decided happen: at once where nothing of it waits to be recorded, and otherwise
  /// after the commit that it belongs to.
  private mutating func take(_ decided: [RunAction], of run: RunID) {
    guard !decided.isEmpty || runs[run]?.isLeaving ?? false else { return }
    let records = decided.contains { if case .record = $0 { true } else { false } }
    if !records, commits.pending.parts[run] == nil, commits.current?.parts[run] == nil {
      return perform(decided, of: run)
    }
    commits.pending.add(decided, of: run)
  }

  private mutating func startCommit() {
    guard commits.current == nil, !commits.hasFailed, !commits.pending.isEmpty else { return }
    guard commits.pending.hasRecords else {
      let ready = commits.pending
      commits.pending = PendingCommit()
      for run in ready.runs { perform(ready.parts[run] ?? [], of: run) }
      return
    }
    let commit = commits.pending.commit { run in runs[run].map { ($0.head, $0.epoch) } }
    commits.current = commits.pending
    commits.pending = PendingCommit()
    actions.append(.commit(commit))
  }

  private mutating func commitEnded(_ outcome: CommitOutcome, at moment: Moment) {
    guard let ended = commits.current else { return }
    commits.current = nil
    switch outcome {
    case .committed(let heads):
      commits.failedTries = 0
      for (run, head) in zip(ended.recordingRuns, heads) { runs[run]?.head = head }
      for run in ended.runs {
        let part = ended.parts[run] ?? []
        let events = part.events
        if !events.isEmpty { actions.append(.report(run, events)) }
        perform(part, of: run)
      }
    case .fenced(let run, let owner): give(up: run, .lost(to: owner), resending: ended)
    case .blocked(let run, let other): give(up: run, .blocked(by: other), resending: ended)
    case .conflict(let error):
      guard let run = error.run, ended.parts[run] != nil else { return fail(error) }
      give(up: run, .unrecorded(error, eventCount: runs[run]?.head.count ?? 0), resending: ended)
    case .unknown(.locked(let path)): sendAgain(ended, locked: path)
    case .unknown(let error): fail(error)
    }
  }

  /// Another process held the journal all the time: nothing was recorded, and it may be done soon.
  private mutating func sendAgain(_ commit: PendingCommit, locked path: String) {
    commits.failedTries += 1
    guard commits.failedTries < limits.commitTries else { return fail(.locked(path: path)) }
    var commit = commit
    commit.add(commits.pending)
    commits.pending = commit
  }

  /// The run belongs to somebody else now; what the others had to record is sent again.
  private mutating func give(
    up run: RunID, _ ending: RunEnding, resending commit: PendingCommit
  ) {
    var commit = commit
    commit.remove(run)
    commits.pending.remove(run)
    switch ending {
    case .unrecorded, .blocked:
      if let epoch = runs[run]?.epoch { actions.append(.release(run, epoch: epoch)) }
    case .finished, .waiting, .faulty, .notStarted, .lost: break
    }
    end(run, ending)
    commit.add(commits.pending)
    commits.pending = commit
  }

  /// Nothing can be recorded any more, so nothing more is done.
  private mutating func fail(_ error: JournalError) {
    commits.hasFailed = true
    commits.pending = PendingCommit()
    endQueued()
    for run in runs.keys.sorted() {
      end(run, .unrecorded(error, eventCount: runs[run]?.head.count ?? 0))
    }
  }
}

/// What runs do.
extension HostMachine {
  /// The events of `decided` are recorded: the rest may happen.
  private mutating func perform(_ decided: [RunAction], of run: RunID) {
    var performed: [RunAction] = []
    var ending: RunEnding?
    for action in decided {
      switch action {
      case .record: break
      case .finish(let result): ending = .finished(result)
      case .fail(let message): ending = .faulty(message)
      case .exchange, .abandon, .perform, .performDry, .connect, .send, .disconnect:
        performed.append(action)
      }
    }
    if case .faulty? = ending {
      // Whoever looks at the run must not think that it goes on.
      if let hosted = runs[run] { actions.append(.release(run, epoch: hosted.epoch)) }
      performed = []
    }
    if !performed.isEmpty { actions.append(.perform(run, performed)) }
    if let ending { return end(run, ending) }
    guard let hosted = runs[run], hosted.isLeaving, commits.pending.parts[run] == nil else {
      return
    }
    actions.append(.release(run, epoch: hosted.epoch))
    end(run, .waiting(hosted.machine.awaitedDecisions))
  }

  private mutating func end(_ run: RunID, _ ending: RunEnding) {
    guard runs.removeValue(forKey: run) != nil else { return }
    deadlines.set(nil, for: run)
    actions.append(.ended(run, ending))
  }

  private mutating func startQueued(at moment: Moment) {
    while runs.count < limits.runs, let order = queue.next() { begin(order, at: moment) }
  }
}
