import Machine
import Operations
import Randomness
import Running
import Synchronization
import Testing

/// When requests leave.
@Suite("Pacing") struct PacerTests {
  private static func moment(_ seconds: Double) -> Moment {
    Moment(nanoseconds: Int64(seconds * 1e9))
  }

  /// When each of `count` requests leaves that come at once, where whoever waits wakes up to `lateness`
  /// late.
  private static func departures(
    _ pacer: inout Pacer, _ count: Int, from start: Moment, lateness: Duration = .zero,
    seed: UInt64 = 1
  ) -> [Moment] {
    var random = SplitMix(seed: seed)
    var waiting = (0..<count).map { _ in (at: start, request: PacedRequest()) }
    var departures: [Moment] = []
    while let index = waiting.indices.min(by: { waiting[$0].at < waiting[$1].at }) {
      let now = waiting[index].at
      switch pacer.advance(&waiting[index].request, at: now) {
      case .leave:
        departures.append(now)
        waiting.remove(at: index)
      case .wait(let until):
        let late = Int64.random(in: 0...lateness.wholeNanoseconds, using: &random)
        waiting[index].at = until + .nanoseconds(late)
      case .tooLate: waiting.remove(at: index)
      }
    }
    return departures
  }

  /// The most of `moments` that lie within a second.
  private static func most(_ moments: [Moment]) -> Int {
    let moments = moments.sorted()
    var (most, first) = (0, 0)
    for last in moments.indices {
      while moments[last] - moments[first] > .seconds(1) { first += 1 }
      most = max(most, last - first + 1)
    }
    return most
  }

  @Test(arguments: [1, 2, 3, 7, 50], [0, 1, 40, 700])
  func `no more requests than the pace leave in any second, however late the machine wakes`(
    _ pace: Int, _ lateness: Int
  ) {
    for seed in UInt64(1)...3 {
      var pacer = Pacer(pace: Double(pace))
      let departures = Self.departures(
        &pacer, pace * 4, from: Self.moment(1), lateness: .milliseconds(lateness), seed: seed)
      #expect(departures.count == pace * 4)
      #expect(Self.most(departures) <= pace)
    }
  }

  @Test(arguments: [(0.5, 6.0), (2.5, 1.2), (10, 0.3)])
  func `requests leave evenly`(_ pace: Double, _ seconds: Double) {
    var pacer = Pacer(pace: pace)
    let departures = Self.departures(&pacer, 4, from: Self.moment(1))
    let span = (departures[3] - departures[0]) / .seconds(1)
    #expect(abs(span - seconds) < 0.001)
  }

  @Test func `without a pace nothing waits before the service objects`() {
    var pacer = Pacer(pace: nil)
    #expect(Set(Self.departures(&pacer, 500, from: Self.moment(1))) == [Self.moment(1)])
    #expect(pacer.backlog(at: Self.moment(1)) == .zero)
  }

  @Test func `Retry-After holds every lane, also the requests that wait already`() {
    var pacer = Pacer(pace: 10)
    var (first, second) = (PacedRequest(), PacedRequest())
    #expect(pacer.advance(&first, at: Self.moment(1)) == .leave)
    guard case .wait(let turn) = pacer.advance(&second, at: Self.moment(1)) else {
      Issue.record("two leave at once")
      return
    }
    pacer.throttled(
      retryAfter: .seconds(30), departure: Self.moment(1), at: Self.moment(1.01))
    #expect(pacer.advance(&second, at: turn) == .wait(until: Self.moment(31.01)))
    #expect(pacer.advance(&second, at: Self.moment(31.01)) == .leave)
  }

  @Test func `one burst of objections halves the rate once`() {
    var pacer = Pacer(pace: 100)
    _ = Self.departures(&pacer, 20, from: Self.moment(1))
    for number in 0..<20 {
      pacer.throttled(
        retryAfter: nil, departure: Self.moment(1 + Double(number) / 100), at: Self.moment(2))
    }
    let departures = Self.departures(&pacer, 51, from: Self.moment(3))
    #expect(abs((departures[50] - departures[0]) / .seconds(1) - 1) < 0.001)
  }

  @Test(arguments: [nil, 40.0])
  func `the rate comes back with the answers`(_ pace: Double?) {
    var pacer = Pacer(pace: pace)
    let before = Self.departures(&pacer, 40, from: Self.moment(1))
    pacer.throttled(retryAfter: nil, departure: before[39], at: Self.moment(2))
    var now = Self.moment(3)
    for _ in 0..<1000 {
      guard let departure = Self.departures(&pacer, 1, from: now).first else { return }
      now = departure
      pacer.accepted(departure: departure)
    }
    let after = Self.departures(&pacer, 41, from: now + .seconds(5))
    let rate = 40 / max((after[40] - after[0]) / .seconds(1), 1e-9)
    #expect(pace.map { abs(rate - $0) < 0.5 } ?? (rate > 1000))
  }

  @Test
  func `a request whose turn comes too late does not leave, and says when there would be one`() {
    var pacer = Pacer(pace: 1)
    _ = Self.departures(&pacer, 1, from: Self.moment(1))
    var waiting = (0..<3).map { _ in PacedRequest() }
    for index in waiting.indices { _ = pacer.advance(&waiting[index], at: Self.moment(1)) }
    var late = PacedRequest(sendBy: Self.moment(3))
    guard case .tooLate(let pause) = pacer.advance(&late, at: Self.moment(1)) else {
      Issue.record("it waits")
      return
    }
    #expect(abs(pause / .seconds(1) - 4) < 0.001)
    #expect(abs(pacer.backlog(at: Self.moment(1)) / .seconds(1) - 3) < 0.001)
  }

  @Test func `a request that waits past its instant fails without an effect`() async {
    let clock = Mutex(Self.moment(1))
    let transport = PacedTransport(
      over: ScriptedTransport(), pace: 1, now: { clock.withLock { $0 } },
      sleep: { pause in clock.withLock { $0 = $0 + pause } })
    var request = APIRequest(method: "POST", path: "/command")
    await #expect(throws: Never.self) { _ = try await transport.exchange(request) }
    request.sendBy = Self.moment(1.5)
    await #expect {
      _ = try await transport.exchange(request)
    } throws: { error in
      let failure = error as? TransportFailure
      return failure?.kind == .heldBack && failure?.mayHaveBeenSent == false
        && failure?.retryAfter != nil
    }
  }

  @Test func `a request is begun only when its turn has come, and counts as one`() async throws {
    let clock = Mutex(Self.moment(1))
    let transport = PacedTransport(
      over: BegunTransport { _ in APIResponse(status: 200) }, pace: 2,
      now: { clock.withLock { $0 } },
      sleep: { pause in clock.withLock { $0 = $0 + pause } })
    let request = APIRequest(method: "GET", path: "/read")
    let replies = Mutex(0)
    func begin() -> Bool {
      transport.begin(request, leavingWithin: nil) { _ in replies.withLock { $0 += 1 } }
    }
    #expect([begin(), begin()] == [true, false])
    clock.withLock { $0 = Self.moment(1.6) }
    #expect([begin(), begin()] == [true, false])
    #expect(replies.withLock { $0 } == 2)
    // What could not be begun waits for the turn after those two.
    _ = try await transport.exchange(request)
    #expect(clock.withLock { $0 } >= Self.moment(2.1))
  }

  @Test func `a response to a request that was begun holds what follows, too`() async throws {
    let clock = Mutex(Self.moment(1))
    let transport = PacedTransport(
      over: BegunTransport { _ in
        APIResponse(status: 429, headers: [HTTPField("Retry-After", "20")])
      }, pace: nil, now: { clock.withLock { $0 } }, sleep: { _ in })
    let request = APIRequest(method: "GET", path: "/read")
    #expect(transport.begin(request, leavingWithin: nil) { _ in })
    #expect(transport.backlog >= .seconds(20))
    #expect(!transport.begin(request, leavingWithin: nil) { _ in })
  }

  @Test func `nothing is begun over a transport that begins nothing`() {
    let transport = PacedTransport(
      over: ScriptedTransport(), pace: nil, now: { Self.moment(1) }, sleep: { _ in })
    #expect(!transport.begin(APIRequest(method: "GET", path: "/read"), leavingWithin: nil) { _ in })
  }

  /// Begins every request, and answers at once.
  private struct BegunTransport: Transport {
    let reply: @Sendable (APIRequest) -> APIResponse

    var beginsRequests: Bool { true }

    func begin(
      _ request: APIRequest, leavingWithin limit: Duration?,
      reply: @escaping @Sendable (Result<APIResponse, TransportFailure>) -> Void
    ) -> Bool {
      reply(.success(self.reply(request)))
      return true
    }

    func exchange(
      _ request: APIRequest, moving transfer: PayloadTransfer
    ) async throws(TransportFailure) -> APIResponse { reply(request) }

    func connect() async throws(TransportFailure) -> any MessageSocket {
      throw TransportFailure(.unreachable, "no socket", mayHaveBeenSent: false)
    }
  }

  @Test func `a refusal with Retry-After holds connections, too`() async throws {
    let clock = Mutex(Self.moment(1))
    let transport = PacedTransport(
      over: ScriptedTransport { _ in
        APIResponse(status: 429, headers: [HTTPField("Retry-After", "20")])
      }, pace: nil, now: { clock.withLock { $0 } },
      sleep: { pause in clock.withLock { $0 = $0 + pause } })
    _ = try await transport.exchange(APIRequest(method: "GET", path: "/read"))
    #expect(transport.backlog >= .seconds(20))
    _ = try? await transport.connect()
    #expect(clock.withLock { $0 } >= Self.moment(21))
  }
}
