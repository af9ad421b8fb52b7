import Events
import Expressions
import Operations
import Planning

/// What is known to be secret is kept out of what others wrote.
extension Kernel {
  /// The scrubber for everything that the service says about `call`.
  func secrets(for call: CallState) -> SecretScrubber {
    secrets.hidingEverything(if: call.operation.secrets(in: call.arguments))
  }

  /// The same for what explains a refusal, in which the service may repeat what it knows of the
  /// session, too.
  func secrets(forRefusalOf call: CallState, in sessions: Sessions) -> SecretScrubber {
    let session = call.session.flatMap { sessions[$0] }?.secrets.secrets ?? []
    return secrets.hidingEverything(
      if: call.operation.secrets(in: call.arguments) + session)
  }

  /// The reason of a refusal of `call` by the step `id`, as it may be recorded; nil where nothing shows that
  /// it is one.
  ///
  /// A word that the playbook or the API description gives says nothing that is secret; any other is recorded
  /// only where it is a key and holds no secret that is known.
  func recordable(
    _ reason: Secret?, ofRefusing call: CallState, at id: NodeID, hiding scrubber: SecretScrubber
  ) -> String? {
    guard let reason = reason?.reveal().text else { return nil }
    if call.operation.refusals.contains(reason) || tree.names(reason, at: id) { return reason }
    return RefusalReason.isKey(reason) && !scrubber.finds(reason) ? reason : nil
  }

  /// The longest message of a transport failure, in characters.
  private static let longestMessage = 1000

  /// `failure` without any secret in its message and hint; only then is the message put on one line.
  func scrubbed(_ failure: TransportFailure) -> TransportFailure {
    var scrubbed = failure
    scrubbed.message = secrets.line(failure.message, limit: Self.longestMessage)
    scrubbed.hint = failure.hint.map { secrets.scrub($0) }
    return scrubbed
  }

  /// `result` with everything secret in its value that holds a known secret, and none in the reason of
  /// its change.
  func scrubbed(_ result: StepResult) -> StepResult {
    var scrubbed = result
    scrubbed.value = secrets.hide(in: result.value)
    if let reason = result.change?.reason { scrubbed.change?.reason = secrets.scrub(reason) }
    return scrubbed
  }
}

/// What is worth saying about the addresses that requests go to.
extension Kernel {
  /// Notes that the service sends payloads to or from a host that the operator did not configure.
  mutating func noteForeignAddress(of request: APIRequest, at id: NodeID) {
    guard case .url(let url) = request.endpoint,
      let origin = state.start?.service?.foreignOrigin(of: url)
    else { return }
    note(
      "the service named `\(origin)` for a payload, which is no configured host: no credentials are "
        + "sent there", at: id)
  }

  /// What to do where no request of the run found anything yet: the path may be wrong.
  func hintOfPath(
    of route: Operation.Route, refusedWith status: Int, hasFoundAPI: Bool
  ) -> String? {
    guard [404, 405, 410].contains(status), !hasFoundAPI, case .api = route.endpoint
    else { return nil }
    let path = (state.start?.service?.apiPath ?? "") + route.path
    return "the request was `\(route.method) \(path)`: check that --api-url leads to the API"
  }

  /// Whom the call's request went to, as far as that is known.
  func origin(of call: CallState) -> String {
    guard let service = state.start?.service else { return "the service" }
    return switch call.operation.routes[call.route].endpoint {
    case .api: service.api
    case .upstream: service.upstream
    case .downstream: service.downstream
    case .url: "the service"
    }
  }
}
