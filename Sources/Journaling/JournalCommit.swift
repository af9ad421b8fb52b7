package import Events

/// What is recorded at once: whole or not at all.
package struct JournalCommit: Sendable, Hashable {
  /// What several runs have to record; each run at most once.
  package var parts: [Part]
  /// The requests of other processes that `parts` answer; they are gone afterwards.
  package var handled: [PostedRequest.Number]
  /// Texts that the runs need later; those that are there already are passed over.
  package var texts: [StoredText]
  /// What is decided about schedules; each schedule at most once.
  ///
  /// The commit is a `conflict` with `ledgerMoved`, `leaseLost` or `decidedTwice` when one of them cannot be
  /// made.
  package var ledger: [LedgerChange] = []
  /// Notifications to deliver; one that is there already is passed over.
  package var notices: [StoredNotice] = []

  /// A commit of these parts; `handled` and `texts` are recorded with them.
  package init(
    _ parts: [Part], handled: [PostedRequest.Number] = [], texts: [StoredText] = []
  ) {
    self.parts = parts
    self.handled = handled
    self.texts = texts
  }

  /// A commit of a change that starts no rollout.
  package init(_ change: LedgerChange, notices: [StoredNotice] = []) {
    self.init([])
    ledger = [change]
    self.notices = notices
  }

  /// The next events of one run.
  package struct Part: Sendable, Hashable {
    /// The run that the events belong to.
    package var run: RunID
    /// How far the run is recorded, as the writer knows it.
    package var expected: JournalHead
    /// The epoch of the writer's ownership: 0 for the process that starts the run.
    package var epoch: Int
    /// At least one, in sequence after `expected`.
    package var events: [RunEvent]

    /// The part of a run that `epoch` is the owner's of.
    package init(run: RunID, expected: JournalHead, epoch: Int, events: [RunEvent]) {
      self.run = run
      self.expected = expected
      self.epoch = epoch
      self.events = events
    }
  }
}

/// How far a run is recorded.
package struct JournalHead: Sendable, Hashable {
  /// How many events there are.
  package var count: Int
  /// What authenticates the latest of them and, through it, all before.
  package var digest: [UInt8]

  /// The head of a run with `count` events.
  package init(count: Int, digest: [UInt8]) {
    self.count = count
    self.digest = digest
  }

  /// Of a run that is not recorded yet.
  package static let empty = JournalHead(count: 0, digest: [])
}

/// How a commit ended.
package enum CommitOutcome: Sendable, Hashable {
  /// It is durable; these are the new heads of its parts, in their order.
  case committed([JournalHead])
  /// The run has other events where these belong, or they do not belong there. Nothing was recorded.
  case conflict(JournalError)
  /// Another process owns the run. Nothing was recorded, and nothing of the run may be sent any more.
  case fenced(RunID, by: JournalOwner?)
  /// A living process drives another run, `by`, that holds a lock which the run needs. Nothing was
  /// recorded; it may be sent again later.
  case blocked(RunID, by: RunID)
  /// Nobody knows whether it was recorded: the disk is full or failed.
  case unknown(JournalError)
}

/// The ownership of a run.
package struct RunClaim: Sendable, Hashable {
  /// Higher than that of every owner before.
  package var epoch: Int
  /// How far the run is recorded.
  package var head: JournalHead

  /// A claim under `epoch`.
  package init(epoch: Int, head: JournalHead) {
    self.epoch = epoch
    self.head = head
  }
}
