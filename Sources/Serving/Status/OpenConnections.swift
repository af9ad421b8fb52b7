import NIOCore
import Operations
import Synchronization

/// The open connections of the status server, so that they are bounded and can be closed together.
final class OpenConnections: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Keeps a connection until it closes; false when there is no room for it.
  func add(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let hasRoom = channels.withLock { channels in
      guard channels.count < limit else { return false }
      channels[id] = channel
      return true
    }
    if hasRoom {
      channel.closeFuture.whenComplete { _ in self.channels.withLock { $0[id] = nil } }
    }
    return hasRoom
  }

  /// Closes every connection once nothing is left to answer, and all that are left after `patience`.
  func closeAll(within patience: Duration) async {
    let open = channels.withLock { Array($0.values) }
    for channel in open {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
      channel.eventLoop.scheduleTask(in: .nanoseconds(patience.wholeNanoseconds)) {
        channel.close(promise: nil)
      }
    }
    for channel in open { try? await channel.closeFuture.get() }
  }
}
