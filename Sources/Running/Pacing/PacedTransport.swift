package import Machine
package import Operations
import Synchronization

/// A transport whose requests and connections leave as a pacer says, whoever sends them.
package final class PacedTransport: Transport {
  private let transport: any Transport
  private let pacer: Mutex<Pacer>
  private let now: @Sendable () -> Moment
  private let sleep: @Sendable (Duration) async throws -> Void

  /// Over `transport`, at most `pace` requests and connections per second, or as many as come until the
  /// service objects; `now` and `sleep` go by one clock.
  package init(
    over transport: any Transport, pace: Double?, now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.transport = transport
    pacer = Mutex(Pacer(pace: pace))
    self.now = now
    self.sleep = sleep
  }

  /// How long a request that comes now would wait.
  package var backlog: Duration { pacer.withLock { $0.backlog(at: now()) } }

  /// Sends `request` in its turn; one whose turn would come after its `sendBy` does not leave, and had no
  /// effect.
  package func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    let departure = try await depart(by: request.sendBy)
    let transfer = transfer.leaving(within: request.sendBy.map { $0 - departure })
    do throws(TransportFailure) {
      let response = try await transport.exchange(request, moving: transfer)
      note(response, departure)
      return response
    } catch {
      if let head = error.head { note(head, departure) }
      throw error
    }
  }

  /// That of the transport beneath.
  package var executor: (any TaskExecutor)? { transport.executor }

  /// Whether the transport beneath begins requests.
  package var beginsRequests: Bool { transport.beginsRequests }

  /// Sends `request` when its turn has come already.
  package func begin(
    _ request: APIRequest, leavingWithin limit: Duration?,
    reply: @escaping @Sendable (Result<APIResponse, TransportFailure>) -> Void
  ) -> Bool {
    guard transport.beginsRequests else { return false }
    let departure = pacer.withLock { pacer in
      let moment = now()
      return pacer.departsAtOnce(at: moment) ? moment : nil
    }
    guard let departure else { return false }
    return transport.begin(request, leavingWithin: limit) { [self] result in
      switch result {
      case .success(let response): note(response, departure)
      case .failure(let failure): if let head = failure.head { note(head, departure) }
      }
      reply(result)
    }
  }

  /// Opens a WebSocket, which counts as a request.
  package func connect() async throws(TransportFailure) -> any MessageSocket {
    try await connect(carrying: [])
  }

  /// The same with headers.
  package func connect(
    carrying headers: [HTTPField]
  ) async throws(TransportFailure) -> any MessageSocket {
    _ = try await depart(by: nil)
    return try await transport.connect(carrying: headers)
  }

  /// Returns when the request may leave: at once.
  private func depart(by limit: Moment?) async throws(TransportFailure) -> Moment {
    var request = PacedRequest(sendBy: limit)
    while true {
      // One reading of the clock decides and is recorded, so that no departure seems earlier than it is.
      let (moment, verdict) = pacer.withLock { pacer in
        let moment = now()
        return (moment, pacer.advance(&request, at: moment))
      }
      switch verdict {
      case .leave: return moment
      case .wait(let turn):
        guard (try? await sleep(turn - moment)) != nil else {
          pacer.withLock { $0.giveUp(&request) }
          throw TransportFailure(
            .heldBack, "the request waited for its turn and was given up", mayHaveBeenSent: false)
        }
      case .tooLate(let pause):
        throw TransportFailure(
          .heldBack, "too many requests wait for their turn, and this one was not sent",
          mayHaveBeenSent: false, retryAfter: pause)
      }
    }
  }

  private func note(_ response: APIResponse, _ departure: Moment) {
    let moment = now()
    var response = response
    response.receivedAt = response.receivedAt ?? moment
    let retryAfter = response.retryAfter
    let isObjection = response.status == 429 || response.status == 503 && retryAfter != nil
    pacer.withLock { pacer in
      if isObjection {
        pacer.throttled(retryAfter: retryAfter, departure: departure, at: moment)
      } else {
        pacer.accepted(departure: departure)
      }
    }
  }
}
