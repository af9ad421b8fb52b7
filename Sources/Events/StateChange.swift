package import Expressions
package import Operations

/// What a step does to a thing of the service or of this machine, or would do: what a plan shows, and a
/// run records.
package struct StateChange: Sendable, Hashable {
  /// What happens to the thing.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It is not there, and is made.
    case create
    /// It is there as asked.
    case unchanged
    /// It differs, and is corrected; or a command without `ensure` acts on it.
    case change
    /// It is there, and is removed.
    case remove
    /// It differs, and stays as it is.
    case drift
    /// Only a plan has this: it differs, or there are several, and a run would fail there.
    case conflict
    /// Only a plan has this: what will be done depends on what is not known before.
    case unknown
  }

  /// What happens to the thing.
  package var kind: Kind
  /// What differs, field by field, in the order of the API description.
  package var differences: [Lookup.Difference]
  /// Why, or what a person should know of it; a phrase without a full stop, nil when there is nothing to say.
  package var reason: String?
  /// Whether the thing is a file of this machine, and not one of the service.
  package var isLocal: Bool

  /// A change of `kind`.
  package init(
    _ kind: Kind, differences: [Lookup.Difference] = [], reason: String? = nil,
    isLocal: Bool = false
  ) {
    self.kind = kind
    self.differences = differences
    self.reason = reason
    self.isLocal = isLocal
  }

  /// Whether something was, or would be, made, changed or removed.
  package var isEffect: Bool {
    switch kind {
    case .create, .change, .remove: true
    case .unchanged, .drift, .conflict, .unknown: false
    }
  }
}

/// What an ensured call read before it acted, what it decided, and how much of that is done.
package struct StateComparison: Sendable, Hashable {
  /// The operation that read.
  package var operation: String
  /// What is done about it.
  package var change: StateChange
  /// Whether the thing is removed and created again.
  package var recreates: Bool
  /// What was found, which says what is corrected or removed; empty where nothing was.
  package var record: ValueMap
  /// What identifies the things of that name that the read showed, where names are not unique: one that
  /// shows later and is none of them was made since.
  package var seen: [String]
  /// The operations that were carried out because of it, in their order.
  package var done: [String]

  /// The decision that follows from a read by `operation`; secrets in `record` are marked as such.
  package init(
    operation: String, change: StateChange, recreates: Bool = false, record: ValueMap = [:],
    seen: [String] = []
  ) {
    self.operation = operation
    self.change = change
    self.recreates = recreates
    self.record = record
    self.seen = seen
    done = []
  }
}

/// How an ensured call left a thing, as far as the service shows it; of a plan, how it found it.
package struct ObservedThing: Sendable, Hashable {
  /// What it is recognised by: fields of the call, with secrets marked as such.
  package var identity: ValueMap
  /// What was compared, by the field of the call or the record's name of a state; nil when there is no
  /// such thing.
  package var fields: ValueMap?

  /// A thing with these `fields`, or none of this `identity`.
  package init(identity: ValueMap, fields: ValueMap?) {
    self.identity = identity
    self.fields = fields
  }
}

extension StateComparison {
  /// Whether something is created because of it.
  package var creates: Bool { change.kind == .create || recreates }
}

/// How many steps of a run did what to the service.
package struct ChangeCounts: Sendable, Hashable {
  /// How many by kind; kinds that did not occur are left out.
  package private(set) var counts: [StateChange.Kind: Int] = [:]

  /// No step did anything.
  package init() {}

  /// How many steps did this.
  package subscript(kind: StateChange.Kind) -> Int { counts[kind] ?? 0 }

  /// Whether no step did anything, nor found anything as asked.
  package var isEmpty: Bool { counts.isEmpty }

  /// Counts one more.
  package mutating func add(_ kind: StateChange.Kind, count: Int = 1) {
    guard count > 0 else { return }
    counts[kind, default: 0] += count
  }

  /// Counts all of `others` as well.
  package mutating func add(_ others: ChangeCounts) {
    for (kind, count) in others.counts { add(kind, count: count) }
  }

  /// Takes back what `add` counted of `others`.
  package mutating func remove(_ others: ChangeCounts) {
    for (kind, count) in others.counts {
      let rest = self[kind] - count
      counts[kind] = rest > 0 ? rest : nil
    }
  }
}
