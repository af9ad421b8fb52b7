package import Events

/// Something that one process asks of the owner of a run.
package struct RunRequest: Sendable, Hashable {
  /// What is asked for.
  package enum Kind: Sendable, Hashable {
    /// An orderly stop.
    case cancel
    /// A decision on the step that waits for one at this path.
    case decide(StepPath, ApprovalDecision)
    /// Of a rollout: no tenant starts until `unpause`.
    case pause
    /// Of a rollout: tenants start again.
    case unpause
  }

  /// The run or rollout whose owner is asked.
  package var run: RunID
  /// What the owner is to do.
  package var kind: Kind

  /// A request to the owner of `run`.
  package init(run: RunID, _ kind: Kind) {
    self.run = run
    self.kind = kind
  }
}

extension RunRequest.Kind {
  /// Whether the owner of such a record can be asked for it.
  package func isAllowed(for record: RecordKind) -> Bool {
    switch self {
    case .cancel, .decide: true
    case .pause, .unpause: record == .rollout
    }
  }
}

/// A request as the journal keeps it until it is handled.
package struct PostedRequest: Sendable, Hashable {
  /// Names it in its journal.
  package struct Number: Sendable, Hashable {
    /// Grows with each request of a journal.
    package let value: Int64

    /// Only a journal gives numbers.
    package init(_ value: Int64) {
      self.value = value
    }
  }

  /// Names it in its journal.
  package var number: Number
  /// What is asked for, and of which run.
  package var request: RunRequest

  /// The request that its journal knows as `number`.
  package init(number: Number, request: RunRequest) {
    self.number = number
    self.request = request
  }
}

/// Some requests, and where to read on.
package struct RequestPage: Sendable, Hashable {
  /// Oldest first; empty when there is none.
  package var requests: [PostedRequest]
  /// After the last of them.
  package var next: JournalCursor

  /// A page that ends before `next`.
  package init(_ requests: [PostedRequest], next: JournalCursor) {
    self.requests = requests
    self.next = next
  }
}
