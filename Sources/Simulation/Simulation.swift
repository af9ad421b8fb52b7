package import Machine
package import Events
import Expressions
package import Operations
package import Planning
import Running
package import Sandbox
import Synchronization

/// A whole run in one process, without sockets, tasks or real time: the machine and the vault with
/// a seeded network between them.
///
/// The same seed gives the same events, byte for byte.
package struct Simulation: Sendable {
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

  /// What a simulation came to.
  package struct Report: Sendable, Hashable {
    package var events: [RunEvent]
    package var state: RunState
    package var result: RunResult
    package var ledger: Ledger
    /// How long it took in virtual time.
    package var elapsed: Duration
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
    machine = RunMachine(plan: plan, start: run, settings: settings)
    self.vault = Vault(configuration: vault, seed: random.next())
    self.conditions = conditions
    let bytes = RandomBytes(seed: random.next())
    localActions = LocalActions(files: files.access, randomBytes: { bytes.take($0) })
    self.random = random
    now = start
  }

  /// Runs to the end; `inspect` gets the events so far and the machine's state after each input.
  ///
  /// Throws when there is no end.
  package mutating func run(
    inspecting inspect: (([RunEvent], RunState) -> Void)? = nil
  ) throws(Stall) -> Report {
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
      elapsed: now - start)
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
    case .request(let id, let request):
      let reaction = vault.receive(request, at: now)
      deliver(reaction.emissions)
      agenda.add(.input(answer(reaction.response, to: id)), at: now + latency())
    case .opening(let socket):
      vault.connected(ConnectionID(socket.number), at: now)
      agenda.add(.input(.connected(socket)), at: now + latency())
    case .text(let text, let socket):
      deliver(vault.receive(text: text, on: ConnectionID(socket.number), at: now))
    case .closing(let socket):
      vault.disconnected(ConnectionID(socket.number), at: now)
    case .input(let input): feed(input)
    }
  }

  private mutating func feed(_ input: RunInput) {
    for action in machine.apply(input, at: now) { perform(action) }
  }

  private mutating func perform(_ action: RunAction) {
    switch action {
    case .record(let event): events.append(event)
    case .exchange(let id, let request): leave(id, request)
    case .abandon(let id): transfers.removeValue(forKey: id)?.abandon()
    case .perform(let id, let action, let arguments):
      agenda.add(.input(localResult(id, action, arguments)), at: now)
    case .connect(let socket): agenda.add(.opening(socket), at: now + latency())
    case .send(let socket, let text): send(.text(text, from: socket), on: socket)
    case .disconnect(let socket): send(.closing(socket), on: socket)
    case .finish(let result): self.result = result
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
        return agenda.add(.input(.exchangeFailed(id, failure)), at: now)
      }
    }
    agenda.add(.request(id, request), at: now + latency())
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
        let socket = SocketID(connection.number)
        guard !(ServiceMessage(parsing: text).isPublished && happens(conditions.lostMessages))
        else { continue }
        send(.input(.received(socket, text)), on: socket)
        if happens(conditions.doubledMessages) {
          send(.input(.received(socket, text)), on: socket)
        }
      case .close(let connection):
        let socket = SocketID(connection.number)
        send(.input(.disconnected(socket, nil)), on: socket)
      case .discard: break
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

extension ServiceMessage {
  /// Whether it came from the profile's queue and is no answer of the socket.
  fileprivate var isPublished: Bool {
    switch self {
    case .commandStatus, .requestData, .streamReady: true
    case .joined, .joinRefused, .left, .ignored: false
    }
  }
}

/// Seeded bytes for simulated keys.
private final class RandomBytes: Sendable {
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
