package import Diagnostics
package import Expressions
package import Operations
package import OrderedCollections
package import Playbooks

/// The ordered, checked steps of a playbook with its inputs bound.
///
/// A plan is complete: playing it needs no file of the language any more.
package struct Plan: Sendable, Hashable {
  /// The outermost playbook, with every playbook it plays inside its steps.
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
  /// The time zones that its expressions know by name; nil when none has a name.
  package var zones: NamedZones?

  /// A plan of parts that fit together; `CheckedPlaybook.plan` makes one that is checked.
  package init(
    playbook: PlannedPlaybook, inputs: ValueMap, labels: OrderedDictionary<String, String> = [:],
    api: APIDescription, digest: String, plainSecrets: [Secret] = [], zones: NamedZones? = nil
  ) {
    self.playbook = playbook
    self.inputs = inputs
    self.labels = labels
    self.api = api
    self.digest = digest
    self.plainSecrets = plainSecrets
    self.zones = zones
  }
}

/// A playbook whose every name is known to mean something.
package struct PlannedPlaybook: Sendable, Hashable {
  /// The name of the playbook for output and records.
  package var name: String
  /// The path of the file as locations and diagnostics name it.
  package var file: String
  /// The labels of a run of this playbook; those of a played one are not used.
  package var labels: OrderedDictionary<String, Template>
  /// The declared inputs by name, in the order of the file.
  package var inputs: OrderedDictionary<String, InputDeclaration>
  /// The values that all its expressions know by name, in the order of the file; those that need results of
  /// steps are with the steps, as `localsAfter`.
  package var locals: OrderedDictionary<String, LocalValue>
  /// The credentials of the default session, or nil when the caller's session is used.
  package var session: Credentials?
  /// The ends of its steps at which what they changed is taken back.
  package var undoCauses: [UndoCause]
  /// The steps in order, at least one.
  package var steps: [PlannedStep]
  /// The declared outputs by name, in the order of the file.
  package var outputs: OrderedDictionary<String, OutputDeclaration>
  /// What of the inputs is used as a secret without being declared one.
  package var hiddenInputs: [InputPath]
  /// What any of its expressions uses: a run keeps no other result of a step.
  package var uses: UsedValues

  /// A playbook whose parts are checked; nothing is checked here.
  package init(
    name: String, file: String, labels: OrderedDictionary<String, Template> = [:],
    inputs: OrderedDictionary<String, InputDeclaration>,
    locals: OrderedDictionary<String, LocalValue> = [:], session: Credentials?,
    undoCauses: [UndoCause] = [], steps: [PlannedStep],
    outputs: OrderedDictionary<String, OutputDeclaration>,
    hiddenInputs: [InputPath] = [], uses: UsedValues = .everything
  ) {
    self.name = name
    self.file = file
    self.labels = labels
    self.inputs = inputs
    self.locals = locals
    self.session = session
    self.undoCauses = undoCauses
    self.steps = steps
    self.outputs = outputs
    self.hiddenInputs = hiddenInputs
    self.uses = uses
  }
}

extension PlannedPlaybook {
  /// The files of the playbooks that it plays, at any depth.
  package var playedFiles: Set<String> { Self.files(playedBy: steps) }

  private static func files(playedBy steps: [PlannedStep]) -> Set<String> {
    steps.reduce(into: []) { files, step in
      files.formUnion(Self.files(playedBy: step.modifiers.steps))
      if case .play(let played, _) = step.kind {
        files.formUnion(played.playedFiles.union([played.file]))
      } else {
        files.formUnion(Self.files(playedBy: step.kind.steps))
      }
    }
  }
}

/// One checked step.
package struct PlannedStep: Sendable, Hashable {
  /// The author's id, or `step-N` (N counts from 1 within the enclosing list) when there is none.
  package var id: String
  /// What a person reads: the step's name as it is written, else its id, else what it calls.
  package var title: String
  /// The name where expressions give it; nil where `title` is all there is to it.
  package var name: Template?
  /// What the step does, every operation and playbook in it found.
  package var kind: Kind
  /// What applies to the step as a whole.
  package var modifiers: PlannedModifiers
  /// Where the step begins in its file; failures of the step name it.
  package var location: SourceLocation
  /// The values of its playbook that are known once the step has ended, in the order of the file.
  package var localsAfter: OrderedDictionary<String, LocalValue>

  /// A checked step that begins at `location`.
  package init(
    id: String, title: String, name: Template? = nil, kind: Kind, modifiers: PlannedModifiers,
    location: SourceLocation, localsAfter: OrderedDictionary<String, LocalValue> = [:]
  ) {
    self.id = id
    self.title = title
    self.name = name
    self.kind = kind
    self.modifiers = modifiers
    self.location = location
    self.localsAfter = localsAfter
  }

  /// What a planned step does; unlike `Step.Kind` it has no holes.
  package indirect enum Kind: Sendable, Hashable {
    case call(PlannedCall)
    case play(PlannedPlaybook, arguments: OrderedDictionary<String, Template>)
    case forEach(PlannedLoop)
    case parallel([PlannedBranch])
    case block([PlannedStep])
    case assert([Assertion])
    case wait(Setting<Duration>)
    case waitUntil(condition: Template, read: PlannedRead, every: Setting<Duration>?)
    case approve(PlannedApproval)
  }
}

extension PlannedStep.Kind {
  /// The steps that it has, those of all branches and of a played playbook, and the one that reads pages.
  package var steps: [PlannedStep] {
    switch self {
    case .play(let playbook, _): playbook.steps
    case .forEach(let loop): loop.reads + loop.steps
    case .parallel(let branches): branches.flatMap(\.steps)
    case .block(let steps): steps
    case .call, .assert, .wait, .waitUntil, .approve: []
    }
  }
}

/// What a person decides, and what they fill in.
package struct PlannedApproval: Sendable, Hashable {
  /// What the person reads.
  package var message: Template
  /// What the person fills in, by name, in the order of the file.
  package var fields: OrderedDictionary<String, Approve.FormField>

  /// A decision on `message`.
  package init(message: Template, fields: OrderedDictionary<String, Approve.FormField>) {
    self.message = message
    self.fields = fields
  }
}

/// The modifiers of a step, its nested steps checked too.
package struct PlannedModifiers: Sendable, Hashable {
  /// The values that the step's expressions know by name, in the order of the file.
  package var locals: OrderedDictionary<String, LocalValue>
  /// The condition under which the step runs; nil runs it always.
  package var when: Template?
  /// The longest time for one attempt; nil leaves it to the default of the step's kind.
  package var timeout: Setting<Duration>?
  /// How a failed attempt is repeated; nil leaves it to the defaults of the step's kind.
  package var retry: Retry?
  /// Whose session the step uses, and those inside it.
  package var session: SessionChoice
  /// What is done about a request that may have had its effect; nil is `ask`.
  package var inDoubt: InDoubt?
  /// What the step's call makes sure of; nil carries it out in any case.
  package var ensure: Ensurance?
  /// The reasons of refusals that the step may end with, in the order of the file.
  package var tolerate: [String]
  /// Conditions on the call's answer, all of which must hold; empty for other kinds of steps.
  package var expect: [Assertion]
  /// The steps that run after a failure, with `error` bound; empty when failures are not rescued.
  package var rescue: [PlannedStep]
  /// The steps that run last in any case; empty when there are none.
  package var always: [PlannedStep]
  /// How what the step changed is taken back; nil where it stays as it is.
  package var undo: PlannedUndo?

  /// Modifiers that change nothing, except those that are given.
  package init(
    locals: OrderedDictionary<String, LocalValue> = [:], when: Template? = nil,
    timeout: Setting<Duration>? = nil, retry: Retry? = nil, session: SessionChoice = .default,
    inDoubt: InDoubt? = nil, ensure: Ensurance? = nil, tolerate: [String] = [],
    expect: [Assertion] = [], rescue: [PlannedStep] = [], always: [PlannedStep] = [],
    undo: PlannedUndo? = nil
  ) {
    self.locals = locals
    self.when = when
    self.timeout = timeout
    self.retry = retry
    self.session = session
    self.inDoubt = inDoubt
    self.ensure = ensure
    self.tolerate = tolerate
    self.expect = expect
    self.rescue = rescue
    self.always = always
    self.undo = undo
  }

  /// The steps that follow the step's own: those of its `rescue`, `always` and `undo`.
  package var steps: [PlannedStep] { rescue + always + (undo?.steps ?? []) }
}

/// What a `call` does, and with which arguments.
package struct PlannedCall: Sendable, Hashable {
  /// What is called: the operation with its whole description, or an action on this machine.
  package enum Target: Sendable, Hashable {
    case operation(Operation)
    case local(LocalAction)
  }

  /// The operation or local action, found by its name.
  package var target: Target
  /// The arguments by field name, in the order of the file; null ones count as not given.
  package var arguments: OrderedDictionary<String, Template>

  /// A call whose arguments fit the fields of `target`.
  package init(target: Target, arguments: OrderedDictionary<String, Template>) {
    self.target = target
    self.arguments = arguments
  }
}

/// A call of an operation that a `wait` repeats: a second time leaves the same state as one.
package struct PlannedRead: Sendable, Hashable {
  /// The operation, whose repetition is `safe` or `harmless`.
  package var operation: Operation
  /// The arguments by field name, evaluated once for an attempt: all its reads send the same.
  package var arguments: OrderedDictionary<String, Template>

  /// A read by `operation`; that it may be repeated is checked by the planner, not here.
  package init(operation: Operation, arguments: OrderedDictionary<String, Template>) {
    self.operation = operation
    self.arguments = arguments
  }
}

/// A `for-each`: what it goes through, and the steps of each round.
package struct PlannedLoop: Sendable, Hashable {
  /// The list or map, or the pages.
  package var items: Items
  /// The name of the element in the expressions of the rounds.
  package var variable: String
  /// The name of the number of a round, counted from 0; nil where nothing uses it.
  package var index: String?
  /// The name of the key of a map's value; nil where nothing uses it.
  package var key: String?
  /// How people read a round; nil for its element.
  package var label: Template?
  /// No round begins after one that ended well and at whose end this was true.
  package var until: Template?
  /// How many rounds are in progress at once, 1 to 1,000.
  package var concurrency: Setting<Int>
  /// What a failed round means for the others.
  package var onFailure: OnFailure
  /// The steps of every round, at least one.
  package var steps: [PlannedStep]

  /// A loop over `items`, each of which `variable` names in its round.
  package init(
    items: Items, variable: String, index: String? = nil, key: String? = nil,
    label: Template? = nil, until: Template? = nil, concurrency: Setting<Int>,
    onFailure: OnFailure, steps: [PlannedStep]
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

/// One named branch of `parallel`.
package struct PlannedBranch: Sendable, Hashable {
  /// The name under `parallel`, which is part of the paths of its steps.
  package var name: String
  /// The steps of the branch in order, at least one.
  package var steps: [PlannedStep]

  /// A branch whose steps run in order, beside those of the other branches.
  package init(name: String, steps: [PlannedStep]) {
    self.name = name
    self.steps = steps
  }
}
