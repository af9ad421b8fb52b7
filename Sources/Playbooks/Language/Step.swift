package import Diagnostics
package import Expressions
package import OrderedCollections

/// One act of a playbook: a kind and its modifiers.
package struct Step: Sendable, Hashable {
  /// The identifier that expressions use, or nil when the author gave none.
  package var id: String?
  /// What a person reads; nil falls back on the id or the kind.
  package var name: Template?
  /// What the step does, or a hole when that could not be read.
  package var kind: Kind
  /// What else was written beside the kind, such as `when` and `retry`.
  package var modifiers: Modifiers
  /// Where the step begins: its first key, or its `{`.
  package var location: SourceLocation
  /// The readable parts of values that could not be read whole: checked, and never played.
  package var remains: [Template]

  /// A step that begins at `location`; without `modifiers` it has the defaults of its kind.
  package init(
    id: String? = nil, name: Template? = nil, kind: Kind, modifiers: Modifiers = Modifiers(),
    location: SourceLocation, remains: [Template] = []
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.modifiers = modifiers
    self.location = location
    self.remains = remains
  }

  /// What a step does; exactly one.
  package indirect enum Kind: Sendable, Hashable {
    /// `call`: one operation of the API, or a local action.
    case call(Call)
    /// `play`: another playbook.
    case play(Play)
    /// `for-each`: the same steps for each element of a list, a map or pages.
    case forEach(ForEach)
    /// `parallel`: named branches at the same time.
    case parallel(OrderedDictionary<String, Branch>)
    /// `steps` alone: a group that modifiers apply to as one.
    case block([Step])
    /// `assert`: conditions that must hold.
    case assert([Assertion])
    /// `wait`: for a time, or until a repeated read says so.
    case wait(Wait)
    /// `approve`: a person decides.
    case approve(Approve)
    /// A hole: what the step does could not be read.
    case unreadable
  }
}

/// `call`: the name of an operation or local action, and its arguments.
package struct Call: Sendable, Hashable {
  /// The id as written, such as `device.approve-device`; whether it exists is checked when
  /// planning.
  package var operation: Located<String>
  /// The entries under `with`, by name, in the order of the file.
  package var arguments: OrderedDictionary<String, Argument>
  /// Whether no argument was left out because it could not be read.
  package var hasAllArguments: Bool

  /// A call of `operation` with what was written under `with`.
  package init(
    operation: Located<String>, arguments: OrderedDictionary<String, Argument> = [:],
    hasAllArguments: Bool = true
  ) {
    self.operation = operation
    self.arguments = arguments
    self.hasAllArguments = hasAllArguments
  }
}

/// One entry under `with`: where its key stands, and its value.
package struct Argument: Sendable, Hashable {
  /// Nil when it could not be read.
  package var value: Template?
  /// Where the key stands.
  package var location: SourceLocation

  /// An argument whose key stands at `location`; a nil `value` is a hole.
  package init(value: Template?, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

/// `play`: the path of another playbook, relative to the file that names it, and its inputs.
package struct Play: Sendable, Hashable {
  /// The path as written, relative to the file of its location.
  package var path: Located<String>
  /// The inputs given under `with`, by name, in the order of the file.
  package var arguments: OrderedDictionary<String, Argument>
  /// Whether no argument was left out because it could not be read.
  package var hasAllArguments: Bool

  /// A play of the file at `path` with what was written under `with`.
  package init(
    path: Located<String>, arguments: OrderedDictionary<String, Argument> = [:],
    hasAllArguments: Bool = true
  ) {
    self.path = path
    self.arguments = arguments
    self.hasAllArguments = hasAllArguments
  }
}

/// `for-each`: a list, a map or pages, what its rounds call its parts, how many at once, and the steps.
package struct ForEach: Sendable, Hashable {
  /// Nil when it could not be read.
  package var items: Items?
  /// The name the steps know the element by; `item` when the author gave none, nil when the given one
  /// cannot be used.
  package var variable: Located<String>?
  /// The name the steps know the number of the round by, counted from 0; nil when the author gave none.
  package var index: Located<String>?
  /// The name the steps know the key of a map's value by; nil when the author gave none.
  package var key: Located<String>?
  /// How people read a round; nil for its element.
  package var label: Template?
  /// No round begins after one that ended well and at whose end this was true.
  package var until: Template?
  /// How many elements are in progress at once, 1 to 1,000; 1 when the author gave none.
  package var concurrency: Setting<Int>
  /// What a failed round means for the others; `stop` when the author gave nothing.
  package var onFailure: OnFailure
  /// The steps of every round, in order.
  package var steps: [Step]

  /// A loop over `items`; a nil `items` or `variable` is a hole, which no plan has.
  package init(
    items: Items?, variable: Located<String>?, index: Located<String>? = nil,
    key: Located<String>? = nil, label: Template? = nil, until: Template? = nil,
    concurrency: Setting<Int>, onFailure: OnFailure = .stop, steps: [Step]
  ) {
    self.items = items
    self.variable = variable
    self.index = index
    self.key = key
    self.label = label
    self.until = until
    self.concurrency = concurrency
    self.onFailure = onFailure
    self.steps = steps
  }
}

extension ForEach {
  /// How many elements can be in progress at once.
  package static let concurrencyBounds = 1...1000
}

/// What a `for-each` does when one of its rounds fails.
package enum OnFailure: String, Sendable, Hashable, CaseIterable {
  /// No further round begins, and those in progress are stopped.
  case stop
  /// All rounds run; the loop fails after the last one.
  case `continue`
}

/// One branch of `parallel`.
package struct Branch: Sendable, Hashable {
  /// The steps of the branch, in order.
  package var steps: [Step]
  /// Where the branch's name stands.
  package var location: SourceLocation

  /// A branch whose name stands at `location`.
  package init(steps: [Step], location: SourceLocation) {
    self.steps = steps
    self.location = location
  }
}

/// A condition and the message when it is false.
package struct Assertion: Sendable, Hashable {
  /// One expression, or a literal `true` or `false`.
  package var condition: Template
  /// What the failure says before the values that were compared; nil makes it quote the condition.
  package var message: Template?
  /// Where the condition begins, or the first key of `{ that, message }`.
  package var location: SourceLocation

  /// A condition at `location` with its own `message`, or nil for a message made from the
  /// condition.
  package init(condition: Template, message: Template? = nil, location: SourceLocation) {
    self.condition = condition
    self.message = message
    self.location = location
  }
}

/// `wait`: a duration, or a read repeated until a condition on its `answer` holds.
package enum Wait: Sendable, Hashable {
  case duration(Located<Setting<Duration>>)
  /// `every` is 10 ms to 1 h, nil when the author gave none; the step's `timeout` bounds the whole
  /// wait, 5 minutes when it has none.
  /// What could not be read is nil.
  case until(condition: Template?, read: Call?, every: Setting<Duration>?)
}
