import Planning
import OrderedCollections
import Events
import Expressions
import Operations
import Playbooks

/// Data asked for under a request id: a message brings it, or tells where it is (protocol.md §3).
extension RunMachine {
  mutating func awaitData(
    _ request: String, at id: NodeID, _ call: CallState, _ answer: OperationAnswer
  ) {
    guard let node = nodes[id] else { return }
    dataWaiters.add(id, to: request)
    let command = answer.commandID.map { newWait(for: $0, of: call, fields: ValueMap()) }
    if let command { commandWaiters.add(id, to: command.commandID) }
    setPhase(
      id,
      .awaitingData(DataWait(requestID: request, command: command, fields: answer.fields)))
    watchOver(id)
    emitWaiting(node.path, .data(requestID: request))
    for message in earlyMessages.takeData(of: request) {
      dataMessage(message, of: request)
    }
    guard let command = answer.commandID, let early = earlyMessages.takeStatus(of: command) else {
      return
    }
    commandStatus(early.state, early.body, of: command, by: .socket)
  }

  func dataWait(_ id: NodeID) -> DataWait? {
    guard case .awaitingData(let wait) = call(at: id)?.phase else { return nil }
    return wait
  }

  private mutating func updateData(_ id: NodeID, _ change: (inout DataWait) -> Void) {
    updateCall(id) { call in
      guard case .awaitingData(var wait) = call.phase else { return }
      change(&wait)
      call.phase = .awaitingData(wait)
    }
  }

  /// Sees to it that a lost message is noticed: the command behind the request is polled, and data
  /// that stays away after it succeeded, or that has no command, is asked for again.
  private mutating func watchOver(_ id: NodeID) {
    guard let wait = dataWait(id) else { return }
    if wait.command != nil {
      timers.set(.poll(id), at: now + settings.quietInterval)
    } else {
      timers.set(.askAgain(id), at: now + settings.rarePollInterval)
    }
  }

  /// The command behind the request succeeded; its data is still to come.
  mutating func dataCommandSucceeded(_ command: String, at id: NodeID) {
    commandWaiters.remove(id, from: command)
    timers.cancel(.poll(id))
    if let poll = dataWait(id)?.command?.poll { forget(poll) }
    updateData(id) { $0.command = nil }
    timers.set(.askAgain(id), at: now + settings.quietInterval)
  }

  mutating func dataMessage(_ message: DataMessage, of request: String) {
    for id in dataWaiters[request] { dataMessage(message, at: id) }
  }

  private mutating func dataMessage(_ message: DataMessage, at id: NodeID) {
    guard let wait = dataWait(id), let call = call(at: id) else { return }
    switch message {
    case .body(let body, let context):
      let context = context.map { scrubber.scrub($0) } ?? wait.context
      updateData(id) { $0.context = context }
      switch body {
      case .address(let url): fetch(id, .address(url))
      case .auth(let auth): fetch(id, .auth(auth))
      case .payload(let bytes):
        guard call.isPayload(bytes) else {
          return updateCall(id) { $0.hasUnopenedPayload = true }
        }
        dataArrived(id, bytes, by: .inline)
      case .notice: break
      }
    case .streamReady(let url):
      if wait.download == nil, let source = url.map(DataSource.address) ?? wait.source {
        fetch(id, source)
      } else {
        updateData(id) {
          $0.isStreamReady = true
          $0.streamAddress = url ?? $0.streamAddress
        }
      }
    }
  }

  private mutating func fetch(_ id: NodeID, _ source: DataSource) {
    guard dataWait(id)?.download == nil else { return }
    let request: APIRequest
    switch source {
    case .address(let url):
      request = APIRequest(endpoint: .url(url.reveal().text ?? ""), method: "GET", path: "")
    case .auth(let auth):
      guard let operation = plan.api.operations[plan.api.roles.download],
        let route = operation.routes.first,
        let made = try? operation.request(["auth": .secret(auth)], by: route, token: nil)
      else { return }
      request = made
    }
    let requestID = self.request(for: .download(id))
    updateData(id) {
      $0.download = requestID
      $0.source = source
    }
    perform(.exchange(requestID, request))
  }

  mutating func downloaded(_ id: NodeID, _ response: APIResponse) {
    guard let call = call(at: id), dataWait(id) != nil else { return }
    updateData(id) { $0.download = nil }
    guard (200..<300).contains(response.status) else {
      let problem = Failure(
        response.status >= 500 ? .serverError : .invalid,
        "the download was refused with HTTP \(response.status)", status: response.status,
        operation: call.operation.id)
      return downloadRefused(id, problem)
    }
    dataArrived(id, response.body, by: .download)
  }

  /// An auth value may be refused until the stream is ready; a complete address is final.
  private mutating func downloadRefused(_ id: NodeID, _ problem: Failure) {
    guard let wait = dataWait(id), case .auth(let auth)? = wait.source, problem.kind == .invalid
    else {
      return downloadFailed(id, problem)
    }
    guard wait.isStreamReady else { return }
    updateData(id) { $0.isStreamReady = false }
    fetch(id, wait.streamAddress.map(DataSource.address) ?? .auth(auth))
  }

  mutating func downloadFailed(_ id: NodeID, _ problem: Failure) {
    updateData(id) { $0.download = nil }
    guard let call = call(at: id) else { return }
    abandon(call, at: id)
    callFailed(id, WorkFailure(problem, effect: .possible))
  }

  private mutating func dataArrived(_ id: NodeID, _ payload: [UInt8], by means: DataMeans) {
    guard let node = nodes[id], let call = call(at: id), let wait = dataWait(id) else { return }
    abandon(call, at: id)
    emit(
      .dataArrived(
        node.path, requestID: wait.requestID, byteCount: payload.count, means: means))
    var fields = wait.fields
    fields["data"] = .bytes(payload)
    fields["context"] = wait.context.map { .string($0) } ?? .null
    fields["requestId"] = .string(wait.requestID)
    finishCall(id, with: fields)
  }

  /// Asks again for what may have been lost with the socket: nothing polls for it.
  mutating func askAgain(of session: SessionID) {
    for id in dataWaiters.all where call(at: id)?.session == session { askAgain(id) }
  }

  /// Sends a request for data once more, where that cannot do harm and not without end.
  mutating func askAgain(_ id: NodeID) {
    guard let wait = dataWait(id), wait.download == nil, let call = call(at: id),
      stepState(id)?.stop == nil, call.operation.repetition.isRepeatable,
      call.repeatedRequests < settings.dataRequestLimit
    else { return }
    abandon(call, at: id)
    timers.cancel(.poll(id))
    timers.cancel(.askAgain(id))
    updateCall(id) {
      $0.repeatedRequests += 1
      $0.phase = .awaitingSession
    }
    agenda.append(.proceed(id))
  }
}

extension CallState {
  /// Whether inline bytes are the data and not a notice that looks like it (protocol.md §3).
  ///
  /// Where the step gave its `key`, only what authenticates under it is the data.
  fileprivate func isPayload(_ bytes: [UInt8]) -> Bool {
    guard let key = arguments["key"]?.text else { return true }
    guard let key = Hexadecimal.decode(key) else { return false }
    return (try? Envelope.open(bytes, key: key)) != nil
  }
}
