import HeapModule
import Machine
import Operations
import Running
import Sandbox

/// Something on its way through the simulated network.
enum Happening: Sendable {
  /// A request reaches the vault.
  case request(RequestID, APIRequest, from: ProcessNumber)
  /// A socket is opened at the vault.
  case opening(SocketID, from: ProcessNumber)
  /// A text reaches the vault.
  case text(String, on: SocketID, from: ProcessNumber)
  case closing(SocketID, from: ProcessNumber)
  /// Something reaches the machine of a process.
  case input(RunInput, to: ProcessNumber)
}

/// Counts the processes that drove the run, one after another.
struct ProcessNumber: Sendable, Hashable {
  /// More sockets than one process opens.
  private static let mostSockets = 1_000_000

  var number = 0

  /// What the vault calls a socket of this process.
  func connection(_ socket: SocketID) -> ConnectionID {
    ConnectionID(number * Self.mostSockets + socket.number)
  }

  /// The socket that the vault calls so; nil when it is of another process.
  func socket(_ connection: ConnectionID) -> SocketID? {
    let (process, socket) = connection.number.quotientAndRemainder(dividingBy: Self.mostSockets)
    return process == number ? SocketID(socket) : nil
  }
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
