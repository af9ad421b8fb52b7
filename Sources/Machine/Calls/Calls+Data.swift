import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Data requested under a request id: a message brings it, or its address (protocol.md §3).
extension Calls {
  mutating func awaitData(
    _ request: String, at id: NodeID, _ call: CallState, _ answer: OperationAnswer,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    expect(command: answer.commandID, data: request, at: id)
    let command = answer.commandID.map {
      newWait(for: $0, of: call, fields: ValueMap(), sessions, kernel)
    }
    setPhase(
      id,
      .awaitingData(DataWait(requestID: request, command: command, fields: answer.fields)))
    watchOver(id, &kernel)
    kernel.emitWaiting(id, .data(requestID: request))
    for message in earlyMessages.takeData(of: request) {
      dataMessage(message, of: request, &kernel)
    }
    guard let command = answer.commandID, let early = earlyMessages.takeStatus(of: command) else {
      return
    }
    commandStatus(early.state, early.body, of: command, by: .socket, sessions, &kernel)
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
  private func watchOver(_ id: NodeID, _ kernel: inout Kernel) {
    guard let wait = self[id]?.dataWait else { return }
    let settings = kernel.settings
    if wait.command != nil {
      kernel.wake(for: .poll(id), at: kernel.now + settings.polls.quietInterval)
    } else {
      kernel.wake(for: .askAgain(id), at: kernel.now + settings.polls.rareInterval)
    }
  }

  /// The command behind the request succeeded; its data is still to come.
  mutating func dataCommandSucceeded(
    _ command: String, at id: NodeID, _ kernel: inout Kernel
  ) {
    stopExpecting(command: command, at: id)
    kernel.cancelTimer(for: .poll(id))
    if let poll = self[id]?.dataWait?.command?.polling.request { kernel.forget(poll) }
    updateData(id) { $0.command = nil }
    kernel.wake(for: .askAgain(id), at: kernel.now + kernel.settings.polls.quietInterval)
  }

  mutating func dataMessage(
    _ message: DataMessage, of request: String, _ kernel: inout Kernel
  ) {
    for id in dataWaiters[request] { dataMessage(message, at: id, &kernel) }
  }

  private mutating func dataMessage(
    _ message: DataMessage, at id: NodeID, _ kernel: inout Kernel
  ) {
    guard let call = self[id], let wait = call.dataWait else { return }
    switch message {
    case .body(let body, let context):
      let context = context.map { kernel.secrets.scrub($0) } ?? wait.context
      updateData(id) { $0.context = context }
      switch body {
      case .address(let url): fetch(id, .address(url), &kernel)
      case .auth(let auth): fetch(id, .auth(auth), &kernel)
      case .payload(let bytes):
        guard call.isPayload(bytes) else {
          return updateCall(id) { $0.payload.hasUnopened = true }
        }
        if wait.download == nil { inlineArrived(id, bytes, call, &kernel) }
      case .notice: break
      }
    case .streamReady(let url):
      updateData(id) { $0.stream.wasReady = true }
      if wait.download == nil, let source = url.map(DataSource.address) ?? wait.source {
        fetch(id, source, &kernel)
      } else {
        updateData(id) {
          $0.stream.isReady = true
          $0.stream.address = url ?? $0.stream.address
        }
      }
    }
  }

  private mutating func fetch(_ id: NodeID, _ source: DataSource, _ kernel: inout Kernel) {
    guard let call = self[id], call.dataWait?.download == nil else { return }
    var request: APIRequest
    switch source {
    case .address(let url):
      request = APIRequest(endpoint: .url(url.reveal().text ?? ""), method: "GET", path: "")
    case .auth(let auth):
      guard let operation = kernel.plan.api.downloadOperation,
        let route = operation.routes.first,
        let made = try? operation.request(["auth": .secret(auth)], by: route, token: nil)
      else { return }
      request = made
    }
    kernel.noteForeignAddress(of: request, at: id)
    request.download = call.operation.download(call.arguments)
    let requestID = kernel.request(for: .download(id))
    updateData(id) {
      $0.download = requestID
      $0.source = source
    }
    kernel.perform(.exchange(requestID, request))
  }

  mutating func downloaded(_ id: NodeID, _ response: APIResponse, _ kernel: inout Kernel) {
    guard let call = kernel.certain(self[id]), let wait = kernel.certain(call.dataWait) else {
      return
    }
    updateData(id) { $0.download = nil }
    let operation = kernel.plan.api.downloadOperation
    for secret in wait.secrets { kernel.learn(secret) }
    if case .problem(let problem)? = operation?.read(response, hiding: kernel.secrets).verdict {
      let failure = Failure(
        problem.kind, "the download was refused: \(problem.message)", status: response.status,
        operation: call.operation.id)
      return downloadRefused(id, failure, retryAfter: problem.retryAfter, &kernel)
    }
    let content = DataContent(response)
    kernel.note(content.notice, at: id)
    dataArrived(id, content, by: .download, &kernel)
  }

  /// No whole answer came; one that is not the payload may be news of it, like a refusal.
  mutating func downloadFailed(
    _ id: NodeID, _ problem: TransportFailure, _ kernel: inout Kernel
  ) {
    var failure = problem.failure(of: self[id]?.operation)
    if problem.kind != .notAuthentic {
      failure.message = "the download failed: \(failure.message)"
    }
    guard problem.kind == .notAuthentic, let wait = self[id]?.dataWait,
      !wait.stream.wasReady || wait.stream.isReady
    else { return downloadFailed(id, failure, &kernel) }
    updateData(id) { $0.download = nil }
    updateCall(id) { $0.payload.flaw = failure }
    downloadRefused(id, failure, &kernel)
  }

  /// An auth value may be refused until the stream is ready; a complete address is final.
  private mutating func downloadRefused(
    _ id: NodeID, _ problem: Failure, retryAfter: Duration? = nil, _ kernel: inout Kernel
  ) {
    guard let call = self[id], let wait = call.dataWait, case .auth(let auth)? = wait.source,
      problem.mayPass
    else { return downloadFailed(id, problem, retryAfter: retryAfter, &kernel) }
    if wait.stream.wasReady, !wait.stream.isReady, let flaw = call.payload.flaw {
      return downloadFailed(id, flaw, &kernel)
    }
    updateData(id) { $0.refusal = problem.message }
    guard wait.stream.isReady else { return }
    updateData(id) { $0.stream.isReady = false }
    fetch(id, wait.stream.address.map(DataSource.address) ?? .auth(auth), &kernel)
  }

  mutating func downloadFailed(
    _ id: NodeID, _ problem: Failure, retryAfter: Duration? = nil, _ kernel: inout Kernel
  ) {
    guard self[id] != nil else { return }
    updateData(id) { $0.download = nil }
    abandon(id, &kernel)
    kernel.schedule(
      .callFailed(id, WorkFailure(problem, effect: .possible, retryAfter: retryAfter)))
  }

  /// A message brought the payload: it is the data, or goes into the file that the call names.
  private mutating func inlineArrived(
    _ id: NodeID, _ payload: [UInt8], _ call: CallState, _ kernel: inout Kernel
  ) {
    guard let download = call.operation.download(call.arguments) else {
      return dataArrived(id, .bytes(payload), by: .inline, &kernel)
    }
    let request = kernel.request(for: .keeping(id))
    updateData(id) {
      $0.download = request
      $0.inlineCount = payload.count
    }
    if let key = download.key {
      let arguments: ValueMap = [
        "data": .bytes(payload), "key": .secret(key), "to": .string(download.path),
      ]
      kernel.perform(.perform(request, .decryptData, arguments))
    } else {
      let arguments: ValueMap = ["data": .bytes(payload), "path": .string(download.path)]
      kernel.perform(.perform(request, .writeFile, arguments))
    }
  }

  /// The payload that a message brought is in its file.
  mutating func kept(_ id: NodeID, _ fields: ValueMap, _ kernel: inout Kernel) {
    guard let call = self[id], let wait = call.dataWait,
      let path = call.operation.download(call.arguments)?.path
    else { return }
    updateData(id) { $0.download = nil }
    let size = fields["size"]?.plainText.flatMap { Int($0) } ?? 0
    let file = ReceivedFile(
      file: LocalFile(path: path, size: size), byteCount: wait.inlineCount)
    dataArrived(id, .file(file), by: .inline, &kernel)
  }

  private mutating func dataArrived(
    _ id: NodeID, _ content: DataContent, by means: DataMeans, _ kernel: inout Kernel
  ) {
    guard let node = kernel.tree.nodes[id], let call = self[id], let wait = call.dataWait else {
      return
    }
    abandon(id, &kernel)
    kernel.emit(
      .dataArrived(
        node.path, requestID: wait.requestID, byteCount: content.byteCount, means: means))
    var fields = wait.fields
    content.fill(&fields, of: call.operation)
    fields["context"] = wait.context.map { .string($0) } ?? .null
    fields["requestId"] = .string(wait.requestID)
    kernel.schedule(.callSucceeded(id, fields))
  }

  /// Asks again for what may have been lost with the socket: nothing polls for it.
  mutating func askAgain(of session: SessionID, _ kernel: inout Kernel) {
    for id in dataWaiters.all where self[id]?.session == session { askAgain(id, &kernel) }
  }

  /// Sends a request for data once more, where that cannot do harm and not without end.
  mutating func askAgain(_ id: NodeID, _ kernel: inout Kernel) {
    guard let call = self[id], let wait = call.dataWait, wait.download == nil,
      kernel.tree.step(id)?.stop == nil, call.operation.repetition.isRepeatable,
      call.repeatedRequests < kernel.settings.calls.dataRequestLimit
    else { return }
    abandon(id, &kernel)
    kernel.cancelTimer(for: .poll(id))
    kernel.cancelTimer(for: .askAgain(id))
    updateCall(id) {
      $0.repeatedRequests += 1
      $0.phase = .awaitingSession
    }
    kernel.schedule(.proceed(id))
  }
}

extension APIDescription {
  /// The operation that downloads requested data.
  fileprivate var downloadOperation: Operation? { operations[roles.download] }
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
