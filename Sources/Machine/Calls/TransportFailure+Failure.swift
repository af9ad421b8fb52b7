import Events
import Operations
import Playbooks

extension TransportFailure {
  /// The same, as the failure of a step.
  func failure(of operation: Operation?) -> Failure {
    var failure = described(of: operation)
    failure.allowsRetry = ![.untrusted, .otherHost, .refusedByProxy].contains(kind)
    return failure
  }

  private func described(of operation: Operation?) -> Failure {
    switch kind {
    case .timedOut:
      Failure(
        .timeout, message,
        hint: "find out why the service is slow; this limit is not the step's `timeout`",
        operation: operation?.id)
    case .heldBack:
      Failure(
        .throttled, message,
        hint: hint ?? "a higher `pace`, or a lower `concurrency`, lets fewer requests wait",
        operation: operation?.id)
    case .tooLarge, .protocolViolation:
      Failure(.malformed, message, hint: hint, operation: operation?.id)
    case .unreachable:
      Failure(
        .network, message, hint: hint ?? "is the service running, and is the address right?",
        operation: operation?.id, isUnreachable: true)
    case .refusedByProxy:
      Failure(.network, message, hint: hint, operation: operation?.id, isUnreachable: true)
    case .untrusted:
      Failure(
        .network, message,
        hint: hint
          ?? "a private certificate authority is given with `--ca-file`; a certificate that has "
          + "expired must be renewed",
        operation: operation?.id, isUnreachable: !mayHaveBeenSent)
    case .otherHost:
      Failure(
        .network, message,
        hint: "give the address by the name that the certificate is for, or have one issued for "
          + "this name",
        operation: operation?.id, isUnreachable: !mayHaveBeenSent)
    case .tls:
      Failure(
        .network, message,
        hint: hint ?? "does the service speak TLS at this port? it may want `http://`",
        operation: operation?.id, isUnreachable: !mayHaveBeenSent)
    case .localFile: Failure(.local, message, hint: hint, operation: operation?.id)
    case .notAuthentic: Failure(.malformed, message, hint: hint, operation: operation?.id)
    case .broken: Failure(.network, message, hint: hint, operation: operation?.id)
    }
  }
}
