package import Operations

/// Whether a fault comes before or after what it disturbs.
package enum FaultInstant: Sendable, Hashable, CaseIterable {
  /// The request or message is not processed, or not delivered.
  case before
  /// It is, but nothing that follows from it arrives.
  case after
}

/// What befalls one request.
package enum RequestFault: Sendable, Hashable {
  /// Its connection is reset.
  case reset(FaultInstant)
  /// It is processed; half of the answer arrives, then the connection ends.
  case half
  /// It is not processed but answered so: 429 or 503.
  case refusal(APIResponse)
  /// It is processed, and the answer is sent so much later.
  case slow(Duration)
  /// The server restarts and refuses connections for the downtime.
  case restart(FaultInstant, downtime: Duration)
}

/// What befalls the opening of one socket.
package enum OpeningFault: Sendable, Hashable {
  /// The connection is reset, before the socket is open or at once afterwards.
  case reset(FaultInstant)
  /// The opening is answered so: 429 or 503.
  case refusal(APIResponse)
  /// The socket is open so much later.
  case slow(Duration)
}

/// What befalls one message on a socket, in either direction.
package enum MessageFault: Sendable, Hashable {
  /// The socket breaks.
  case drop(FaultInstant)
  /// It never arrives.
  case lose
  /// It arrives twice.
  case double
  /// It arrives after the next message of its socket, or alone after the duration.
  case reorder(within: Duration)
  /// It arrives so much later.
  case late(Duration)
  /// The server restarts and refuses connections for the downtime.
  case restart(FaultInstant, downtime: Duration)
}
