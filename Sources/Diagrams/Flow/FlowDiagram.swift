package import Operations
package import Planning

/// The way of a playbook through its steps, as it is drawn.
package struct FlowDiagram: Sendable, Hashable {
  /// The name of the playbook.
  package var title: String
  /// What it does, from start to end.
  package var sequence: FlowSequence
  /// Whether played playbooks are shown as single steps from some depth on, for want of room.
  package var isCut: Bool

  /// A drawing of `playbook` and of all that it plays, up to `depth` playbooks deep.
  ///
  /// Without a `depth`, as deep as fits into `FlowDepth.mostSteps` steps. What `secrets` finds is masked.
  package init(
    of playbook: PlannedPlaybook, depth: Int? = nil, secrets: SecretScrubber = SecretScrubber()
  ) {
    let deepest = FlowDepth(of: playbook)
    let depth = min(depth ?? deepest.fitting, deepest.whole)
    let words = FlowWords(secrets: secrets)
    title = words.line(playbook.name)
    sequence = FlowReader(words: words).sequence(of: playbook.steps, depth: depth)
    isCut = depth < deepest.whole
  }
}

/// Steps one after the other.
package struct FlowSequence: Sendable, Hashable {
  /// In the order of the file.
  package var units: [FlowUnit]
}

/// A step or a group, with what runs after it failed, and in any case.
package struct FlowUnit: Sendable, Hashable {
  /// The condition under which it runs, such as `inputs.tier == 'gold'`; nil runs it always.
  package var condition: String?
  /// What is done.
  package var part: FlowPart
  /// What runs after a failure; nil where nothing does.
  package var rescue: FlowSequence?
  /// What runs last in any case; nil where nothing does.
  package var always: FlowSequence?
  /// What takes back what it changed, when the playbook or one around it undoes; nil where nothing does.
  package var undo: FlowSequence?
}

/// What a unit of a drawing is.
package indirect enum FlowPart: Sendable, Hashable {
  case step(FlowStep)
  case group(FlowGroup)
}

/// One step that has none inside.
package struct FlowStep: Sendable, Hashable {
  /// What kinds of steps look like.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case call
    /// An action on this machine.
    case local
    case assert
    case wait
    /// A person decides.
    case approve
    /// A playbook whose steps are not shown.
    case play
  }

  /// What it does.
  package var kind: Kind
  /// Its name.
  package var title: String
  /// What it does, where the title does not say so.
  package var detail: String?
}

/// Several steps in a frame.
package struct FlowGroup: Sendable, Hashable {
  /// What kinds of groups look like.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case play
    case loop
    case block
    case parallel
    case branch
    case rescue
    case always
    case undo
  }

  /// What stands in it.
  package enum Content: Sendable, Hashable {
    case sequence(FlowSequence)
    case branches([FlowGroup])
  }

  /// What it is.
  package var kind: Kind
  /// Its name.
  package var title: String
  /// What it is, where the title does not say so.
  package var detail: String?
  /// Its steps or branches.
  package var content: Content
}

extension FlowGroup {
  /// The steps that run after a failure.
  static func rescue(_ sequence: FlowSequence) -> FlowGroup {
    FlowGroup(kind: .rescue, title: "rescue", content: .sequence(sequence))
  }

  /// The steps that run in any case.
  static func always(_ sequence: FlowSequence) -> FlowGroup {
    FlowGroup(kind: .always, title: "always", content: .sequence(sequence))
  }

  /// The steps that take back what a step changed.
  static func undo(_ sequence: FlowSequence) -> FlowGroup {
    FlowGroup(kind: .undo, title: "undo", content: .sequence(sequence))
  }
}

extension FlowSequence {
  /// How many steps it has, those of groups included.
  var stepCount: Int {
    units.reduce(0) { count, unit in
      let own =
        switch unit.part {
        case .step: 1
        case .group(let group): group.stepCount
        }
      let around = [unit.rescue, unit.always, unit.undo].compactMap(\.self)
      return count + own + around.reduce(0) { $0 + $1.stepCount }
    }
  }
}

extension FlowGroup {
  fileprivate var stepCount: Int {
    switch content {
    case .sequence(let sequence): sequence.stepCount
    case .branches(let branches): branches.reduce(0) { $0 + $1.stepCount }
    }
  }
}
