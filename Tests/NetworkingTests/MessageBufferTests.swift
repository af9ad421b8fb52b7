import Machine
import Running
import Synchronization
import Testing

@testable import Networking

@Suite struct MessageBufferTests {
  private let broken = TransportFailure(.broken, "it broke", mayHaveBeenSent: true)

  @Test func `it is full at its limit and asks for more at half of it`() {
    let (calls, reader) = (Calls(), SlowReader())
    let buffer = MessageBuffer(limit: 4) { calls.count() }
    buffer.put("123")
    #expect(!buffer.isFull)
    buffer.put("4")
    #expect(buffer.isFull)
    buffer.put("5")
    buffer.listen(reader.receiver)
    #expect(!buffer.isFull)
    #expect(calls.number == 1)
    reader.proceed()
    #expect(calls.number == 1)
  }

  @Test func `what came before the end is handed over first, what comes after it is not`() {
    let reader = SlowReader()
    let buffer = MessageBuffer(limit: 4) {}
    buffer.put("a")
    buffer.end(.failure(broken))
    buffer.end(.success(()))
    buffer.put("b")
    buffer.listen(reader.receiver)
    #expect(reader.seen == [.message("a")])
    reader.proceed()
    #expect(reader.seen == [.message("a"), .end(broken)])
  }

  @Test func `the next message waits until the receiver proceeds`() {
    let reader = SlowReader()
    let buffer = MessageBuffer(limit: 4) {}
    buffer.listen(reader.receiver)
    buffer.put("a")
    buffer.put("b")
    #expect(reader.seen == [.message("a")])
    reader.proceed()
    #expect(reader.seen == [.message("a"), .message("b")])
    buffer.put("c")
    buffer.end(.success(()))
    #expect(reader.seen == [.message("a"), .message("b")])
    reader.proceed()
    reader.proceed()
    #expect(reader.seen == [.message("a"), .message("b"), .message("c"), .end(nil)])
  }

  @Test func `a receiver that has room gets each message as it comes, and the end`() {
    let seen = Mutex<[SlowReader.Sight]>([])
    let buffer = MessageBuffer(limit: 4) {}
    buffer.put("a")
    buffer.listen(
      MessageReceiver { text, _ in
        seen.withLock { $0.append(.message(text)) }
        return true
      } end: { failure in
        seen.withLock { $0.append(.end(failure)) }
      })
    buffer.put("b")
    buffer.end(.success(()))
    #expect(seen.withLock { $0 } == [.message("a"), .message("b"), .end(nil)])
  }

  @Test func `the end makes room`() {
    let buffer = MessageBuffer(limit: 1) {}
    buffer.put("a")
    buffer.end(.success(()))
    #expect(!buffer.isFull)
  }
}

/// Has room for no message until it is asked to proceed.
private final class SlowReader: Sendable {
  enum Sight: Sendable, Equatable {
    case message(String)
    case end(TransportFailure?)
  }

  private struct State: Sendable {
    var seen: [Sight] = []
    var next: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var seen: [Sight] { state.withLock { $0.seen } }

  var receiver: MessageReceiver {
    MessageReceiver { [self] text, proceed in
      state.withLock { state in
        state.seen.append(.message(text))
        state.next = proceed
      }
      return false
    } end: { [self] failure in
      state.withLock { $0.seen.append(.end(failure)) }
    }
  }

  func proceed() { state.withLock { $0.next.take() }?() }
}

/// How often something was called.
private final class Calls: Sendable {
  private let state = Mutex(0)

  var number: Int { state.withLock(\.self) }

  func count() {
    state.withLock { $0 += 1 }
  }
}
