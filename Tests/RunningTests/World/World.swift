import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// A scripted service around a machine, in virtual time: it answers from a table, and holds the
/// machine to its word after every step.
struct World {
  /// How one request is answered.
  enum Reply {
    /// After `delay`.
    case answer(Int, String, headers: [HTTPField] = [], after: Duration = .milliseconds(1))
    case failure(TransportFailure.Kind, mayHaveBeenSent: Bool)
    /// The head comes, and the connection ends within the body.
    case cut(Int, headers: [HTTPField] = [])
    /// Nothing ever comes.
    case silence

    static func ok(_ body: String = "{}", after delay: Duration = .milliseconds(1)) -> Reply {
      .answer(200, body, after: delay)
    }

    static func command(_ id: String) -> Reply { .answer(202, "[\"\(id)\"]") }
  }

  /// A request as tables name it, such as `POST /unsafe`.
  struct Sent: Hashable {
    var at: Duration
    var what: String
  }

  /// What happens at an instant.
  enum Happening {
    case input(RunInput)
    /// Sent to the socket that was opened last and is open then.
    case say(String)
    /// Sent to every socket that is open then.
    case sayToAll(String)
    case drop
    /// The process ends, and another continues the run.
    case restart
    /// Looks at the machine.
    case probe((RunMachine) -> Void)
  }

  private(set) var machine: RunMachine
  private let plan: Plan
  private(set) var events: [RunEvent] = []
  private(set) var sent: [Sent] = []
  private(set) var requests: [APIRequest] = []
  private(set) var texts: [String] = []
  private(set) var connections = 0
  private(set) var result: RunResult?
  /// How many API requests were without an answer at once, at most.
  private(set) var peak = 0
  private var inFlight: Set<RequestID> = []
  private var sockets: [SocketID] = [] {
    didSet { openSocketsAtMost = max(openSocketsAtMost, sockets.count) }
  }
  private(set) var openSocketsAtMost = 0
  private var now = Moment(nanoseconds: 0)
  private var agenda: [(at: Moment, order: Int, what: Happening)] = []
  private var order = 0
  private var counts: [String: Int] = [:]
  private var restarts = 0

  /// The n-th answer (from 1) to a request such as `GET /read`; nil falls back on the usual ones.
  var reply: (_ what: String, _ count: Int, _ body: String) -> Reply? = { _, _, _ in nil }
  /// What a socket answers to a frame; nil stays silent.
  var frame: (_ action: String, _ correlation: String, _ count: Int) -> String? = World.polite
  /// Why the n-th socket cannot be opened.
  var connectFailure: (Int) -> TransportFailure? = { _ in nil }
  var local: (LocalAction, ValueMap) -> Result<ValueMap, LocalFailure> = { _, _ in .success([:]) }
  /// What local actions are performed with in place of `local`; nil uses that.
  var localActions: LocalActions?

  /// What the host answers at once to a request for a place among the open votes.
  var voteSlot: (StepPath) -> RunInput = { .voteSlotGranted($0) }
  /// The requests for such places, and those that were given back, as `+path` and `-path`.
  private(set) var votes: [String] = []

  /// While the machine sleeps nothing happens; what was due happens when it wakes.
  var sleep: Range<Duration>?

  init(
    _ plan: Plan, settings: RunSettings = RunSettings(), seed: UInt64 = 1,
    service: ServiceOrigins? = nil, guidedBy guidance: Guidance = Guidance()
  ) throws {
    let run = try #require(RunID("0123456789ab"))
    let start = RunStart(
      run: run, playbook: plan.playbook.name, file: plan.playbook.file, planDigest: plan.digest,
      inputs: plan.inputs, seed: seed, version: "test", service: service)
    self.plan = plan
    machine = RunMachine(plan: plan, start: start, settings: settings, guidedBy: guidance)
  }

  static func polite(_ action: String, _ correlation: String, _: Int) -> String? {
    let message = action == "joinChannel" ? "Successfully joined" : "Successfully left"
    return
      #"{"correlationId":"\#(correlation)","status":200,"data":{"channelId":"c","message":"\#(message)"}}"#
  }

  /// Lets `what` happen `delay` after the start.
  mutating func schedule(_ what: Happening, at delay: Duration) {
    agenda.append((Moment(nanoseconds: 0) + delay, order, what))
    order += 1
  }

  /// A status of a command as the socket sends it.
  static func status(_ command: String, _ state: Int, body: String = "null") -> Happening {
    .say(
      #"{"data":{"type":"X-DPT-CAB-ID","id":"\#(command)","command_status":\#(state),"body":\#(body)}}"#
    )
  }

  /// Runs to the end; throws when there is none within `limit` happenings.
  @discardableResult
  mutating func run(limit: Int = 20_000) throws -> RunResult {
    if restarts == 0 { feed(.start) }
    for _ in 0..<limit {
      if let result { return result }
      let next = agenda.map(\.at).min()
      let deadline = machine.nextDeadline
      guard let moment = [next, deadline].compactMap({ $0 }).min() else { throw Stuck() }
      now = max(now, moment)
      if let sleep, sleep.contains(elapsed) { now = now + (sleep.upperBound - elapsed) }
      let due = agenda.indices.filter { agenda[$0].at <= now }
      if let index = due.min(by: {
        (agenda[$0].at, agenda[$0].order) < (agenda[$1].at, agenda[$1].order)
      }) {
        happen(agenda.remove(at: index).what)
      } else {
        feed(.tick)
      }
    }
    throw Endless()
  }

  struct Stuck: Error {}
  struct Endless: Error {}

  var elapsed: Duration { now - Moment(nanoseconds: 0) }

  private mutating func happen(_ what: Happening) {
    switch what {
    case .input(let input):
      if case .answered(let id, _) = input { inFlight.remove(id) }
      feed(input)
    case .say(let text): if let socket = sockets.last { feed(.received(socket, text)) }
    case .sayToAll(let text): for socket in sockets { feed(.received(socket, text)) }
    case .restart: restart(after: events)
    case .probe(let look): look(machine)
    case .drop:
      guard let socket = sockets.popLast() else { return }
      feed(.disconnected(socket, TransportFailure(.broken, "gone", mayHaveBeenSent: true)))
    }
  }

  /// Continues the run from the first of its events; nothing else of it is left.
  private mutating func restart(
    after events: [RunEvent], guidedBy guidance: Guidance = Guidance()
  ) {
    self.events = events
    restarts += 1
    let resumption = RunResumption(
      owner: "test \(restarts)", epoch: restarts, seed: UInt64(restarts), version: "test")
    let machine = RunMachine(
      resuming: plan, after: events, as: resumption, guidedBy: guidance)
    guard let machine else {
      Issue.record("the run cannot be continued")
      return
    }
    self.machine = machine
    (sockets, inFlight) = ([], [])
    agenda.removeAll { $0.what.isForProcess }
    feed(.start)
  }

  /// The same world, in which the run goes on `pause` after it was over.
  func reopened(
    after pause: Duration = .seconds(3600), guidedBy guidance: Guidance = Guidance()
  ) throws -> World {
    try continued(after: events, downtime: pause, guidedBy: guidance)
  }

  /// A world in which the run is continued from `events`, `downtime` after the last of them.
  ///
  /// `requests` were left meanwhile: they come before any timer.
  func continued(
    after events: [RunEvent], downtime: Duration, handling requests: [RunInput] = [],
    guidedBy guidance: Guidance = Guidance()
  ) throws -> World {
    var world = self
    world.agenda = []
    world.result = nil
    world.now = (events.last?.at ?? now) + downtime
    world.restart(after: events, guidedBy: guidance)
    for request in requests { world.feed(request) }
    return world
  }

  private mutating func feed(_ input: RunInput) {
    let actions = machine.apply(input, at: now)
    for action in actions { perform(action) }
    #expect(
      RunState(of: plan, after: events) == machine.state,
      "folding the events gives another state")
  }

  private mutating func perform(_ action: RunAction) {
    switch action {
    case .record(let event): events.append(event)
    case .exchange(let id, let request): exchange(id, request)
    case .abandon(let id): inFlight.remove(id)
    case .perform(let id, let action, let arguments):
      soon(.input(performed(id, action, arguments)))
    case .performDry(let id, let action, let arguments, let dryRun):
      soon(.input(performed(id, action, arguments, as: dryRun)))
    case .connect(let id): connect(id)
    case .send(let id, let text): answer(text, on: id)
    case .disconnect(let id): sockets.removeAll { $0 == id }
    case .requestVoteSlot(let path):
      votes.append("+\(path)")
      feed(voteSlot(path))
    case .releaseVoteSlot(let path): votes.append("-\(path)")
    case .finish(let result): self.result = result
    case .fail(let message): Issue.record("internal error: \(message)")
    }
  }

  private func performed(
    _ id: RequestID, _ action: LocalAction, _ arguments: ValueMap, as dryRun: DryRun? = nil
  ) -> RunInput {
    do throws(LocalFailure) {
      guard let localActions else {
        return .performed(id, LocalResult(try local(action, arguments).get()))
      }
      return .performed(id, try localActions.perform(action, arguments, as: dryRun))
    } catch {
      return .performFailed(id, error)
    }
  }

  private mutating func exchange(_ id: RequestID, _ request: APIRequest) {
    var what = "\(request.method) \(request.path)"
    if case .url(let address) = request.endpoint { what = "GET \(address)" }
    counts[what, default: 0] += 1
    sent.append(Sent(at: elapsed, what: what))
    requests.append(request)
    inFlight.insert(id)
    peak = max(peak, inFlight.count)
    let body = String(decoding: request.body, as: UTF8.self)
    switch reply(what, counts[what] ?? 0, body) ?? Self.usual(what) {
    case .answer(let status, let body, let headers, let delay):
      let response = APIResponse(
        status: status, headers: [HTTPField("Content-Type", "application/json")] + headers,
        body: Array(body.utf8))
      schedule(.input(.answered(id, response)), at: elapsed + delay)
    case .failure(let kind, let mayHaveBeenSent):
      inFlight.remove(id)
      soon(
        .input(.exchangeFailed(id, TransportFailure(kind, "cut", mayHaveBeenSent: mayHaveBeenSent)))
      )
    case .cut(let status, let headers):
      inFlight.remove(id)
      let head = APIResponse(
        status: status, headers: [HTTPField("Content-Type", "application/json")] + headers)
      soon(
        .input(
          .exchangeFailed(id, TransportFailure(.broken, "cut", mayHaveBeenSent: true, head: head))))
    case .silence: break
    }
  }

  private static func usual(_ what: String) -> Reply {
    switch what {
    case "POST /login": .ok(#"{"token":"token-planted"}"#)
    case "POST /command", "POST /repeatable", "POST /anonymous": .command("c-1")
    case "POST /data": .answer(202, "{}", headers: [HTTPField("X-Dpt-Cab-Request-Id", "r-1")])
    case _ where what.hasPrefix("GET /status"): .ok(#"["started"]"#)
    case _: .ok()
    }
  }

  private mutating func connect(_ id: SocketID) {
    connections += 1
    if let failure = connectFailure(connections) {
      return soon(.input(.connectFailed(id, failure)))
    }
    sockets.append(id)
    soon(.input(.connected(id)))
  }

  private mutating func answer(_ text: String, on id: SocketID) {
    texts.append(text)
    guard let value = try? JSON.parse(text.utf8),
      let action = value[field: "action"]?.text,
      let correlation = value[field: "correlationId"]?.text,
      let reply = frame(action, correlation, texts.count)
    else { return }
    soon(.input(.received(id, reply)))
  }

  private mutating func soon(_ what: Happening) {
    schedule(what, at: elapsed + .milliseconds(1))
  }
}

/// What tests ask of the events.
extension World {
  /// The outcomes of finished steps, in order, as `path outcome`.
  var outcomes: [String] {
    events.compactMap { event in
      guard case .stepFinished(let path, let result) = event.kind else { return nil }
      return "\(path) \(result.outcome.rawValue)"
    }
  }

  /// The titles of the steps that began, in order.
  var titles: [String] {
    events.compactMap { event in
      if case .stepStarted(_, let summary) = event.kind { summary.title } else { nil }
    }
  }

  /// The time from the first event to the last.
  var duration: Duration { events.last.map { $0.at - (events.first?.at ?? $0.at) } ?? .zero }

  /// The pauses between attempts.
  var pauses: [Duration] {
    events.compactMap { event in
      if case .attemptFailed(_, _, _, let pause) = event.kind { pause } else { nil }
    }
  }

  func sentTimes(_ what: String) -> [Duration] { sent.filter { $0.what == what }.map(\.at) }

  func count(_ what: String) -> Int { sentTimes(what).count }

  /// The value a finished step offers.
  func value(of path: String) -> Value? {
    events.lazy.compactMap { event in
      guard case .stepFinished(let found, let result) = event.kind, found.description == path else {
        return nil
      }
      return result.value
    }.last
  }
}

extension World {
  /// Everything that leaves the process of the events, as lines.
  var outsideText: String {
    guard let run = RunID("0123456789ab") else { return "" }
    return events.map { EncodedEvent($0, of: run).line }.joined(separator: "\n")
  }
}

extension World.Happening {
  /// Whether it is lost with the process: an answer to it, not what people or the service do.
  fileprivate var isForProcess: Bool {
    switch self {
    case .input(.decide), .input(.cancel), .say, .sayToAll, .restart, .drop, .probe: false
    case .input: true
    }
  }
}
