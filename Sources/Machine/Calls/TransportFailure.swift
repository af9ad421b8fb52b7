package import Operations

/// Why an exchange or a socket failed.
package struct TransportFailure: Error, Sendable, Hashable {
  /// What went wrong, as far as it decides what to do.
  package enum Kind: String, Sendable, Hashable {
    /// No connection could be made (refused, no route, unknown host).
    case unreachable
    /// A proxy requires credentials, or did not accept those given.
    case refusedByProxy = "refused-by-proxy"
    /// The server's certificate was signed by nobody who is trusted, or has expired.
    case untrusted
    /// The server's certificate is for another host.
    case otherHost = "other-host"
    /// TLS failed otherwise.
    case tls
    /// The connection broke before the whole answer came.
    case broken
    /// The exchange's own time limit ran out.
    case timedOut = "timed-out"
    /// Too many requests wait on this machine, so that it could not leave in time.
    case heldBack = "held-back"
    /// The answer is larger than the limit.
    case tooLarge = "too-large"
    /// The other side breaks its protocol.
    case protocolViolation = "protocol-violation"
    /// A file to be sent or written could not be handled on this machine.
    case localFile = "local-file"
    /// What came down was altered, or encrypted under another key.
    case notAuthentic = "not-authentic"
  }

  /// What went wrong.
  package var kind: Kind
  /// One sentence with the address, without token, query or payload.
  package var message: String
  /// Whether any byte of the request may have reached the service.
  package var mayHaveBeenSent: Bool
  /// What to do next, when that is known.
  package var hint: String?
  /// Status and headers of the answer, without a body, where they came before the connection ended or
  /// time was up; nil where no head came, or something else is wrong with the answer.
  package var head: APIResponse?
  /// After how long another attempt would have its turn, where that is known.
  package var retryAfter: Duration?

  /// A failure; `message` must hold no token, query or payload.
  package init(
    _ kind: Kind, _ message: String, mayHaveBeenSent: Bool, hint: String? = nil,
    head: APIResponse? = nil, retryAfter: Duration? = nil
  ) {
    self.kind = kind
    self.message = message
    self.mayHaveBeenSent = mayHaveBeenSent
    self.hint = hint
    self.head = head
    self.retryAfter = retryAfter
  }
}
