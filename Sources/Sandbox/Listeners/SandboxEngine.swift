import NIOCore
import NIOPosix
import NIOWebSocket
import Operations
import Synchronization

/// The vault of a running server, and the sockets it talks to.
///
/// All connections and the timer live on one event loop, which puts what happens into one order.
/// The lock is never held while something is sent: sending may come back here.
final class SandboxEngine: Sendable {
  private struct State {
    var vault: Vault
    var sockets: [ConnectionID: SocketOutput] = [:]
    var lastConnection = 0
    var alarm: (at: Moment, timer: Scheduled<Void>)?
    var isStopped = false
    var saves: SaveSchedule
    var saveCount = 0
    /// The last reported failure of a save, until one succeeds.
    var toldFailure: SandboxError?
    var held = HeldEmissions()
    /// Refuses connections for a while after all were cut.
    var restart: @Sendable (Duration) -> Void = { _ in }
  }

  /// Payloads that are kept in files.
  let blobs: BlobStore
  private let state: Mutex<State>
  private let file: StateFile?
  private let time: TimeSource
  private let messageHoldback: Duration
  private let report: @Sendable (SandboxError) -> Void
  private let loop: any EventLoop

  /// Goes on with the state of the file, if there is one; throws when it cannot be used.
  init(_ configuration: SandboxConfiguration, on loop: any EventLoop) throws(SandboxError) {
    var vault = Vault(configuration: configuration.vault, seed: configuration.seed)
    blobs = BlobStore(in: configuration.payloadFolder, limit: configuration.filedBytes)
    FolderClaim.removeAbandoned(in: configuration.payloadFolder)
    file = configuration.stateFile.map(StateFile.init)
    if let file {
      try file.lock()
      let saved = try file.load()
      try blobs.keep(saved?.blobs ?? [:], in: "\(file.path).payloads")
      if let saved { vault.resume(saved) }
    }
    if let profile = configuration.profile { vault.know(profile) }
    let saves = SaveSchedule(every: configuration.saveInterval, since: vault.revision)
    state = Mutex(State(vault: vault, saves: saves))
    time = configuration.time
    messageHoldback = configuration.messageHoldback
    report = configuration.report
    self.loop = loop
  }

  /// From now on clients are directed to upload and download there.
  func locateStreams(upstream: StreamAddress, downstream: StreamAddress) {
    state.withLock { $0.vault.locateStreams(upstream: upstream, downstream: downstream) }
    setAlarm()
  }

  /// Has restarts that are injected performed by whoever owns the listeners.
  func onRestart(_ restart: @escaping @Sendable (Duration) -> Void) {
    state.withLock { $0.restart = restart }
  }

  func answer(_ request: APIRequest) -> FaceAnswer {
    answer(request, carrying: .memory(request.body))
  }

  /// The same for an upload, whose payload may be in a file.
  func answer(_ request: APIRequest, carrying payload: Payload) -> FaceAnswer {
    let now = time.now()
    let reaction = state.withLock { $0.vault.receive(request, carrying: payload, at: now) }
    if reaction.mayOvertake || reaction.fate == .reset || messageHoldback == .zero {
      deliver(reaction.emissions)
    } else {
      hold(reaction.emissions)
    }
    var answer = FaceAnswer(response: reaction.response, fate: reaction.fate)
    guard let id = reaction.blob, reaction.fate != .reset else { return answer }
    if let blob = blobs.open(id) {
      answer.blob = blob
    } else {
      answer.response = .failure(500, "the payload is lost")
    }
    return answer
  }

  /// What befalls a socket that is about to be opened.
  func faultOfOpening() -> OpeningFault? {
    let now = time.now()
    return state.withLock { $0.vault.faultOfOpening(at: now) }
  }

  /// The answer to an upload whose body need not be read.
  func refusal(beforeUpload request: APIRequest, byteCount: Int) -> APIResponse? {
    let now = time.now()
    return state.withLock {
      $0.vault.refusal(beforeUpload: request, byteCount: byteCount, at: now)
    }
  }

  /// Takes a socket in; nil once the server is stopping.
  func open(_ output: SocketOutput) -> ConnectionID? {
    let now = time.now()
    return state.withLock { state in
      guard !state.isStopped else { return nil }
      state.lastConnection += 1
      let id = ConnectionID(state.lastConnection)
      state.sockets[id] = output
      state.vault.connected(id, at: now)
      return id
    }
  }

  func receive(_ text: String, on id: ConnectionID) {
    let now = time.now()
    deliver(state.withLock { $0.vault.receive(text: text, on: id, at: now) })
  }

  func closed(_ id: ConnectionID) {
    let now = time.now()
    state.withLock { state in
      state.sockets[id] = nil
      state.vault.disconnected(id, at: now)
    }
  }

  /// Stops the timer and says goodbye to every socket.
  func stop() {
    let sockets = state.withLock { state in
      state.isStopped = true
      state.alarm?.timer.cancel()
      state.alarm = nil
      return state.sockets.sorted { $0.key.number < $1.key.number }.map(\.value)
    }
    for socket in sockets { socket.close(.goingAway) }
  }

  /// Puts the state into its file, if it has one.
  func save() throws(SandboxError) {
    guard let file else { return }
    let (snapshot, number) = state.withLock { state in
      state.saveCount += 1
      return (state.vault.state, state.saveCount)
    }
    try file.save(snapshot, number: number)
  }

  /// Sends after the answer that is about to be written.
  private func hold(_ emissions: [VaultEmission]) {
    setAlarm()
    guard !emissions.isEmpty else { return }
    let number = state.withLock { $0.held.hold(emissions) }
    loop.scheduleTask(in: .nanoseconds(messageHoldback.wholeNanoseconds)) {
      self.send(self.state.withLock { $0.held.release(through: number) })
    }
  }

  private func deliver(_ emissions: [VaultEmission]) {
    send(state.withLock { $0.held.pass(emissions) })
    setAlarm()
  }

  private func send(_ emissions: [VaultEmission]) {
    for emission in emissions {
      switch emission {
      case .send(let text, let id): socket(id)?.send(text)
      case .close(let id): socket(id)?.close(.unknown(1013))
      case .drop(let id): socket(id)?.cut()
      case .restart(let downtime): state.withLock(\.restart)(downtime)
      case .discard(let id): blobs.remove(id)
      }
    }
  }

  private func socket(_ id: ConnectionID) -> SocketOutput? {
    state.withLock { $0.sockets[id] }
  }

  /// Has the vault woken when something is due next.
  private func setAlarm() {
    let now = time.now()
    state.withLock { state in
      if file != nil { state.saves.note(state.vault.revision, at: now) }
      let deadlines = [state.vault.nextDeadline, state.saves.due].compactMap { $0 }
      guard let deadline = deadlines.min(), !state.isStopped else { return }
      if let alarm = state.alarm, alarm.at <= deadline { return }
      state.alarm?.timer.cancel()
      let pause = max(0, (deadline - now).wholeNanoseconds)
      let timer = loop.scheduleTask(in: .nanoseconds(pause)) { self.ring(at: deadline) }
      state.alarm = (deadline, timer)
    }
  }

  private func ring(at deadline: Moment) {
    let now = max(time.now(), deadline)
    let (emissions, isSaving) = state.withLock { state -> ([VaultEmission], Bool) in
      state.alarm = nil
      guard !state.isStopped else { return ([], false) }
      return (state.vault.advance(to: now), state.saves.take(at: now))
    }
    deliver(emissions)
    if isSaving { NIOThreadPool.singleton.submit { _ in self.saveMeanwhile() } }
  }

  /// Saves while the server runs; a failure is reported once, and the save is tried again.
  private func saveMeanwhile() {
    do throws(SandboxError) {
      try save()
      state.withLock { $0.toldFailure = nil }
    } catch {
      let now = time.now()
      let isNews = state.withLock { state in
        defer { state.toldFailure = error }
        state.saves.retry(at: now)
        return state.toldFailure != error && !state.isStopped
      }
      if isNews { report(error) }
      setAlarm()
    }
  }

  /// Lets another sandbox have the file.
  func unlock() {
    file?.unlock()
  }
}
