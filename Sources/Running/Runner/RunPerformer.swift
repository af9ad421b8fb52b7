package import Machine
package import Operations

/// Performs what the machine of one run decides, over a real transport.
///
/// Everything that takes time is a child of the task group that the caller gives, and ends with one
/// input for the machine. The actions of a socket are performed in order; while it is only open, it has
/// no task.
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
        sockets.begin(id)
        group.addTask { await connect(id) }
      // A broken socket shows as the end of its messages.
      case .send(let id, let text): try? sockets.open(id)?.send(text)
      case .disconnect(let id):
        if let socket = sockets.abandon(id) { group.addTask { await socket.close() } }
      }
    }
  }

  /// Ends every local action and closes every socket; what is in flight is left to the task group.
  package func stop(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    actions.interruptAll()
    for socket in sockets.abandonAll() { group.addTask { await socket.close() } }
  }

  /// Opens a socket; its messages come from then on, without a task that waits for them.
  private func connect(_ id: SocketID) async {
    let socket: any MessageSocket
    do throws(TransportFailure) {
      socket = try await tools.transport.connect(carrying: tools.socketHeaders)
    } catch {
      sockets.forget(id)
      return inputs.put(.connectFailed(id, error))
    }
    let isWanted = sockets.opened(socket, id)
    inputs.put(.connected(id))
    socket.listen(receiver(of: id))
    if !isWanted { await socket.close() }
  }

  private func receiver(of id: SocketID) -> MessageReceiver {
    let (inputs, sockets) = (inputs, sockets)
    return MessageReceiver(
      receive: { inputs.putMessage(.received(id, $0), $1) },
      end: { failure in
        // Nothing is sent any more.
        sockets.forget(id)
        inputs.put(.disconnected(id, failure))
      })
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
  /// Returns false while too many messages are on their way, so that the socket is not read faster than
  /// its messages are handled, and calls `proceed` once there is room.
  let putMessage: @Sendable (_ message: RunInput, _ proceed: @escaping @Sendable () -> Void) -> Bool

  /// Neither must wait.
  package init(
    put: @escaping @Sendable (RunInput) -> Void,
    putMessage: @escaping @Sendable (RunInput, @escaping @Sendable () -> Void) -> Bool
  ) {
    self.put = put
    self.putMessage = putMessage
  }
}
