import Machine
import Operations
import Running
import Sandbox

/// The network and the service.
extension Simulation {
  mutating func take(_ happening: Happening) {
    switch happening {
    case .request(let id, let request, let connection, let origin):
      take(id, request, connection, origin)
    case .opening(let socket, let connection): open(socket, connection)
    case .text(let text, let socket, let connection):
      guard network.failure(of: connection, at: now) == nil else { return }
      deliver(vault.receive(text: text, on: connection.name(of: socket), at: now))
      noteOccurrences()
    case .closing(let socket, let connection):
      vault.disconnected(connection.name(of: socket), at: now)
    case .arrival(let input, let connection): arrive(input, connection)
    case .input(let input, let receiver):
      if process.isAlive, receiver == process.number { process.plan(.receive(input)) }
    case .takeover: takeOver()
    }
  }

  private mutating func take(
    _ id: RequestID, _ request: APIRequest, _ connection: Connection, _ origin: RequestOrigin?
  ) {
    if let failure = network.failure(of: connection, at: now) {
      return answer(.exchangeFailed(id, failure), over: connection, after: .zero)
    }
    let latest = vault.latestRequest
    let reaction = vault.receive(request, at: now)
    if let origin, let number = vault.latestRequest, number != latest {
      watch.processed(number, from: origin, reaction.response)
    }
    noteOccurrences()
    deliver(reaction.emissions)
    switch reaction.fate {
    case .whole: answer(.answered(id, reaction.response), over: connection, after: .zero)
    case .late(let delay) where delay > SimulatedNetwork.exchangeLimit && !request.movesFiles:
      answer(
        .exchangeFailed(id, .overdue), over: connection, after: SimulatedNetwork.exchangeLimit)
    case .late(let delay):
      answer(.answered(id, reaction.response), over: connection, after: delay)
    case .half where !reaction.response.body.isEmpty:
      answer(.exchangeFailed(id, .cut(after: reaction.response)), over: connection, after: .zero)
    case .half, .reset:
      answer(.exchangeFailed(id, .broken), over: connection, after: .zero)
    }
  }

  private mutating func answer(_ input: RunInput, over connection: Connection, after: Duration) {
    network.send(.arrival(input, over: connection), at: now + after)
  }

  /// Something from the service reaches the process, if both are still the same.
  private mutating func arrive(_ input: RunInput, _ connection: Connection) {
    guard process.isAlive, connection.process == process.number else { return }
    let isWhole = connection.restarts == network.restarts
    switch input {
    case .answered(let id, let response):
      process.plan(.receive(isWhole ? received(id, response) : .exchangeFailed(id, .broken)))
    case .exchangeFailed(let id, _):
      process.transfers.removeValue(forKey: id)?.abandon()
      process.plan(.receive(input))
    case .connected(let socket):
      guard process.sockets[socket] != nil else { return }
      process.sockets[socket] = isWhole ? .open : nil
      process.plan(.receive(isWhole ? input : .connectFailed(socket, .broken)))
    case .received(let socket, _):
      if isWhole, process.sockets[socket] == .open { process.plan(.receive(input)) }
    case .disconnected(let socket, _), .connectFailed(let socket, _):
      if process.sockets.removeValue(forKey: socket) != nil { process.plan(.receive(input)) }
    case .start, .performed, .performFailed, .tick, .cancel, .decide, .voteSlotGranted,
      .voteSlotAwaited:
      process.plan(.receive(input))
    }
  }

  /// The answer as the machine sees it, its body in a file where one was asked for.
  private mutating func received(_ id: RequestID, _ response: APIResponse) -> RunInput {
    guard let transfer = process.transfers.removeValue(forKey: id) else {
      return .answered(id, response)
    }
    do throws(PayloadFailure) {
      return .answered(id, try transfer.received(response))
    } catch {
      return .exchangeFailed(id, error.transportFailure(mayHaveBeenSent: true))
    }
  }

  /// Puts on its way what the vault sends, and performs what befalls the service.
  mutating func deliver(_ emissions: [VaultEmission]) {
    for emission in emissions {
      switch emission {
      case .send(let text, let name):
        if let socket = process.number.socket(name) { arrive(.received(socket, text), on: name) }
      case .close(let name):
        if let socket = process.number.socket(name) { arrive(.disconnected(socket, nil), on: name) }
      case .drop(let name):
        if let socket = process.number.socket(name) {
          arrive(.disconnected(socket, .broken), on: name)
        }
      case .restart(let downtime): restart(downtime)
      case .discard: break
      }
    }
    trace?.note(vault.faults.takeInjections(), after: events.count, at: now)
  }

  private mutating func arrive(_ input: RunInput, on name: ConnectionID) {
    let connection = network.connection(of: process.number)
    network.send(.arrival(input, over: connection), on: name, isToService: false, at: now)
  }

  private mutating func restart(_ downtime: Duration) {
    network.restart(at: now, downtime: downtime)
    for socket in process.openSockets {
      arrive(.disconnected(socket, .broken), on: process.number.connection(socket))
    }
  }
}

/// Sockets.
extension Simulation {
  private mutating func open(_ socket: SocketID, _ connection: Connection) {
    guard connection.process == process.number, process.sockets[socket] != nil else { return }
    let name = connection.name(of: socket)
    if let failure = network.failure(of: connection, at: now) {
      return arrive(.connectFailed(socket, failure), on: name)
    }
    switch vault.faultOfOpening(at: now) {
    case nil:
      vault.connected(name, at: now)
      arrive(.connected(socket), on: name)
    case .reset(.before): arrive(.connectFailed(socket, .broken), on: name)
    case .reset(.after):
      arrive(.connected(socket), on: name)
      arrive(.disconnected(socket, .broken), on: name)
    case .refusal(let response):
      arrive(.connectFailed(socket, .refusedOpening(response.status)), on: name)
    case .slow(let delay):
      vault.connected(name, at: now)
      network.agenda.add(.arrival(.connected(socket), over: connection), at: now + delay)
    }
    trace?.note(vault.faults.takeInjections(), after: events.count, at: now)
  }

  /// Sends something on a socket of the process.
  mutating func send(on socket: SocketID, _ happening: (Connection) -> Happening) {
    let connection = network.connection(of: process.number)
    network.send(
      happening(connection), on: connection.name(of: socket), isToService: true, at: now)
  }

  mutating func close(_ socket: SocketID) {
    process.sockets[socket] = nil
    send(on: socket) { .closing(socket, over: $0) }
  }

  /// The process ends: what it sent still arrives, and then the ends of its sockets.
  mutating func closeSockets() {
    for socket in process.openSockets { close(socket) }
  }

  /// What happened inside the vault, with the steps that it follows from.
  mutating func noteOccurrences() {
    for occurrence in vault.takeOccurrences() { watch.happened(occurrence, at: now) }
  }
}
