package import Diagnostics
package import Operations
package import OrderedCollections

/// How what a step changed is taken back.
package struct PlannedUndo: Sendable, Hashable {
  /// What takes it back.
  package enum Kind: Sendable, Hashable {
    /// The author's steps, at least one.
    case steps([PlannedStep])
    /// What removes the thing that the call created, in this order.
    case removal([PlannedRemoval])
  }

  /// The steps, or the calls that remove.
  package var kind: Kind
  /// What the steps use of the values around them; nothing else is kept for them.
  package var uses: UsedValues
  /// Where `undo` stands.
  package var location: SourceLocation

  /// An undo whose key stands at `location`.
  package init(_ kind: Kind, uses: UsedValues = UsedValues(), location: SourceLocation) {
    self.kind = kind
    self.uses = uses
    self.location = location
  }

  /// The author's steps; none for what removes.
  package var steps: [PlannedStep] {
    switch kind {
    case .steps(let steps): steps
    case .removal: []
    }
  }
}

/// A call that removes what another call created, by what identifies it.
package struct PlannedRemoval: Sendable, Hashable {
  /// Where the value of a field comes from.
  package enum Source: Sendable, Hashable {
    /// The field of the result of the call that created it.
    case result(String)
    /// The argument of that call, which no two things share.
    case argument(String)
  }

  /// The operation that removes.
  package var operation: Operation
  /// By the field of `operation`: where its value comes from.
  package var fields: OrderedDictionary<String, Source>

  /// A call of `operation` with these fields.
  package init(operation: Operation, fields: OrderedDictionary<String, Source>) {
    self.operation = operation
    self.fields = fields
  }
}

/// The values around some steps that their expressions use.
package struct UsedValues: Sendable, Hashable {
  /// The ids under `steps`; nil where an expression computes one, so that all are used.
  package private(set) var steps: Set<String>? = []
  /// The names under `inputs`; nil where an expression computes one, so that all are used.
  package private(set) var inputs: Set<String>? = []
  /// Every other name: elements of loops, and what `let` binds.
  package private(set) var names: Set<String> = []

  /// No value.
  package init() {}

  /// All of them but the other names, whose use is not looked for.
  package static let everything: UsedValues = {
    var uses = UsedValues()
    uses.add("steps", field: nil)
    uses.add("inputs", field: nil)
    return uses
  }()

  /// Adds the use of `variable` and, of its fields, the one called `field`; of all of them where that is nil.
  package mutating func add(_ variable: String, field: String?) {
    switch variable {
    case "steps": steps = field.flatMap { steps?.union([$0]) }
    case "inputs": inputs = field.flatMap { inputs?.union([$0]) }
    case let name: names.insert(name)
    }
  }
}
