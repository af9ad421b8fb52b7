package import Machine
import Events
import Expressions
import Operations

/// Performs what a machine decides, over real time and a real transport.
///
/// One loop owns the machine. Everything that takes time is a child of one task group, which ends
/// with the run.
package struct Runner: Sendable {
  let environment: RunnerEnvironment
  let inbox = Inbox()
  private let sockets = OpenSockets()
  let transfers = OpenTransfers()
  let actions = OpenActions()

  package init(environment: RunnerEnvironment) {
    self.environment = environment
  }

  /// Runs `machine` to its end and returns it as it then stands.
  ///
  /// Each element of `cancellations` asks for an orderly stop. Cancelling the surrounding task stops
  /// at once: the journal then ends without a `runFinished`. Throws what `record` throws, and
  /// `CancellationError`.
  package func run(
    _ machine: RunMachine, cancellations: AsyncStream<Void> = .finished
  ) async throws -> RunMachine {
    try await withThrowingDiscardingTaskGroup { group in
      defer {
        group.cancelAll()
        actions.interruptAll()
      }
      group.addTask {
        for await _ in cancellations { inbox.put(.cancel) }
      }
      inbox.put(.start)
      return try await drive(machine, in: &group)
    }
  }

  private func drive(
    _ machine: RunMachine, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async throws -> RunMachine {
    var machine = machine
    var alarms = Alarms()
    var trace = environment.trace.map { WireTrace(service: machine.start.service, write: $0) }
    for await _ in inbox.signals {
      var actions: [RunAction] = []
      for signal in inbox.take() {
        switch signal {
        case .input(let input):
          trace?.take(input, hiding: machine.secrets, at: environment.now())
          actions += machine.apply(input, at: environment.now())
        case .woke(let moment):
          alarms.rang(moment)
          actions += machine.apply(.tick, at: max(moment, environment.now()))
        }
      }
      trace?.take(actions, hiding: machine.secrets, at: environment.now())
      if try await perform(actions, in: &group) { return machine }
      if let deadline = machine.nextDeadline, alarms.needsOne(for: deadline) {
        wake(at: deadline, in: &group)
      }
    }
    throw CancellationError()
  }

  /// Stores the events, then does the rest in order; returns whether the run is over.
  private func perform(
    _ actions: [RunAction], in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async throws -> Bool {
    let events = actions.compactMap { action in
      if case .record(let event) = action { event } else { nil }
    }
    if !events.isEmpty {
      try await environment.record(events)
      await environment.observe(events)
    }
    let abandoned = Set(
      actions.compactMap { action in
        if case .abandon(let id) = action { id } else { nil }
      })
    for action in actions {
      switch action {
      case .record: break
      case .abandon(let id):
        self.actions.interrupt(id)
        if transfers.holds(id) { group.addTask { await aside { transfers.abandon(id) } } }
      case .exchange(let id, _) where abandoned.contains(id): break
      case .exchange(let id, let request): exchange(id, request, in: &group)
      case .perform(let id, let action, let arguments):
        act(id, action, arguments, in: &group)
      case .connect(let id): group.addTask { await listen(on: id) }
      case .send(let id, let text): group.addTask { await sockets.send(text, on: id) }
      case .disconnect(let id): group.addTask { await sockets.close(id) }
      case .finish:
        await sockets.closeAll()
        return true
      }
    }
    return false
  }

  private func wake(
    at deadline: Moment, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let pause = max(.zero, deadline - environment.now())
    group.addTask {
      guard (try? await environment.sleep(pause)) != nil else { return }
      inbox.put(.woke(deadline))
    }
  }

  private func listen(on id: SocketID) async {
    let socket: any MessageSocket
    do throws(TransportFailure) {
      socket = try await environment.transport.connect()
    } catch {
      return inbox.put(.connectFailed(id, error))
    }
    await sockets.add(socket, as: id)
    inbox.put(.connected(id))
    do {
      for try await text in socket.messages { inbox.put(.received(id, text)) }
      inbox.put(.disconnected(id, nil))
    } catch {
      inbox.put(.disconnected(id, error as? TransportFailure))
    }
    await sockets.close(id)
  }
}

extension AsyncStream<Void> {
  /// A stream without elements.
  package static var finished: AsyncStream<Void> {
    AsyncStream { $0.finish() }
  }
}
