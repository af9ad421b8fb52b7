import Machine
import Running
import Synchronization
import Testing

@testable import Networking

@Suite struct MessageBufferTests {
  private let broken = TransportFailure(.broken, "it broke", mayHaveBeenSent: true)

  @Test func `it is full at its limit and asks for more at half of it`() async throws {
    let calls = Calls()
    let buffer = MessageBuffer(limit: 4) { calls.count() }
    buffer.put("123")
    #expect(!buffer.isFull)
    buffer.put("4")
    #expect(buffer.isFull)
    buffer.put("5")
    _ = try await buffer.next()
    #expect(!buffer.isFull)
    #expect(calls.number == 1)
    _ = try await buffer.next()
    #expect(calls.number == 1)
  }

  @Test func `what came before the end is read first, what comes after it is not`() async throws {
    let buffer = MessageBuffer(limit: 4) {}
    buffer.put("a")
    buffer.end(.failure(broken))
    buffer.end(.success(()))
    buffer.put("b")
    #expect(try await buffer.next() == "a")
    await #expect(throws: broken) { try await buffer.next() }
  }

  @Test func `the end makes room`() {
    let buffer = MessageBuffer(limit: 1) {}
    buffer.put("a")
    buffer.end(.success(()))
    #expect(!buffer.isFull)
  }

  @Test func `a cancelled reader stops`() async {
    let buffer = MessageBuffer(limit: 1) {}
    await withThrowingTaskGroup(of: String?.self) { group in
      group.addTask { try await buffer.next() }
      group.cancelAll()
      await #expect(throws: CancellationError.self) { try await group.next() }
    }
  }
}

/// How often something was called.
private final class Calls: Sendable {
  private let state = Mutex(0)

  var number: Int { state.withLock(\.self) }

  func count() {
    state.withLock { $0 += 1 }
  }
}
