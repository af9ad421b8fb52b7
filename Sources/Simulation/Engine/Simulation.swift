package import Events
import Expressions
package import Machine
package import Operations
package import Planning
import Playbooks
import Randomness
import Running
package import Sandbox
import Synchronization

/// A whole run in one process, without sockets, tasks or real time: the machine and the vault with
/// a seeded network between them.
///
/// The same seed gives the same events, byte for byte.
package struct Simulation: Sendable {
  private let plan: Plan
  private let settings: RunSettings
  private var machine: RunMachine
  private var vault: Vault
  private let conditions: NetworkConditions
  private let localActions: LocalActions
  private var random: SplitMix
  private var agenda = Agenda()
  private var now: Moment
  private var events: [RunEvent] = []
  private var result: RunResult?
  /// The files of requests on their way.
  private var transfers: [RequestID: PayloadTransfer] = [:]
  /// When the latest message of a socket arrives: a stream keeps its order.
  private var lastArrival: [SocketID: Moment] = [:]
  /// The sockets that the process has open.
  private var sockets: Set<SocketID> = []
  private var process = ProcessNumber()
  private var crash: Crash?
  private var commitCount = 0

  /// What a simulation came to.
  package struct Report: Sendable, Hashable {
    /// All events of the run, in order.
    package var events: [RunEvent]
    /// The state of the machine at the end.
    package var state: RunState
    /// How the run ended.
    package var result: RunResult
    /// What the vault saw.
    package var ledger: Ledger
    /// How long it took in virtual time.
    package var elapsed: Duration
    /// How many commits the run had, resumption included.
    package var commitCount: Int
  }

  /// The end of the process that drives the run, as by SIGKILL; another one continues the run.
  package struct Crash: Sendable, Hashable {
    /// Which of the things that happen around a commit it comes before.
    package enum Instant: Sendable, Hashable, CaseIterable {
      case commit
      /// What the commit allows: the requests are not sent.
      case actions
      /// Anything else: the requests are on their way.
      case answers
    }

    /// The commit it is about, counted from 1.
    package var commit: Int
    /// What it comes before.
    package var instant: Instant
    /// How long nobody drives the run.
    package var downtime: Duration

    /// A crash before `instant` of the `commit`th commit; the run is continued after `downtime`.
    package init(commit: Int, before instant: Instant, downtime: Duration) {
      self.commit = commit
      self.instant = instant
      self.downtime = downtime
    }
  }

  /// Why a simulation failed.
  package enum Stall: Error, Sendable, Hashable {
    /// Nothing is on its way and nobody waits for a time.
    case deadlock(after: [RunEvent])
    /// More happened than a run may take (1,000,000 happenings).
    case endless
  }

  /// A run of `plan` at virtual time `start`; `seed` determines all random choices.
  package init(
    plan: Plan, vault: VaultConfiguration, conditions: NetworkConditions = NetworkConditions(),
    files: SimulatedFiles, start: Moment, seed: UInt64, settings: RunSettings = RunSettings()
  ) {
    var random = SplitMix(seed: seed)
    let run = RunStart(
      run: RunID(using: &random), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: random.next(), version: "simulation")
    self.plan = plan
    self.settings = settings
    machine = RunMachine(plan: plan, start: run, settings: settings)
    self.vault = Vault(configuration: vault, seed: random.next())
    self.conditions = conditions
    let bytes = SeededBytes(seed: random.next())
    localActions = LocalActions(files: files.access, randomBytes: { bytes.take($0) })
    self.random = random
    now = start
  }

  /// Runs to the end; `inspect` gets the events so far and the machine's state after each input.
  ///
  /// The process ends once at `crash`. Throws when there is no end.
  package mutating func run(
    crashingAt crash: Crash? = nil, inspecting inspect: (([RunEvent], RunState) -> Void)? = nil
  ) throws(Stall) -> Report {
    self.crash = crash
    let start = now
    defer { inspect?(events, machine.state) }
    feed(.start)
    var count = 0
    while result == nil {
      count += 1
      guard count < 1_000_000 else { throw .endless }
      guard let next = nextMoment else { throw .deadlock(after: events) }
      now = max(now, next)
      step()
      inspect?(events, machine.state)
    }
    guard let result else { throw .endless }
    return Report(
      events: events, state: machine.state, result: result, ledger: vault.ledger,
      elapsed: now - start, commitCount: commitCount)
  }

  private var nextMoment: Moment? {
    mutating get {
      [agenda.next, vault.nextDeadline, machine.nextDeadline].compactMap { $0 }.min()
    }
  }

  private mutating func step() {
    deliver(vault.advance(to: now))
    if let happening = agenda.pop(at: now) { take(happening) }
    if let deadline = machine.nextDeadline, deadline <= now { feed(.tick) }
  }
}

/// The network.
extension Simulation {
  private mutating func take(_ happening: Happening) {
    switch happening {
    case .request(let id, let request, let sender):
      let reaction = vault.receive(request, at: now)
      deliver(reaction.emissions)
      guard sender == process else { return }
      agenda.add(.input(answer(reaction.response, to: id), to: process), at: now + latency())
    case .opening(let socket, let sender):
      guard sender == process else { return }
      vault.connected(process.connection(socket), at: now)
      agenda.add(.input(.connected(socket), to: process), at: now + latency())
    case .text(let text, let socket, let sender):
      deliver(vault.receive(text: text, on: sender.connection(socket), at: now))
    case .closing(let socket, let sender):
      vault.disconnected(sender.connection(socket), at: now)
    case .input(let input, let receiver): if receiver == process { feed(input) }
    }
  }

  private mutating func feed(_ input: RunInput) {
    let actions = machine.apply(input, at: now)
    let recorded = actions.compactMap { action in
      if case .record(let event) = action { event } else { nil }
    }
    if !recorded.isEmpty { commitCount += 1 }
    if crashes(before: .commit, recorded) { return }
    events += recorded
    if crashes(before: .actions, recorded) { return }
    for action in actions { perform(action) }
    _ = crashes(before: .answers, recorded)
  }

  /// Whether the process ends here; another one continues then.
  private mutating func crashes(before instant: Crash.Instant, _ recorded: [RunEvent]) -> Bool {
    guard let crash, !recorded.isEmpty, crash.commit == commitCount, crash.instant == instant,
      result == nil
    else { return false }
    self.crash = nil
    for socket in sockets { vault.disconnected(process.connection(socket), at: now) }
    (sockets, transfers, lastArrival) = ([], [:], [:])
    process.number += 1
    now = now + crash.downtime
    let resumption = RunResumption(
      owner: "process \(process.number)", epoch: process.number, seed: random.next(),
      version: "simulation")
    machine =
      RunMachine(resuming: plan, after: events, as: resumption)
      ?? RunMachine(plan: plan, start: machine.start, settings: settings)
    feed(.start)
    return true
  }

  private mutating func perform(_ action: RunAction) {
    switch action {
    case .record: break
    case .exchange(let id, let request): leave(id, request)
    case .abandon(let id): transfers.removeValue(forKey: id)?.abandon()
    case .perform(let id, let action, let arguments):
      agenda.add(.input(localResult(id, action, arguments), to: process), at: now)
    case .connect(let socket):
      sockets.insert(socket)
      agenda.add(.opening(socket, from: process), at: now + latency())
    case .send(let socket, let text): send(.text(text, on: socket, from: process), on: socket)
    case .disconnect(let socket):
      sockets.remove(socket)
      send(.closing(socket, from: process), on: socket)
    case .finish(let result): self.result = result
    case .fail(let message):
      result = RunResult(outcome: .failed, failure: Failure(.local, "internal error: \(message)"))
    }
  }

  private func localResult(
    _ id: RequestID, _ action: LocalAction, _ arguments: ValueMap
  ) -> RunInput {
    do throws(LocalFailure) {
      return .performed(id, try localActions.perform(action, arguments))
    } catch {
      return .performFailed(id, error)
    }
  }

  /// Sends a request on its way, its file in one piece.
  private mutating func leave(_ id: RequestID, _ request: APIRequest) {
    var request = request
    if request.movesFiles {
      do throws(PayloadFailure) {
        let transfer = try localActions.transfer(for: request)
        transfers[id] = transfer
        if transfer.source != nil { request.body = try transfer.wholeBody() }
      } catch {
        let failure = error.transportFailure(mayHaveBeenSent: false)
        return agenda.add(.input(.exchangeFailed(id, failure), to: process), at: now)
      }
    }
    agenda.add(.request(id, request, from: process), at: now + latency())
  }

  /// The answer as the machine sees it, its body in a file where one was asked for.
  private mutating func answer(_ response: APIResponse, to id: RequestID) -> RunInput {
    guard let transfer = transfers.removeValue(forKey: id) else { return .answered(id, response) }
    do throws(PayloadFailure) {
      return .answered(id, try transfer.received(response))
    } catch {
      return .exchangeFailed(id, error.transportFailure(mayHaveBeenSent: true))
    }
  }

  private mutating func deliver(_ emissions: [VaultEmission]) {
    for emission in emissions {
      switch emission {
      case .send(let text, let connection):
        guard let socket = process.socket(connection),
          !(ServiceMessage(parsing: text).isPublished && happens(conditions.lostMessages))
        else { continue }
        send(.input(.received(socket, text), to: process), on: socket)
        if happens(conditions.doubledMessages) {
          send(.input(.received(socket, text), to: process), on: socket)
        }
      case .close(let connection), .drop(let connection):
        guard let socket = process.socket(connection) else { continue }
        send(.input(.disconnected(socket, nil), to: process), on: socket)
      case .restart, .discard: break
      }
    }
  }

  private mutating func send(_ happening: Happening, on socket: SocketID) {
    let arrival = max(now + latency(), lastArrival[socket] ?? now)
    lastArrival[socket] = arrival
    agenda.add(happening, at: arrival)
  }

  private mutating func latency() -> Duration {
    let range = conditions.latency
    let nanoseconds = Int64.random(
      in: range.lowerBound.wholeNanoseconds...range.upperBound.wholeNanoseconds, using: &random)
    return .nanoseconds(nanoseconds)
  }

  private mutating func happens(_ share: Double) -> Bool {
    share > 0 && Double.random(in: 0..<1, using: &random) < share
  }
}

/// Seeded bytes for simulated keys.
private final class SeededBytes: Sendable {
  private let random: Mutex<SplitMix>

  init(seed: UInt64) {
    random = Mutex(SplitMix(seed: seed))
  }

  func take(_ count: Int) -> [UInt8] {
    random.withLock { random in
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
  }
}
