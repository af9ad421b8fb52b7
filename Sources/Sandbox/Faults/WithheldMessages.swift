import Operations

/// Messages to sockets that are sent later: late ones, and those that the next one overtakes.
struct WithheldMessages: Sendable {
  private struct Entry: Sendable {
    let text: String
    let connection: ConnectionID
    let due: Moment
    let waitsForNext: Bool
  }

  /// The most messages that are withheld; more are sent at once.
  private static let maximumCount = 1000

  /// By the time they are due; ties in the order they were withheld.
  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }
  var hasRoom: Bool { entries.count < Self.maximumCount }
  /// When the next one is due.
  var nextDue: Moment? { entries.first?.due }

  /// Withholds a message until `due`, or until the next one of its socket is sent.
  mutating func withhold(
    _ text: String, to connection: ConnectionID, until due: Moment, waitsForNext: Bool
  ) {
    let place = entries.firstIndex { $0.due > due } ?? entries.endIndex
    entries.insert(
      Entry(text: text, connection: connection, due: due, waitsForNext: waitsForNext), at: place)
  }

  /// Whether a message waits for the next one of its socket.
  func hasWaiting(on connection: ConnectionID) -> Bool {
    entries.contains { $0.connection == connection && $0.waitsForNext }
  }

  /// Takes those that wait for a message of their socket.
  mutating func takeWaiting(on connection: ConnectionID) -> [VaultEmission] {
    take { $0.connection == connection && $0.waitsForNext }
  }

  /// Takes those that are due.
  mutating func takeDue(by now: Moment) -> [VaultEmission] {
    take { $0.due <= now }
  }

  /// Forgets what was for a socket that left its channel or is closed.
  mutating func forget(_ connection: ConnectionID) {
    entries.removeAll { $0.connection == connection }
  }

  private mutating func take(where isTaken: (Entry) -> Bool) -> [VaultEmission] {
    guard !entries.isEmpty else { return [] }
    let taken = entries.filter(isTaken).map { VaultEmission.send($0.text, to: $0.connection) }
    if !taken.isEmpty { entries.removeAll(where: isTaken) }
    return taken
  }
}
