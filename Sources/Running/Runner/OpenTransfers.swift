import Machine
import Synchronization

/// The exchanges in progress that move files, so that one that is given up ends.
final class OpenTransfers: Sendable {
  private enum State {
    /// Exits: `open`, `abandoned`, or gone.
    case opening
    case open(PayloadTransfer)
    case abandoned
  }

  private let states = Mutex<[RequestID: State]>([:])

  func holds(_ id: RequestID) -> Bool {
    states.withLock { $0[id] != nil }
  }

  func begin(_ id: RequestID) {
    states.withLock { $0[id] = .opening }
  }

  /// The files of the exchange are open; one that was given up meanwhile ends at once.
  func opened(_ transfer: PayloadTransfer, _ id: RequestID) {
    let isAbandoned = states.withLock { states in
      if case .abandoned? = states[id] { return true }
      states[id] = .open(transfer)
      return false
    }
    if isAbandoned { transfer.abandon() }
  }

  func abandon(_ id: RequestID) {
    let transfer = states.withLock { states -> PayloadTransfer? in
      guard let state = states[id] else { return nil }
      states[id] = .abandoned
      guard case .open(let transfer) = state else { return nil }
      return transfer
    }
    transfer?.abandon()
  }

  func end(_ id: RequestID) {
    states.withLock { $0[id] = nil }
  }
}
