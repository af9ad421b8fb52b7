import Planning
import OrderedCollections
import Events
import Expressions
import Operations
import Playbooks

/// Data requested under a request id: a message brings it, or its address (protocol.md §3).
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
  /// that stays away after it succeeded, or that has no command, is requested again.
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
        if wait.download == nil { inlineArrived(id, bytes, call) }
      case .notice: break
      }
    case .streamReady(let url):
      updateData(id) { $0.wasReady = true }
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
    guard dataWait(id)?.download == nil, let call = call(at: id) else { return }
    var request: APIRequest
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
    noteForeignAddress(of: request, at: id)
    request.download = call.operation.download(call.arguments)
    let requestID = self.request(for: .download(id))
    updateData(id) {
      $0.download = requestID
      $0.source = source
    }
    perform(.exchange(requestID, request))
  }

  mutating func downloaded(_ id: NodeID, _ response: APIResponse) {
    guard let call = call(at: id), let wait = dataWait(id) else { return }
    updateData(id) { $0.download = nil }
    let operation = plan.api.operations[plan.api.roles.download]
    for secret in wait.secrets { scrubber.add(secret) }
    if case .problem(let problem)? = operation?.read(response, hiding: scrubber).verdict {
      let failure = Failure(
        problem.kind, "the download was refused: \(problem.message)", status: response.status,
        operation: call.operation.id)
      return downloadRefused(id, failure, retryAfter: problem.retryAfter)
    }
    let content = DataContent(response)
    note(content.notice, at: id)
    dataArrived(id, content, by: .download)
  }

  /// No whole answer came; one that is not the payload may be news of it, like a refusal.
  mutating func downloadFailed(_ id: NodeID, _ problem: TransportFailure) {
    var failure = problem.failure(of: call(at: id)?.operation)
    if problem.kind != .notAuthentic {
      failure.message = "the download failed: \(failure.message)"
    }
    guard problem.kind == .notAuthentic, let wait = dataWait(id),
      !wait.wasReady || wait.isStreamReady
    else { return downloadFailed(id, failure) }
    updateData(id) { $0.download = nil }
    updateCall(id) { $0.flaw = failure }
    downloadRefused(id, failure)
  }

  /// An auth value may be refused until the stream is ready; a complete address is final.
  private mutating func downloadRefused(
    _ id: NodeID, _ problem: Failure, retryAfter: Duration? = nil
  ) {
    guard let wait = dataWait(id), case .auth(let auth)? = wait.source, problem.mayPass
    else { return downloadFailed(id, problem, retryAfter: retryAfter) }
    if wait.wasReady, !wait.isStreamReady, let flaw = call(at: id)?.flaw {
      return downloadFailed(id, flaw)
    }
    updateData(id) { $0.refusal = problem.message }
    guard wait.isStreamReady else { return }
    updateData(id) { $0.isStreamReady = false }
    fetch(id, wait.streamAddress.map(DataSource.address) ?? .auth(auth))
  }

  mutating func downloadFailed(
    _ id: NodeID, _ problem: Failure, retryAfter: Duration? = nil
  ) {
    updateData(id) { $0.download = nil }
    guard let call = call(at: id) else { return }
    abandon(call, at: id)
    callFailed(id, WorkFailure(problem, effect: .possible, retryAfter: retryAfter))
  }

  /// A message brought the payload: it is the data, or goes into the file that the call names.
  private mutating func inlineArrived(_ id: NodeID, _ payload: [UInt8], _ call: CallState) {
    guard let download = call.operation.download(call.arguments) else {
      return dataArrived(id, .bytes(payload), by: .inline)
    }
    let request = self.request(for: .keeping(id))
    updateData(id) {
      $0.download = request
      $0.inlineCount = payload.count
    }
    if let key = download.key {
      let arguments: ValueMap = [
        "data": .bytes(payload), "key": .secret(key), "to": .string(download.path),
      ]
      perform(.perform(request, .decryptData, arguments))
    } else {
      let arguments: ValueMap = ["data": .bytes(payload), "path": .string(download.path)]
      perform(.perform(request, .writeFile, arguments))
    }
  }

  /// The payload that a message brought is in its file.
  mutating func kept(_ id: NodeID, _ fields: ValueMap) {
    guard let wait = dataWait(id), let call = call(at: id),
      let path = call.operation.download(call.arguments)?.path
    else { return }
    updateData(id) { $0.download = nil }
    let size = fields["size"]?.plainText.flatMap { Int($0) } ?? 0
    let file = ReceivedFile(
      file: LocalFile(path: path, size: size), byteCount: wait.inlineCount)
    dataArrived(id, .file(file), by: .inline)
  }

  private mutating func dataArrived(_ id: NodeID, _ content: DataContent, by means: DataMeans) {
    guard let node = nodes[id], let call = call(at: id), let wait = dataWait(id) else { return }
    abandon(call, at: id)
    emit(
      .dataArrived(
        node.path, requestID: wait.requestID, byteCount: content.byteCount, means: means))
    var fields = wait.fields
    content.fill(&fields, of: call.operation)
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
    guard let key = operation.key(arguments)?.reveal().text else { return true }
    guard let key = Hexadecimal.decode(key) else { return false }
    return (try? Envelope.open(bytes, key: key)) != nil
  }
}

extension Failure {
  /// Whether a refused download may be answered once the stream is ready: HTTP 4xx, and what is not
  /// the payload.
  fileprivate var mayPass: Bool {
    status.map { (400..<500).contains($0) } ?? (kind == .malformed)
  }
}
