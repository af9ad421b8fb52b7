import Machine
import HeapModule
import Operations
import Running
import Sandbox

/// Something on its way through the simulated network.
enum Happening: Sendable {
  /// A request reaches the vault.
  case request(RequestID, APIRequest)
  /// A socket is opened at the vault.
  case opening(SocketID)
  /// A text reaches the vault.
  case text(String, from: SocketID)
  case closing(SocketID)
  /// Something reaches the machine.
  case input(RunInput)
}

/// What is on its way, by the time it arrives; ties arrive in the order they were sent.
struct Agenda: Sendable {
  private struct Entry: Sendable, Comparable {
    let at: Moment
    let order: Int
    let happening: Happening

    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.order) < (right.at, right.order)
    }

    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private var heap = Heap<Entry>()
  private var nextOrder = 0

  var next: Moment? { heap.min?.at }

  mutating func add(_ happening: Happening, at moment: Moment) {
    heap.insert(Entry(at: moment, order: nextOrder, happening: happening))
    nextOrder += 1
  }

  /// The next thing that is there by `now`.
  mutating func pop(at now: Moment) -> Happening? {
    guard let next, next <= now else { return nil }
    return heap.popMin()?.happening
  }
}
