import Events
import Machine
import Running

/// The process that drives the run at the moment: the machine, what it has decided and not done yet,
/// and what ends with the process.
struct SimulatedProcess: Sendable {
  var number = ProcessNumber()
  var machine: RunMachine
  /// Whether it is there; between two processes nobody drives the run.
  var isAlive = true
  /// Whether it continues a run that is over, and nothing of that is recorded yet.
  var continuesEndedRun = false
  /// The sockets that it has open, or is opening.
  var sockets: [SocketID: SocketPhase] = [:]
  /// The files of requests on their way.
  var transfers: [RequestID: PayloadTransfer] = [:]
  /// What tampering remembers.
  var notes: Tampering.Notes = []
  private var acts: [ProcessAct] = []
  private var done = 0

  init(_ machine: RunMachine) {
    self.machine = machine
  }

  enum SocketPhase: Sendable, Hashable {
    /// Exits: `open`, or gone.
    case opening
    case open
  }

  /// The sockets that it has open, in the order it opened them.
  var openSockets: [SocketID] {
    sockets.filter { $0.value == .open }.keys.sorted { $0.number < $1.number }
  }

  /// What it does next; nil while it waits.
  var nextAct: ProcessAct? { done < acts.count ? acts[done] : nil }

  mutating func takeAct() -> ProcessAct? {
    guard let act = nextAct else { return nil }
    done += 1
    if done == acts.count { clear() }
    return act
  }

  mutating func plan(_ act: ProcessAct) { acts.append(act) }

  private mutating func clear() {
    acts.removeAll(keepingCapacity: true)
    done = 0
  }

  /// It ends, with everything that is not recorded.
  mutating func end() {
    clear()
    for transfer in transfers.values { transfer.abandon() }
    (sockets, transfers, notes) = ([:], [:], [])
    number.number += 1
    isAlive = false
  }

  /// The next process continues with `machine`.
  mutating func begin(with machine: RunMachine) {
    self.machine = machine
    isAlive = true
    continuesEndedRun = false
    plan(.receive(.start))
  }
}

/// One thing that a process does, and after which it may end.
enum ProcessAct: Sendable {
  case receive(RunInput)
  /// Of a commit of `count` events the one at `index`.
  case record(RunEvent, index: Int, count: Int)
  case perform(RunAction, RequestOrigin?)
}
