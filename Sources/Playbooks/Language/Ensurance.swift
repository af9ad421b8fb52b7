/// `ensure`, `on-drift` and `match` of a step, as they are written.
package struct WrittenEnsurance: Sendable, Hashable {
  /// What is to be so; nil where the others are written alone.
  package var state: Located<Ensurance.State>?
  /// What is done about a difference; nil leaves it to the default.
  package var onDrift: Located<Ensurance.OnDrift>?
  /// Which of several things is meant; nil leaves it to the default.
  package var match: Located<Ensurance.Match>?

  /// What is written; at least one of them is.
  package init(
    state: Located<Ensurance.State>?, onDrift: Located<Ensurance.OnDrift>? = nil,
    match: Located<Ensurance.Match>? = nil
  ) {
    self.state = state
    self.onDrift = onDrift
    self.match = match
  }

  /// What it means, or nil where `ensure` is missing.
  package var ensurance: Ensurance? {
    state.map {
      Ensurance($0.value, onDrift: onDrift?.value ?? .fail, match: match?.value ?? .only)
    }
  }
}

/// What an ensured call makes sure of, and what it does about what differs.
package struct Ensurance: Sendable, Hashable {
  /// What is to be so afterwards.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// The thing exists as the call describes it.
    case present
    /// There is no such thing.
    case absent
  }

  /// What is done about a difference that the API cannot correct.
  package enum OnDrift: String, Sendable, Hashable, CaseIterable {
    /// The step fails, and names every difference.
    case fail
    /// The thing is used as it is; the differences are reported.
    case warn
    /// The thing is removed and created again.
    case recreate
  }

  /// Which of several things of one identity is meant.
  package enum Match: String, Sendable, Hashable, CaseIterable {
    /// There must be one only: the step fails where there are several.
    case only
    /// The one that was created last.
    case newest
  }

  /// What is to be so afterwards.
  package var state: State
  /// What is done about a difference that the API cannot correct.
  package var onDrift: OnDrift
  /// Which of several things of one identity is meant.
  package var match: Match

  /// An ensurance of `state` that fails at drift and at several things of one identity.
  package init(_ state: State, onDrift: OnDrift = .fail, match: Match = .only) {
    self.state = state
    self.onDrift = onDrift
    self.match = match
  }
}
