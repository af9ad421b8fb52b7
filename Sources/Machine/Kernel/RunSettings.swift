import Operations

/// The limits and intervals of a run, by what they limit; every wait of the machine has one of
/// these.
package struct RunSettings: Sendable, Hashable {
  /// Of steps and their attempts.
  package var steps = StepSettings()
  /// Of logging in, and of what is asked of the service at the end of a session.
  package var sessions = SessionSettings()
  /// Of requests, and of what is kept and asked for again beside them.
  package var calls = CallSettings()
  /// Of polls for the outcome of a command.
  package var polls = PollSettings()
  /// Of reads that say whether a request had its effect.
  package var lookups = LookupSettings()
  /// Of sockets that were lost.
  package var sockets = SocketSettings()
  /// Of work that is stopped, or was due while the machine slept.
  package var stopping = StopSettings()
  /// Of reports that the service is silent.
  package var silence = SilenceSettings()
  /// Whether a command on which a vote may be held waits until the host has a place for another open
  /// vote.
  package var asksForVoteSlots = false
  /// Of plans.
  package var plans = PlanSettings()

  /// The default limits.
  package init() {}
}

/// What is different where a plan is made.
package struct PlanSettings: Sendable, Hashable {
  /// Whether a plan is made, in which nothing is done and nothing undone.
  package var isMade = false
  /// Whether the plan is the same for every run, so that expressions do not know when and under which id it
  /// started.
  package var hidesStart = false
}

/// The limits of steps and their attempts.
package struct StepSettings: Sendable, Hashable {
  /// How long one attempt of a step may take when the author set no `timeout`.
  package var attemptTimeout: Duration = .seconds(120)
  /// How long `wait: {until: …}` may take when the author set no `timeout`.
  package var conditionTimeout: Duration = .seconds(300)
  /// The attempts at a step whose author set no `retry`, where a repeat is safe.
  package var attempts = 3
  /// The first pause between such attempts; it doubles and is jittered.
  package var backoff: Duration = .milliseconds(200)
  /// The longest `Retry-After` that is obeyed; a longer one is cut to this.
  package var maximumRetryAfter: Duration = .seconds(300)
  /// How long it may take to undo one change, besides the time that the steps that do it set themselves.
  package var undoTimeout: Duration = .seconds(600)
  /// How many elements one `for-each` may have.
  package var iterationLimit = 100_000
  /// How many pages one `for-each` may read.
  package var pageLimit = 10_000
}

/// The limits of what a session asks of the service.
package struct SessionSettings: Sendable, Hashable {
  /// How long the service has to answer a join (protocol.md §3).
  package var joinTimeout: Duration = .seconds(10)
  /// How long the service has to answer a leave before the socket is closed all the same.
  package var leaveTimeout: Duration = .seconds(1)
  /// How long the service has to answer the revocation of a token at the end of a run.
  package var revokeTimeout: Duration = .seconds(10)
  /// How long before its end a token is renewed: this, or a fifth of its life where that is less.
  package var renewalMargin: Duration = .seconds(60)
}

/// The limits of requests.
package struct CallSettings: Sendable, Hashable {
  /// How long a request may be held up between its intent and its first byte; after that it does not
  /// leave any more, so that whoever takes the run over knows from when on the absence of its effect
  /// says something.
  package var sendLimit: Duration = .seconds(30)
  /// How often requested data that did not come is requested again within one attempt.
  package var dataRequestLimit = 8
  /// How many early or foreign acks are kept; the oldest goes first.
  package var earlyAckLimit = 1024
}

/// The intervals of polls for the outcome of a command.
package struct PollSettings: Sendable, Hashable {
  /// How long a socket may stay silent about a command before its status is polled once.
  package var quietInterval: Duration = .seconds(5)
  /// The interval after which requested data that did not come is requested again.
  package var rareInterval: Duration = .seconds(30)
  /// The longest interval between two polls, and between two reads of a condition whose author set no
  /// `every`.
  package var longestWaitInterval: Duration = .seconds(60)
  /// How long something is waited for before the intervals of its polls and reads grow beyond their
  /// usual length: they double each time that this time has doubled.
  package var longWait: Duration = .seconds(30)
  /// The first interval between two polls of a command that no socket listens for; it doubles.
  package var firstInterval: Duration = .milliseconds(50)
  /// The longest such interval (protocol.md §15: 0.5 to 1 s).
  package var longestInterval: Duration = .seconds(1)
  /// How long a poll's 404 means "not yet known" before it means "refused" (protocol.md §15).
  package var unknownCommandGrace: Duration = .seconds(5)
}

extension PollSettings {
  /// The pause between two polls whose usual length is `usual`, after something was waited for so long.
  func interval(_ usual: Duration, afterWaiting waited: Duration) -> Duration {
    var (interval, threshold) = (usual, longWait)
    while threshold <= waited, interval < longestWaitInterval {
      interval *= 2
      threshold *= 2
    }
    return max(usual, min(interval, longestWaitInterval))
  }
}

/// The limits of finding out whether a request had its effect.
package struct LookupSettings: Sendable, Hashable {
  /// The time between two reads.
  package var interval: Duration = .seconds(1)
  /// How long after the first read a second one must miss a thing, too, whose name others may have:
  /// lists may lag behind what was done a moment ago.
  package var lag: Duration = .seconds(2)
  /// How long after the start of the run a missing thing is looked for again.
  ///
  /// An earlier run that was cut off may have made it a moment before; zero where there was none.
  package var unsettled: Duration = .zero
  /// How long an effect must not show before it counts as none: reads may lag behind.
  package var absence: Duration = .seconds(10)
  /// The same where a second request would make a second thing, since several may have one name: a
  /// command may take 30 s (protocol.md §2).
  package var absenceOfMany: Duration = .seconds(35)
  /// How long it may take altogether, where no second thing could be made; with zero nothing is read, and what is in doubt stays so.
  package var limit: Duration = .seconds(30)
}

extension LookupSettings {
  /// How long the effect of an operation with this lookup must not show.
  func absence(of lookup: Lookup) -> Duration {
    lookup.isUnique || lookup.expects == .absent ? absence : absenceOfMany
  }

  /// How long finding out about an operation with this lookup may take.
  func limit(of lookup: Lookup) -> Duration { limit + absence(of: lookup) - absence }

  /// How long finding out may take at most.
  package var longest: Duration { limit + max(absence, absenceOfMany) }
}

/// The limits of opening lost sockets again.
package struct SocketSettings: Sendable, Hashable {
  /// The pause before a lost socket is opened again; it doubles and is jittered.
  package var reconnectPause: Duration = .milliseconds(250)
  /// The longest such pause.
  package var maximumReconnectPause: Duration = .seconds(10)
  /// How often in a row a lost socket is tried again before calls that wait for it fail.
  package var reconnectLimit = 8
}

/// The limits of work that is stopped, or was due while the machine slept.
package struct StopSettings: Sendable, Hashable {
  /// How long work in flight may still finish after a cancellation.
  package var cancelGrace: Duration = .seconds(10)
  /// A time limit that is noticed this much too late passed while the machine slept or stood still.
  package var oversleptLateness: Duration = .seconds(2)
  /// How long a step may then still take, to learn the outcome of what was in flight.
  package var oversleptGrace: Duration = .seconds(10)
}

/// The intervals of reports that the service is silent.
package struct SilenceSettings: Sendable, Hashable {
  /// How long an address of the service may be silent before that is reported.
  package var interval: Duration = .seconds(3)
  /// How often it is reported from then on.
  package var reportInterval: Duration = .seconds(10)
}
