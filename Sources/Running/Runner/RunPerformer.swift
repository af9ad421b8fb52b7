package import Machine
package import Operations

/// Performs what the machine of one run decides, over a real transport.
///
/// Everything that takes time is a child of the task group that the caller gives, and ends with one
/// input for the machine. The actions of a socket are performed in order.
package struct RunPerformer: Sendable {
  let tools: RunTools
  let inputs: RunInputs
  private let sockets = OpenSockets()
  let transfers = OpenTransfers()
  let actions = OpenActions()

  /// A performer that delivers what happens to `inputs`.
  package init(_ tools: RunTools, deliveringTo inputs: RunInputs) {
    self.tools = tools
    self.inputs = inputs
  }

  /// Performs `decided` in order; of a request that is abandoned at once nothing is sent.
  package func perform(
    _ decided: [RunAction], in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let abandoned = Set(
      decided.compactMap { action in
        if case .abandon(let id) = action { id } else { nil }
      })
    for action in decided {
      switch action {
      case .record, .requestVoteSlot, .releaseVoteSlot, .finish, .fail: break
      case .abandon(let id):
        actions.interrupt(id)
        if transfers.holds(id) { group.addTask { await aside { transfers.abandon(id) } } }
      case .exchange(let id, _) where abandoned.contains(id): break
      case .exchange(let id, let request): exchange(id, request, in: &group)
      case .perform(let id, let action, let arguments):
        act(id, action, arguments, in: &group)
      case .performDry(let id, let action, let arguments, let dryRun):
        act(id, action, arguments, as: dryRun, in: &group)
      case .connect(let id):
        let commands = sockets.open(id)
        group.addTask { await converse(on: id, commands) }
      case .send(let id, let text): sockets.send(.text(text), to: id)
      case .disconnect(let id): sockets.send(.close, to: id)
      }
    }
  }

  /// Ends every local action and closes every socket; what is in flight is left to the task group.
  package func stop() {
    actions.interruptAll()
    sockets.closeAll()
  }

  /// The life of one socket: opened, listened to, and closed.
  private func converse(on id: SocketID, _ commands: AsyncStream<OpenSockets.Command>) async {
    defer { sockets.forget(id) }
    let socket: any MessageSocket
    do throws(TransportFailure) {
      socket = try await tools.transport.connect(carrying: tools.socketHeaders)
    } catch {
      return inputs.put(.connectFailed(id, error))
    }
    inputs.put(.connected(id))
    await withDiscardingTaskGroup { group in
      group.addTask { await obey(commands, on: socket) }
      await listen(to: socket, id)
      // The other side closed it: nothing is sent any more.
      sockets.forget(id)
    }
    await socket.close()
  }

  private func obey(
    _ commands: AsyncStream<OpenSockets.Command>, on socket: any MessageSocket
  ) async {
    for await command in commands {
      switch command {
      // A broken socket shows as the end of its messages.
      case .text(let text): try? await socket.send(text)
      case .close: return await socket.close()
      }
    }
  }

  private func listen(to socket: any MessageSocket, _ id: SocketID) async {
    do {
      for try await text in socket.messages { await inputs.putMessage(.received(id, text)) }
      inputs.put(.disconnected(id, nil))
    } catch {
      inputs.put(.disconnected(id, error as? TransportFailure))
    }
  }
}

/// What performing needs of the world around it.
package struct RunTools: Sendable {
  /// The way to the service.
  package var transport: any Transport
  /// What is done on this machine.
  package var localActions: LocalActions
  /// Has work that blocks done on a thread that may.
  package var offload: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void
  /// A clock that also counts while the machine is suspended.
  package var now: @Sendable () -> Moment
  /// What the requests carry that open WebSockets.
  package var socketHeaders: [HTTPField] = []

  /// Tools over `transport`.
  package init(
    transport: any Transport, localActions: LocalActions,
    offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    now: @escaping @Sendable () -> Moment
  ) {
    self.transport = transport
    self.localActions = localActions
    self.offload = offload
    self.now = now
  }
}

/// Where a performer puts what happened, for one machine.
package struct RunInputs: Sendable {
  let put: @Sendable (RunInput) -> Void
  /// Waits while too many messages are on their way, so that the socket is not read faster than its
  /// messages are handled.
  let putMessage: @Sendable (RunInput) async -> Void

  /// `put` must not wait; `putMessage` may.
  package init(
    put: @escaping @Sendable (RunInput) -> Void,
    putMessage: @escaping @Sendable (RunInput) async -> Void
  ) {
    self.put = put
    self.putMessage = putMessage
  }
}
