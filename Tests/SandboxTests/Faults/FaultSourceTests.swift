import Operations
import Sandbox
import Testing

struct FaultSourceTests {
  private static let request = APIRequest(method: "GET", path: "/health")
  /// 2026-09-21T14:13:20Z.
  private static let now = VaultClient.start

  private func source(_ text: String, seed: UInt64 = 1) throws -> FaultSource {
    FaultSource(try FaultSpec(parsing: text), seed: seed)
  }

  private func faults(of source: inout FaultSource, count: Int) -> [RequestFault?] {
    (0..<count).map { _ in source.fault(of: Self.request, at: Self.now) }
  }

  private func messages(_ source: inout FaultSource, count: Int) -> [MessageFault?] {
    (0..<count).map { _ in source.faultOfPublishedMessage(canReorder: true) }
  }

  @Test func `the same seed makes the same decisions, another makes others`() throws {
    var (first, second, other) = (
      try source("heavy"), try source("heavy"), try source("heavy", seed: 2)
    )
    let requests = faults(of: &first, count: 500)
    #expect(faults(of: &second, count: 500) == requests)
    #expect(faults(of: &other, count: 500) != requests)
    let texts = messages(&first, count: 500)
    #expect(messages(&second, count: 500) == texts)
    #expect(first.injected == second.injected)
    let count = requests.compactMap(\.self).count + texts.compactMap(\.self).count
    #expect(first.injected.values.reduce(0, +) == count)
  }

  @Test func `nothing is injected or drawn without a specification`() throws {
    var source = try source("none")
    #expect(faults(of: &source, count: 10) == Array(repeating: nil, count: 10))
    #expect(messages(&source, count: 10) == Array(repeating: nil, count: 10))
    let others = (source.faultOfOpening(at: Self.now), source.faultOfSocketAnswer())
    #expect(others == (nil, nil))
    let isExpired = source.expiresToken()
    let lags = source.lagsRead()
    #expect(!isExpired && !lags)
    let frameCount = source.pendingFrameCount()
    #expect(frameCount == 0)
    #expect(source.decisionCount == 0)
    #expect(source.injected == [:])
  }

  @Test func `each fault has its share of the occasions`() throws {
    var source = try source("reset-before=10%,half=5%,slow=20%:2s")
    let faults = faults(of: &source, count: 10_000)
    #expect(source.decisionCount == 10_000)
    let counts = [FaultKind.resetBefore: 1000, .half: 500, .slow: 2000]
    for (kind, expected) in counts {
      let count = source.injected[kind] ?? 0
      #expect(abs(count - expected) < expected / 5)
    }
    #expect(source.injected.count == 3)
    #expect(faults.count { $0 == .slow(.seconds(2)) } == source.injected[.slow])
  }

  @Test(arguments: [
    ("reset-before=100%", RequestFault.reset(.before)), ("reset-after=100%", .reset(.after)),
    ("half=100%", .half), ("slow=100%:3s", .slow(.seconds(3))),
  ])
  func `a fault of requests befalls every request at 100 %`(
    text: String, fault: RequestFault
  ) throws {
    var source = try source(text)
    #expect(faults(of: &source, count: 20) == Array(repeating: fault, count: 20))
    #expect(Array(source.injected.values) == [20])
    #expect(source.faultOfPublishedMessage(canReorder: true) == nil)
  }

  @Test(arguments: [
    ("lose=100%", MessageFault.lose), ("double=100%", .double),
    ("late=100%:3s", .late(.seconds(3))), ("reorder=100%:3s", .reorder(within: .seconds(3))),
  ])
  func `a fault of messages befalls every published message at 100 %, and no answer of a socket`(
    text: String, fault: MessageFault
  ) throws {
    var source = try source(text)
    #expect(messages(&source, count: 20) == Array(repeating: fault, count: 20))
    #expect(source.faultOfSocketAnswer() == nil)
    #expect(source.fault(of: Self.request, at: Self.now) == nil)
    #expect(Array(source.injected.values) == [20])
  }

  @Test func `a socket breaks before and after messages, its own answers too`() throws {
    var source = try source("drop=100%")
    let answers = (0..<50).map { _ in source.faultOfSocketAnswer() }
    #expect(Set(messages(&source, count: 50) + answers) == [.drop(.before), .drop(.after)])
    #expect(source.injected == [.drop: 100])
  }

  @Test func `a restart comes before and after requests and messages`() throws {
    var source = try source("restart=100%:2s")
    #expect(
      Set(faults(of: &source, count: 50)) == [
        .restart(.before, downtime: .seconds(2)), .restart(.after, downtime: .seconds(2)),
      ])
    #expect(
      Set(messages(&source, count: 50)) == [
        .restart(.before, downtime: .seconds(2)), .restart(.after, downtime: .seconds(2)),
      ])
    #expect(source.faultOfOpening(at: Self.now) == nil)
  }

  @Test func `no message is reordered while another waits for it`() throws {
    var source = try source("reorder=100%")
    #expect(source.faultOfPublishedMessage(canReorder: false) == nil)
    #expect(source.injected == [:])
  }

  @Test func `429 asks for a pause in seconds or until a date`() throws {
    var source = try source("too-many=100%:1s500ms")
    let values = Set(
      faults(of: &source, count: 50).map { fault in
        guard case .refusal(let response) = fault, response.status == 429 else { return "" }
        return response.header("Retry-After") ?? ""
      })
    #expect(values == ["2", "Mon, 21 Sep 2026 14:13:22 GMT"])
  }

  @Test func `a date to retry after is not before the pause is over`() throws {
    var source = try source("too-many=100%:1s")
    let late = Self.now + .milliseconds(1)
    let values = Set(
      (0..<50).map { _ in
        guard case .refusal(let response)? = source.fault(of: Self.request, at: late) else {
          return ""
        }
        return response.header("Retry-After") ?? ""
      })
    #expect(values == ["1", "Mon, 21 Sep 2026 14:13:22 GMT"])
  }

  @Test func `503 comes with and without a pause`() throws {
    var source = try source("unavailable=100%:4s")
    let values = Set(
      faults(of: &source, count: 50).map { fault in
        guard case .refusal(let response) = fault, response.status == 503 else { return "" }
        return response.header("Retry-After") ?? "none"
      })
    #expect(values == ["none", "4", "Mon, 21 Sep 2026 14:13:24 GMT"])
  }

  @Test(arguments: [
    ("reset-before=100%", OpeningFault.reset(.before)), ("reset-after=100%", .reset(.after)),
    ("slow=100%:3s", .slow(.seconds(3))),
  ])
  func `sockets are opened under the faults of requests`(
    text: String, fault: OpeningFault
  ) throws {
    var source = try source(text)
    #expect(source.faultOfOpening(at: Self.now) == fault)
    #expect(Array(source.injected.values) == [1])
  }

  @Test func `a storm has 3 to 20 frames`() throws {
    var source = try source("pending=100%")
    let counts = (0..<500).map { _ in source.pendingFrameCount() }
    #expect(Set(counts) == Set(3...20))
  }

  @Test(arguments: ["/__sandbox/ledger", "/__sandbox/devices", "/__sandbox/nothing"])
  func `a control call is never disturbed`(path: String) throws {
    var source = try source("reset-before=100%")
    #expect(source.fault(of: APIRequest(method: "GET", path: path), at: Self.now) == nil)
    let elsewhere = APIRequest(endpoint: .downstream, method: "GET", path: path)
    #expect(source.fault(of: elsewhere, at: Self.now) == .reset(.before))
    #expect(source.injected == [.resetBefore: 1])
  }

  @Test func `a decision that is skipped injects nothing, and the others stay as they are`() throws
  {
    var whole = try source("heavy")
    let faults = faults(of: &whole, count: 200)
    let injected = faults.indices.filter { faults[$0] != nil }
    let skipped = try #require(injected.dropFirst().first)
    var shortened = try source("heavy")
    shortened.skipped = [skipped + 1]
    var expected = faults
    expected[skipped] = nil
    #expect(self.faults(of: &shortened, count: 200) == expected)
    #expect(
      shortened.injected.values.reduce(0, +) == whole.injected.values.reduce(0, +) - 1)
  }
}
