package import OrderedCollections
package import Diagnostics
package import Expressions
package import Operations
package import Playbooks

/// The ordered, checked steps of a playbook with its inputs bound.
///
/// A plan is complete: playing it needs no file of the language any more.
package struct Plan: Sendable, Hashable {
  package var playbook: PlannedPlaybook
  /// The bound inputs of the outermost playbook.
  package var inputs: ValueMap
  /// What people call the run by, by name.
  package var labels: OrderedDictionary<String, String>
  /// The roles the engine itself needs.
  package var api: APIDescription
  /// SHA-256 over the texts of all files that made the plan, lower-case hex.
  package var digest: String
  /// The values that stand in the files and are used as secrets.
  package var plainSecrets: [Secret]

  package init(
    playbook: PlannedPlaybook, inputs: ValueMap, labels: OrderedDictionary<String, String> = [:],
    api: APIDescription, digest: String, plainSecrets: [Secret] = []
  ) {
    self.playbook = playbook
    self.inputs = inputs
    self.labels = labels
    self.api = api
    self.digest = digest
    self.plainSecrets = plainSecrets
  }
}

/// A playbook whose every name is known to mean something.
package struct PlannedPlaybook: Sendable, Hashable {
  package var name: String
  package var file: String
  package var labels: OrderedDictionary<String, Template>
  package var inputs: OrderedDictionary<String, InputDeclaration>
  package var session: Credentials?
  package var steps: [PlannedStep]
  package var outputs: OrderedDictionary<String, OutputDeclaration>
  /// What of the inputs is used as a secret without being declared one.
  package var hiddenInputs: [InputPath]

  package init(
    name: String, file: String, labels: OrderedDictionary<String, Template> = [:],
    inputs: OrderedDictionary<String, InputDeclaration>, session: Credentials?,
    steps: [PlannedStep], outputs: OrderedDictionary<String, OutputDeclaration>,
    hiddenInputs: [InputPath] = []
  ) {
    self.name = name
    self.file = file
    self.labels = labels
    self.inputs = inputs
    self.session = session
    self.steps = steps
    self.outputs = outputs
    self.hiddenInputs = hiddenInputs
  }
}

extension PlannedPlaybook {
  /// The files of the playbooks that it plays, at any depth.
  package var playedFiles: Set<String> { Self.files(playedBy: steps) }

  private static func files(playedBy steps: [PlannedStep]) -> Set<String> {
    steps.reduce(into: []) { files, step in
      files.formUnion(Self.files(playedBy: step.modifiers.rescue + step.modifiers.always))
      switch step.kind {
      case .play(let played, _): files.formUnion(played.playedFiles.union([played.file]))
      case .forEach(let loop): files.formUnion(Self.files(playedBy: loop.steps))
      case .parallel(let branches):
        for branch in branches { files.formUnion(Self.files(playedBy: branch.steps)) }
      case .block(let steps): files.formUnion(Self.files(playedBy: steps))
      case .call, .assert, .wait, .waitUntil: break
      }
    }
  }
}

/// One checked step.
package struct PlannedStep: Sendable, Hashable {
  /// The author's id, or `step-N` (N counts from 1 within the enclosing list) when there is none.
  package var id: String
  /// What a person reads: the step's name, else its id, else what it calls.
  package var title: String
  package var kind: Kind
  package var modifiers: PlannedModifiers
  package var location: SourceLocation

  package init(
    id: String, title: String, kind: Kind, modifiers: PlannedModifiers, location: SourceLocation
  ) {
    self.id = id
    self.title = title
    self.kind = kind
    self.modifiers = modifiers
    self.location = location
  }

  package indirect enum Kind: Sendable, Hashable {
    case call(PlannedCall)
    case play(PlannedPlaybook, arguments: OrderedDictionary<String, Template>)
    case forEach(PlannedLoop)
    case parallel([PlannedBranch])
    case block([PlannedStep])
    case assert([Assertion])
    case wait(Duration)
    case waitUntil(condition: Template, read: PlannedRead, every: Duration)
  }
}

/// The modifiers of a step, its nested steps checked too.
package struct PlannedModifiers: Sendable, Hashable {
  package var when: Template?
  package var timeout: Duration?
  package var retry: Retry?
  package var session: SessionChoice
  package var expect: [Assertion]
  package var rescue: [PlannedStep]
  package var always: [PlannedStep]

  package init(
    when: Template? = nil, timeout: Duration? = nil, retry: Retry? = nil,
    session: SessionChoice = .default, expect: [Assertion] = [], rescue: [PlannedStep] = [],
    always: [PlannedStep] = []
  ) {
    self.when = when
    self.timeout = timeout
    self.retry = retry
    self.session = session
    self.expect = expect
    self.rescue = rescue
    self.always = always
  }
}

/// What a `call` does, and with which arguments.
package struct PlannedCall: Sendable, Hashable {
  package enum Target: Sendable, Hashable {
    case operation(Operation)
    case local(LocalAction)
  }

  package var target: Target
  package var arguments: OrderedDictionary<String, Template>

  package init(target: Target, arguments: OrderedDictionary<String, Template>) {
    self.target = target
    self.arguments = arguments
  }
}

/// A call of an operation that a `wait` repeats: a second time leaves the same state as one.
package struct PlannedRead: Sendable, Hashable {
  package var operation: Operation
  package var arguments: OrderedDictionary<String, Template>

  package init(operation: Operation, arguments: OrderedDictionary<String, Template>) {
    self.operation = operation
    self.arguments = arguments
  }
}

/// A `for-each`: what it goes through, and the steps of each round.
package struct PlannedLoop: Sendable, Hashable {
  package var items: Template
  package var variable: String
  package var concurrency: Int
  package var onFailure: OnFailure
  package var steps: [PlannedStep]

  package init(
    items: Template, variable: String, concurrency: Int, onFailure: OnFailure,
    steps: [PlannedStep]
  ) {
    self.items = items
    self.variable = variable
    self.concurrency = concurrency
    self.onFailure = onFailure
    self.steps = steps
  }
}

/// One named branch of `parallel`.
package struct PlannedBranch: Sendable, Hashable {
  package var name: String
  package var steps: [PlannedStep]

  package init(name: String, steps: [PlannedStep]) {
    self.name = name
    self.steps = steps
  }
}
