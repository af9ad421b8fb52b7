import OrderedCollections

extension Step {
  /// Every `play` in it, nested ones too, in the order they are written.
  package var plays: [Play] {
    own + (modifiers.rescue + modifiers.always).flatMap(\.plays)
  }

  private var own: [Play] {
    switch kind {
    case .play(let play): [play]
    case .forEach(let loop): loop.steps.flatMap(\.plays)
    case .parallel(let branches): branches.values.flatMap(\.steps).flatMap(\.plays)
    case .block(let steps): steps.flatMap(\.plays)
    case .call, .assert, .wait, .unreadable: []
    }
  }
}
