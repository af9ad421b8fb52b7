import OrderedCollections

extension Step {
  /// Every `play` in it, nested ones too, in the order they are written.
  package var plays: [Play] {
    own + (modifiers.rescue + modifiers.always + (modifiers.undo?.steps ?? [])).flatMap(\.plays)
  }

  private var own: [Play] {
    if case .play(let play) = kind { return [play] }
    return kind.steps.flatMap(\.plays)
  }
}

extension Step.Kind {
  /// The steps that it has itself, those of all branches; none of a played playbook.
  package var steps: [Step] {
    switch self {
    case .forEach(let loop): loop.steps
    case .parallel(let branches): branches.values.flatMap(\.steps)
    case .block(let steps): steps
    case .call, .play, .assert, .wait, .approve, .unreadable: []
    }
  }
}
