import Operations

/// The sockets that are open, and the ways of messages to profiles.
struct Connections: Sendable {
  var sockets: [ConnectionID: Socket] = [:]
  var channels: [ProfileID: ProfileChannel] = [:]
  /// Messages that a fault holds back.
  var withheld = WithheldMessages()
}

/// An open socket.
struct Socket: Sendable {
  /// The profile whose channel it has joined.
  var profile: ProfileID?
}

/// The way of messages to a profile: its joined sockets, and what waits until there is one.
struct ProfileChannel: Sendable {
  struct Waiting: Sendable {
    let text: String
    let since: Moment
  }

  let id: String
  var members: [ConnectionID] = []
  var backlog: [Waiting] = []
}

/// What is to be sent when the vault is done with a request, a message, or the passing of time.
struct Outbox: Sendable {
  var emissions: [VaultEmission] = []
  /// What the emissions before have become by faults; it goes first.
  var disturbed: [VaultEmission] = []
  /// The blob that is the body of the answer being made.
  var blob: BlobID?
}
