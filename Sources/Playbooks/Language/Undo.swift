package import Diagnostics

/// How what a step changed is taken back, as it is written beside the step.
package struct WrittenUndo: Sendable, Hashable {
  /// What takes it back.
  package enum Kind: Sendable, Hashable {
    /// Steps of the author's.
    case steps([Step])
    /// `auto`: the operation that the API description names as the inverse.
    case auto
  }

  /// The steps, or `auto`.
  package var kind: Kind
  /// Where `undo` stands.
  package var location: SourceLocation

  /// An undo whose key stands at `location`.
  package init(_ kind: Kind, location: SourceLocation) {
    self.kind = kind
    self.location = location
  }

  /// The author's steps; none for `auto`.
  package var steps: [Step] {
    switch kind {
    case .steps(let steps): steps
    case .auto: []
    }
  }
}

/// An end of a playbook's steps at which what they changed is taken back.
package enum UndoCause: String, Sendable, Hashable, CaseIterable {
  /// They failed.
  case failure
  /// They were cancelled.
  case cancel
}
