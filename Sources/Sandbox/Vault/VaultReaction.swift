package import Operations

/// What one request leads to: its answer, and what goes to sockets because of it.
package struct VaultReaction: Sendable, Hashable {
  package var response: APIResponse
  /// What is sent as the answer's body in place of its own.
  package var blob: BlobID?
  package var emissions: [VaultEmission]
  /// Whether the emissions may overtake the answer; real clients listen only when they have it.
  package var mayOvertake: Bool

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

/// Something a vault wants done to a socket or a blob.
package enum VaultEmission: Sendable, Hashable {
  /// Send one text message.
  case send(String, to: ConnectionID)
  /// Close the socket: it was refused for lack of room.
  case close(ConnectionID)
  /// Remove the blob: nobody needs it any more.
  case discard(BlobID)
}

/// One open socket, named by whoever carries it.
package struct ConnectionID: Sendable, Hashable {
  package let number: Int

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
    case .discard(let blob): "discard blob \(blob.number)"
    }
  }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
