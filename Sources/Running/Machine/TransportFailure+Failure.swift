import Events
import Operations
import Playbooks

extension TransportFailure {
  /// The same, told as a step's failure.
  func failure(of operation: Operation?) -> Failure {
    switch kind {
    case .timedOut: Failure(.timeout, message, operation: operation?.id)
    case .tooLarge, .protocolViolation: Failure(.malformed, message, operation: operation?.id)
    case .unreachable:
      Failure(
        .network, message, hint: "is the service running, and is the address right?",
        operation: operation?.id, isUnreachable: true)
    case .tls:
      Failure(
        .network, message, hint: "a private certificate authority is given with `--ca-file`",
        operation: operation?.id, isUnreachable: !mayHaveBeenSent)
    case .broken: Failure(.network, message, operation: operation?.id)
    }
  }
}
