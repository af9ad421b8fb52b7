package import Operations

/// What one request leads to: its answer, and what goes to sockets because of it.
package struct VaultReaction: Sendable, Hashable {
  /// The response to the request; its body is empty when there is a `blob`.
  package var response: APIResponse
  /// What is sent as the answer's body in place of its own.
  package var blob: BlobID?
  /// What goes to sockets and what is discarded, in order; also what was due before the request.
  package var emissions: [VaultEmission]
  /// How much of the answer arrives.
  package var fate = AnswerFate.whole
  /// Whether the emissions may overtake the answer; real clients listen only when they have it.
  package var mayOvertake: Bool

  /// A reaction whose emissions follow the response, unless they may overtake it.
  package init(
    response: APIResponse, blob: BlobID? = nil, emissions: [VaultEmission],
    mayOvertake: Bool = false
  ) {
    self.response = response
    self.blob = blob
    self.emissions = emissions
    self.mayOvertake = mayOvertake
  }
}

/// How much of an answer arrives; whoever carries the connection performs it.
package enum AnswerFate: Sendable, Hashable {
  /// All of it, at once.
  case whole
  /// All of it, so much later.
  case late(Duration)
  /// Its head and half of its body, then the connection ends; none of it when there is no body.
  case half
  /// Nothing: the connection is reset.
  case reset
}

/// Something a vault wants done to a socket or a blob, or to the server.
package enum VaultEmission: Sendable, Hashable {
  /// Send one text message.
  case send(String, to: ConnectionID)
  /// Close the socket: it was refused for lack of room.
  case close(ConnectionID)
  /// Break the connection of the socket, without the closing handshake: a fault.
  case drop(ConnectionID)
  /// Break every connection, those of requests too, and refuse new ones for the downtime: a fault.
  /// The vault has forgotten all sockets.
  case restart(downtime: Duration)
  /// Remove the blob: nobody needs it any more.
  case discard(BlobID)
}

/// One open socket, named by whoever carries it.
package struct ConnectionID: Sendable, Hashable {
  /// The number that the carrier of the socket chose; unique among open sockets.
  package let number: Int

  /// The name of the socket that its carrier knows by `number`.
  package init(_ number: Int) {
    self.number = number
  }
}

extension VaultEmission: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never the text, which may hold a download value or a payload.
  package var description: String {
    switch self {
    case .send(_, let connection): "message to socket \(connection.number)"
    case .close(let connection): "close socket \(connection.number)"
    case .drop(let connection): "drop socket \(connection.number)"
    case .restart(let downtime): "restart in \(downtime)"
    case .discard(let blob): "discard blob \(blob.number)"
    }
  }
  /// The same as `description`, so that a debugger shows no message.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no message.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
