import Expressions
import Machine
import Operations

/// Requests and local actions: what takes time and ends with one input for the machine.
extension RunPerformer {
  func exchange(
    _ id: RequestID, _ request: APIRequest,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard request.movesFiles || isLate(request) || !begin(id, request) else { return }
    if request.movesFiles { transfers.begin(id) }
    group.addTask {
      do throws(TransportFailure) {
        inputs.put(.answered(id, try await answer(to: request, id)))
      } catch {
        inputs.put(.exchangeFailed(id, error))
      }
      transfers.end(id)
    }
  }

  /// Whether the request went out without a task: nothing but its response is waited for.
  private func begin(_ id: RequestID, _ request: APIRequest) -> Bool {
    let inputs = inputs
    return tools.transport.begin(request, leavingWithin: timeLeft(for: request)) { result in
      switch result {
      case .success(let response): inputs.put(.answered(id, response))
      case .failure(let failure): inputs.put(.exchangeFailed(id, failure))
      }
    }
  }

  private func isLate(_ request: APIRequest) -> Bool {
    timeLeft(for: request).map { $0 < .zero } ?? false
  }

  /// How long the request may still wait before it leaves; nil for any time.
  private func timeLeft(for request: APIRequest) -> Duration? {
    request.sendBy.map { $0 - tools.now() }
  }

  func act(
    _ id: RequestID, _ action: LocalAction, _ arguments: ValueMap, as dryRun: DryRun? = nil,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let interruption = actions.begin(id)
    group.addTask {
      let input = await aside { () -> RunInput in
        do throws(LocalFailure) {
          return .performed(
            id,
            try tools.localActions.perform(
              action, arguments, as: dryRun, until: interruption))
        } catch {
          return .performFailed(id, error)
        }
      }
      inputs.put(input)
      actions.end(id)
    }
  }

  /// Opens the files of a request, moves them, and puts what came into its place; whatever fails
  /// leaves nothing behind.
  private func answer(
    to request: APIRequest, _ id: RequestID
  ) async throws(TransportFailure) -> APIResponse {
    if isLate(request) {
      throw TransportFailure(
        .timedOut, "the request was held up on this machine and was not sent",
        mayHaveBeenSent: false, hint: "the machine was busy or asleep: run again, or resume")
    }
    guard request.movesFiles else {
      return try await tools.transport.exchange(
        request, moving: PayloadTransfer().leaving(within: timeLeft(for: request)))
    }
    let opened = try await aside(mayHaveBeenSent: false) { () throws(PayloadFailure) in
      try tools.localActions.transfer(for: request)
    }
    let transfer = opened.leaving(within: timeLeft(for: request))
    transfers.opened(transfer, id)
    let response: APIResponse
    do throws(TransportFailure) {
      response = try await tools.transport.exchange(request, moving: transfer)
    } catch {
      await aside { transfer.abandon() }
      throw error
    }
    return try await aside(mayHaveBeenSent: true) { () throws(PayloadFailure) in
      try transfer.concluded(response)
    }
  }

  /// Does `work`, which blocks, on a thread that may.
  func aside<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      tools.offload { continuation.resume(returning: work()) }
    }
  }

  private func aside<Success: Sendable>(
    mayHaveBeenSent: Bool,
    _ work: @escaping @Sendable () throws(PayloadFailure) -> Success
  ) async throws(TransportFailure) -> Success {
    let result = await aside { () -> Result<Success, PayloadFailure> in
      do throws(PayloadFailure) { return .success(try work()) } catch { return .failure(error) }
    }
    switch result {
    case .success(let success): return success
    case .failure(let failure):
      throw failure.transportFailure(mayHaveBeenSent: mayHaveBeenSent)
    }
  }
}
