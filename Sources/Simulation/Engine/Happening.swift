import HeapModule
import Machine
import Operations
import Running
import Sandbox

/// Something on its way through the simulated network.
enum Happening: Sendable {
  /// A request reaches the service.
  case request(RequestID, APIRequest, over: Connection, from: RequestOrigin?)
  /// A socket is opened at the service.
  case opening(SocketID, over: Connection)
  /// A text reaches the service.
  case text(String, on: SocketID, over: Connection)
  case closing(SocketID, over: Connection)
  /// What the service sent reaches the machine, unless the connection broke meanwhile.
  case arrival(RunInput, over: Connection)
  /// Something else reaches the machine of a process.
  case input(RunInput, to: ProcessNumber)
  /// Another process continues the run.
  case takeover
}

/// A connection between one process and the service, until either ends.
struct Connection: Sendable, Hashable {
  let process: ProcessNumber
  /// How often the service had been restarted.
  let restarts: Int

  /// What the vault calls a socket of this connection.
  func name(of socket: SocketID) -> ConnectionID { process.connection(socket) }
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
