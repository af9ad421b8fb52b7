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
  /// The steps that it has itself, those of all branches and the one that reads pages; none of a played
  /// playbook.
  package var steps: [Step] {
    switch self {
    case .forEach(let loop): loop.reads + loop.steps
    case .parallel(let branches): branches.values.flatMap(\.steps)
    case .block(let steps): steps
    case .call, .play, .assert, .wait, .approve, .unreadable: []
    }
  }
}

extension ForEach {
  /// The step that reads its pages; none for a loop without.
  fileprivate var reads: [Step] {
    if case .pages(let pages)? = items { [pages.read] } else { [] }
  }
}
