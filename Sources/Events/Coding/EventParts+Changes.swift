import Expressions
package import Operations

extension StateChange: EventPart {
  /// The change that the journal's fields are read into.
  package static var blank: StateChange { StateChange(.unchanged) }

  /// Goes through fields 1 to 4; what there is none of is left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.word(FieldKey("kind", 1), &kind)
    try coder.parts(FieldKey("differences", 2), &differences)
    try coder.text(FieldKey("reason", 3), &reason)
    try coder.flag(FieldKey("local", 4), &isLocal)
  }
}

extension Lookup.Difference: EventPart {
  /// The difference that the journal's fields are read into.
  package static var blank: Lookup.Difference {
    Lookup.Difference(field: "", asked: .null, found: .null)
  }

  /// Goes through fields 1 to 3, all of which are always there.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("field", 1), &field)
    try coder.value(FieldKey("found", 2), &found)
    try coder.value(FieldKey("asked", 3), &asked)
  }
}

extension StateComparison: EventPart {
  /// The comparison that the journal's fields are read into.
  package static var blank: StateComparison { StateComparison(operation: "", change: .blank) }

  /// Goes through fields 2 to 7; field 1 of the event is the step.
  ///
  /// What was found, 5 and 7, stays inside the process.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.text(FieldKey("operation", 2), &operation)
    try coder.part(FieldKey("change", 3), &change)
    try coder.flag(FieldKey("recreates", 4), &recreates)
    if !Coder.isOutside { try coder.map(FieldKey("record", 5), &record) }
    try coder.texts(FieldKey("done", 6), &done)
    if !Coder.isOutside { try coder.texts(FieldKey("seen", 7), &seen) }
  }
}

extension StepChanges: EventPart {
  /// The changes that the journal's fields are read into.
  package static var blank: StepChanges { StepChanges() }

  /// Goes through fields 1 and 2; what is null is left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.optionalValue(FieldKey("any", 1), &any)
    try coder.optionalValue(FieldKey("rounds", 2), &rounds)
  }
}

extension StepOutcomes: EventPart {
  /// The outcomes that the journal's fields are read into.
  package static var blank: StepOutcomes { StepOutcomes() }

  /// Goes through fields 1 and 2; what is null is left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.optionalValue(FieldKey("own", 1), &own)
    try coder.optionalValue(FieldKey("rounds", 2), &rounds)
  }
}

extension ObservedThing: EventPart {
  /// The thing that the journal's fields are read into.
  package static var blank: ObservedThing { ObservedThing(identity: [:], fields: nil) }

  /// Goes through fields 1 and 2; what is not there has no fields.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    try coder.map(FieldKey("identity", 1), &identity)
    var shown = fields.map { Value.map($0) } ?? .null
    try coder.value(FieldKey("fields", 2), &shown)
    if case .map(let map) = shown { fields = map } else { fields = nil }
  }
}

extension ChangeCounts: EventPart {
  /// The counts that the journal's fields are read into.
  package static var blank: ChangeCounts { ChangeCounts() }

  /// Goes through fields 1 to 6, one for each kind; kinds that did not occur are left out.
  package mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError) {
    var coded = ChangeCounts()
    for (kind, key) in Self.keys {
      var count = self[kind] == 0 ? nil : Optional(self[kind])
      try coder.count(key, &count)
      coded.add(kind, count: count ?? 0)
    }
    self = coded
  }

  private static let keys: [(StateChange.Kind, FieldKey)] = [
    (.create, FieldKey("created", 1)), (.unchanged, FieldKey("unchanged", 2)),
    (.change, FieldKey("changed", 3)), (.remove, FieldKey("removed", 4)),
    (.drift, FieldKey("drift", 5)), (.unknown, FieldKey("unknown", 6)),
    (.conflict, FieldKey("conflict", 7)),
  ]
}
