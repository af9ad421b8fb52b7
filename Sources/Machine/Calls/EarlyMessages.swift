import DequeModule
import Expressions
import Operations

/// Messages that came before the response that says whom they are for (design §6.2); bounded.
struct EarlyMessages: Sendable {
  struct Status: Sendable {
    let state: CommandState
    let body: Value
  }

  private let limit: Int
  private var statuses: [String: Status] = [:]
  private var data: [String: [DataMessage]] = [:]
  private var order = Deque<String>()

  init(limit: Int) {
    self.limit = limit
  }

  /// Keeps a status; an ending is not overwritten by a late "pending".
  mutating func keep(_ state: CommandState, _ body: Value, of command: String) {
    if let known = statuses[command], known.state != .pending { return }
    note(command)
    statuses[command] = Status(state: state, body: body)
  }

  /// Keeps a message about requested data, at most eight of one request.
  mutating func keep(_ message: DataMessage, of request: String) {
    note(request)
    guard data[request, default: []].count < 8 else { return }
    data[request, default: []].append(message)
  }

  mutating func takeStatus(of command: String) -> Status? {
    statuses.removeValue(forKey: command)
  }

  mutating func takeData(of request: String) -> [DataMessage] {
    data.removeValue(forKey: request) ?? []
  }

  private mutating func note(_ id: String) {
    guard statuses[id] == nil, data[id] == nil else { return }
    order.append(id)
    while order.count > limit, let oldest = order.popFirst() {
      statuses[oldest] = nil
      data[oldest] = nil
    }
  }
}

/// A message about requested data.
enum DataMessage: Sendable, Hashable {
  case body(RequestedData, context: String?)
  case streamReady(url: Secret?)
}
