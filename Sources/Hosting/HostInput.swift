package import Events
package import Journaling
package import Machine
import Operations

/// One input of a host: something that happened outside it.
package enum HostInput: Sendable {
  /// A run is to be driven; apart, since an order is large and inputs are moved often.
  indirect case admit(RunOrder)
  /// Something that is for one run happened.
  case run(RunID, RunInput)
  /// The commit on its way ended.
  case commitEnded(CommitOutcome)
  /// Other processes asked for something.
  case requests(RequestPage)
  /// Time passed: `HostMachine.nextDeadline` is due.
  case tick
  /// Somebody asked every run to stop.
  case cancelAll
  /// Somebody asked one run to stop; one that waits for its turn ends `notStarted`.
  case cancel(RunID)
  /// The runs of a group come, of which so many failed already.
  case openGroup(RunGroupID, RunGroupLimits, failures: Int)
  /// No further run of the group comes.
  case closeGroup(RunGroupID)
  /// A record that is no run's is kept, too.
  case openRecord(RunID, RunClaim)
  /// What a record is to hold next.
  case record(RecordEntry)
  /// Nothing more comes for the record.
  case closeRecord(RunID)
}

/// One thing for the runner of a host to do; actions are performed in order.
package enum HostAction: Sendable {
  /// A run comes that calls this service, if any.
  case open(RunID, ServiceOrigins?)
  /// To be recorded; at most one commit is on its way at a time.
  case commit(JournalCommit)
  /// Events that are recorded, to be shown.
  case report(RunID, [RunEvent])
  /// What a run does; never a `record` or `finish`.
  case perform(RunID, [RunAction])
  /// Asks the journal what other processes want.
  case readRequests(after: JournalCursor)
  /// Another process asks something of the owner of a record that is no run's.
  case hand(PostedRequest)
  /// What others had asked of the record before it was opened is handed over.
  case caughtUp(RunID)
  /// Another process may drive the run from now on.
  case release(RunID, epoch: Int)
  /// The run is driven no more, or the record can be kept no more; always its last action.
  case ended(RunID, RunEnding)
}

/// Why a host stopped driving a run.
package enum RunEnding: Sendable, Hashable {
  /// It came to its end.
  case finished(RunResult)
  /// Nothing but the decisions on these steps brings it any further, or the ends of votes that are open
  /// about runs which this host does not drive any more.
  case waiting([StepPath])
  /// Its next events could not be recorded; `eventCount` are.
  case unrecorded(JournalError, eventCount: Int)
  /// It cannot go on, because of a mistake in this program; one sentence without a secret.
  case faulty(String)
  /// It never began: the host stopped before its turn, or so many runs of its group had failed that no
  /// further one starts.
  case notStarted
  /// Another process took it over.
  case lost(to: JournalOwner?)
  /// Another run holds a lock that it needs: it has not begun, or is as it was before.
  case blocked(by: RunID)
}

/// A run to be driven.
package struct RunOrder: Sendable {
  /// What a run does that waits for nothing but decisions of people.
  package enum WhenWaiting: Sendable, Hashable {
    /// It is driven on, until somebody decides.
    case wait
    /// It is left to whoever resumes it.
    case leave
  }

  /// One, in a place of its own: a machine is large, and an order is moved from hand to hand.
  private(set) var machines: [RunMachine]
  /// Under which epoch this process owns the run: 0 for a new one.
  package var epoch: Int
  /// How far the run is recorded.
  package var head: JournalHead
  /// The texts that it was planned from, recorded with its first event.
  package var texts: [StoredText]
  /// What happens when only decisions of people bring the run any further.
  package var whenWaiting: WhenWaiting

  /// The group whose limits it shares; nil for a run of its own.
  package var group: RunGroupID?
  /// Whether it counts in its group when it fails; false where it is attempted again after that.
  ///
  /// A run in doubt always counts.
  package var countsFailure = true

  /// Whether the run has not begun.
  var isNew: Bool { head == .empty }

  /// The machine of the run, which has had no input yet.
  package var machine: RunMachine {
    _read { yield machines[0] }
  }

  /// The run that it is about.
  package var run: RunID { machines[0].start.run }

  /// A new run.
  package init(
    starting machine: RunMachine, texts: [StoredText] = [], whenWaiting: WhenWaiting = .wait
  ) {
    self.init(machine, epoch: 0, head: .empty, texts: texts, whenWaiting: whenWaiting)
  }

  /// A run that is continued under `claim`; `machine` was built from all its events.
  package init(
    resuming machine: RunMachine, under claim: RunClaim, whenWaiting: WhenWaiting = .wait
  ) {
    self.init(machine, epoch: claim.epoch, head: claim.head, texts: [], whenWaiting: whenWaiting)
  }

  private init(
    _ machine: RunMachine, epoch: Int, head: JournalHead, texts: [StoredText],
    whenWaiting: WhenWaiting
  ) {
    machines = [machine]
    self.epoch = epoch
    self.head = head
    self.texts = texts
    self.whenWaiting = whenWaiting
  }
}

/// The bounds of a host.
package struct HostLimits: Sendable, Hashable {
  /// How many runs are driven at once, from 1; further ones wait for their turn.
  package var runs = 10_000
  /// How many events may wait to be recorded before inputs are held back.
  package var pendingEvents = 10_000
  /// How often a commit is sent while another process holds the journal, each time for as long as the
  /// journal waits.
  package var commitTries = 12
  /// How often other processes' requests are looked for.
  package var requestInterval: Duration = .milliseconds(500)

  /// The default bounds.
  package init() {}
}
