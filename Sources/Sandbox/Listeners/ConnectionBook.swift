import NIOCore
import Synchronization

/// The open connections of a server, so that they are bounded and can be closed together.
final class ConnectionBook: Sendable {
  private struct Entry: Sendable {
    let channel: any Channel
    let listener: Listener
  }

  /// How long a socket may take for its closing handshake.
  private static let patience = TimeAmount.milliseconds(500)

  private let entries = Mutex<[ObjectIdentifier: Entry]>([:])
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Writes a connection down until it closes; false when there is no room for it.
  func add(_ channel: any Channel, at listener: Listener) -> Bool {
    let id = ObjectIdentifier(channel)
    let hasRoom = entries.withLock { entries in
      guard entries.count < limit else { return false }
      entries[id] = Entry(channel: channel, listener: listener)
      return true
    }
    if hasRoom {
      channel.closeFuture.whenComplete { _ in self.entries.withLock { $0[id] = nil } }
    }
    return hasRoom
  }

  /// Cuts every connection at once, as the end of a process does.
  func cutAll() {
    for entry in entries.withLock({ Array($0.values) }) { entry.channel.close(promise: nil) }
  }

  /// Closes everything and returns when it is closed: sockets are given time to say goodbye.
  func closeAll() async {
    let open = entries.withLock { Array($0.values) }
    for entry in open {
      let channel = entry.channel
      let pause = entry.listener == .webSocket ? Self.patience : .zero
      channel.eventLoop.scheduleTask(in: pause) { channel.close(promise: nil) }
    }
    for entry in open { try? await entry.channel.closeFuture.get() }
  }
}
