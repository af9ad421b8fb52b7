import Events
import Machine
import Operations
import Playbooks
import Running

/// What the process does: it feeds the machine, records its events and performs its actions.
extension Simulation {
  /// Does one thing; nil when nothing has left the process with it.
  mutating func perform(_ act: ProcessAct) -> CrashPoint.Place? {
    switch act {
    case .receive(let input):
      receive(input)
      return nil
    case .record(let event, let index, let count):
      record(event, index: index)
      return index + 1 == count ? .commit : .tear(kept: index + 1, of: count)
    case .perform(let action, let origin): return perform(action, origin).map { .departure($0) }
    }
  }

  private mutating func receive(_ input: RunInput) {
    watch.received(input, at: now)
    guard let input = tampered(input) else { return }
    let actions = process.machine.apply(input, at: now)
    let origins = RequestOrigin.all(in: actions)
    let ordered = tampered(actions.filter(\.isRecord) + actions.filter { !$0.isRecord })
    let count = ordered.count(where: \.isRecord)
    var index = 0
    for action in ordered {
      if case .record(let event) = action {
        process.plan(.record(event, index: index, count: count))
        index += 1
      } else {
        process.plan(.perform(action, action.exchange.flatMap { origins[$0] }))
      }
    }
  }

  private mutating func tampered(_ input: RunInput) -> RunInput? {
    guard let tampering = scenario.tampering else { return input }
    return tampering.input(input, &process.notes)
  }

  private mutating func tampered(_ actions: [RunAction]) -> [RunAction] {
    guard let tampering = scenario.tampering else { return actions }
    return tampering.actions(actions, &process.notes)
  }

  private mutating func perform(
    _ action: RunAction, _ origin: RequestOrigin?
  ) -> CrashPoint.Departure? {
    switch action {
    case .record: return nil
    case .exchange(let id, let request):
      watch.sent(request, id, at: now)
      leave(id, request, origin)
      return .request
    case .abandon(let id):
      process.transfers.removeValue(forKey: id)?.abandon()
      return .abandonment
    case .perform(let id, let action, let arguments):
      let result = files.result(of: id, action, arguments)
      watch.learn(files.files.secrets)
      network.agenda.add(.input(result, to: process.number), at: now)
      return .localAction
    case .performDry(let id, let action, let arguments, let dryRun):
      let result = files.result(of: id, action, arguments, as: dryRun)
      network.agenda.add(.input(result, to: process.number), at: now)
      return nil
    case .connect(let socket):
      let connection = network.connection(of: process.number)
      process.sockets[socket] = .opening
      network.send(.opening(socket, over: connection), at: now)
      return .connection
    case .send(let socket, let text):
      send(on: socket) { .text(text, on: socket, over: $0) }
      return .text
    case .disconnect(let socket):
      close(socket)
      return .closing
    case .requestVoteSlot(let path):
      network.agenda.add(.input(.voteSlotGranted(path), to: process.number), at: now)
      return nil
    case .releaseVoteSlot: return nil
    case .finish(let result):
      finish(result)
      return nil
    case .fail(let message):
      watch.failed(message, at: now)
      finish(
        RunResult(outcome: .failed, failure: Failure(.local, "internal error: \(message)")))
      return nil
    }
  }

  /// Sends a request on its way, its file in one piece.
  private mutating func leave(_ id: RequestID, _ request: APIRequest, _ origin: RequestOrigin?) {
    var request = request
    if request.movesFiles {
      do throws(PayloadFailure) {
        let transfer = try files.actions.transfer(for: request)
        process.transfers[id] = transfer
        if transfer.source != nil { request.body = try transfer.wholeBody() }
      } catch {
        let failure = error.transportFailure(mayHaveBeenSent: false)
        return network.agenda.add(
          .input(.exchangeFailed(id, failure), to: process.number), at: now)
      }
    }
    let connection = network.connection(of: process.number)
    network.send(.request(id, request, over: connection, from: origin), at: now)
  }
}

extension RunAction {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }

  /// The request that it sends.
  fileprivate var exchange: RequestID? {
    if case .exchange(let id, _) = self { id } else { nil }
  }
}

extension RequestOrigin {
  /// The origins of the requests among `actions`: an intent comes just before its request.
  fileprivate static func all(in actions: [RunAction]) -> [RequestID: RequestOrigin] {
    var origins: [RequestID: RequestOrigin] = [:]
    var intent: RequestOrigin?
    for action in actions {
      if case .exchange(let id, _) = action { origins[id] = intent }
      intent = nil
      if case .record(let event) = action,
        case .requestIntended(let path, let intended) = event.kind
      {
        intent = RequestOrigin(path: path, operation: intended.operation)
      }
    }
    return origins
  }
}
