import Events
import Operations

/// An address of the service that does not answer is reported while something is expected of it.
extension Kernel {
  /// A request leaves; one that moves a file takes its time, so that it is reported later.
  mutating func expectAnswer(to id: RequestID, _ request: APIRequest) {
    guard let address = address(of: request.endpoint) else { return }
    silence.requests[id] = address
    expectAnswer(of: address)
    guard request.movesFiles, silence.addresses[address]?.since == now else { return }
    let moment = now + settings.silence.reportInterval
    silence.addresses[address]?.reason = "a file is being transferred"
    silence.addresses[address]?.nextReport = moment
    setSilenceTimer()
  }

  /// A WebSocket is being opened.
  mutating func expectSocket() {
    if let address = state.start?.service?.webSocket { expectAnswer(of: address) }
  }

  /// A join was sent on an open WebSocket.
  mutating func expectJoin() {
    guard let address = state.start?.service?.webSocket else { return }
    expectAnswer(of: address)
    silence.addresses[address]?.reason = "the WebSocket is open, but the join has no response"
  }

  /// The request was answered, whatever the status.
  mutating func noteAnswer(to id: RequestID) {
    if let address = silence.requests.removeValue(forKey: id) { noteAnswer(of: address) }
  }

  /// The WebSocket is open.
  mutating func noteSocket() {
    if let address = state.start?.service?.webSocket { noteAnswer(of: address) }
  }

  /// The request failed.
  mutating func noteFailure(of id: RequestID, _ failure: TransportFailure) {
    guard let address = silence.requests.removeValue(forKey: id) else { return }
    noteFailure(at: address, failure)
  }

  /// The WebSocket could not be opened.
  mutating func noteSocketFailure(_ failure: TransportFailure) {
    if let address = state.start?.service?.webSocket { noteFailure(at: address, failure) }
  }

  /// The time for a report has come; a call in progress may still take `timeLeft`.
  mutating func reportSilence(timeLeft: Duration?) {
    silence.requests = silence.requests.filter { isInFlight($0.key) }
    for (address, state) in silence.addresses.sorted(by: { $0.key < $1.key })
    where state.nextReport <= now {
      guard isExpected(of: address, state) else {
        silence.addresses[address] = nil
        continue
      }
      let moment = now + settings.silence.reportInterval
      silence.addresses[address]?.isReported = true
      silence.addresses[address]?.nextReport = moment
      emit(
        .serviceChanged(
          address: address,
          .silent(duration: now - state.since, reason: state.reason, left: timeLeft)))
    }
    setSilenceTimer()
  }

  private mutating func expectAnswer(of address: String) {
    guard silence.addresses[address] == nil else {
      silence.addresses[address]?.lastTry = now
      return
    }
    silence.addresses[address] = Silence.Address(
      since: now, lastTry: now, nextReport: now + settings.silence.interval)
    setSilenceTimer()
  }

  private mutating func noteAnswer(of address: String) {
    guard let state = silence.addresses.removeValue(forKey: address) else { return }
    if state.isReported { emit(.serviceChanged(address: address, .answering)) }
    if silence.requests.values.contains(address) { expectAnswer(of: address) }
    setSilenceTimer()
  }

  private mutating func noteFailure(at address: String, _ failure: TransportFailure) {
    switch failure.kind {
    case .unreachable, .timedOut, .broken:
      let own = "\(address) "
      let message = secrets.scrub(failure.message)
      silence.addresses[address]?.reason =
        message.hasPrefix(own) ? String(message.dropFirst(own.count)) : message
    // It says nothing of the address that a request did not leave.
    case .heldBack: break
    case .refusedByProxy, .untrusted, .otherHost, .tls, .tooLarge, .protocolViolation, .localFile,
      .notAuthentic:
      noteAnswer(of: address)
    }
  }

  /// Whether something is on its way to the address, or was a moment ago and is tried again.
  private func isExpected(of address: String, _ state: Silence.Address) -> Bool {
    silence.requests.values.contains(address)
      || now - state.lastTry <= settings.silence.reportInterval
  }

  private mutating func setSilenceTimer() {
    if let moment = silence.nextReport {
      wake(for: .silence, at: moment)
    } else {
      cancelTimer(for: .silence)
    }
  }

  private func address(of endpoint: Endpoint) -> String? {
    switch endpoint {
    case .api: state.start?.service?.api
    case .upstream: state.start?.service?.upstream
    case .downstream: state.start?.service?.downstream
    case .url(let url): ServiceOrigins.origin(of: url)
    }
  }
}
