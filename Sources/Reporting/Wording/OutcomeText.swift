import Events

extension Outcome {
  /// The word for people.
  var word: String {
    switch self {
    case .succeeded, .unchanged, .skipped, .tolerated, .failed, .cancelled: rawValue
    case .inDoubt: "in doubt"
    }
  }

  func symbol(_ style: TerminalStyle) -> String {
    switch self {
    case .succeeded: style.choose("✓", "+")
    case .unchanged: "="
    case .skipped: style.choose("–", "-")
    case .tolerated: "!"
    case .failed: style.choose("✗", "x")
    case .cancelled: style.choose("■", "#")
    case .inDoubt: "?"
    }
  }

  var role: TerminalStyle.Role {
    switch self {
    case .succeeded: .good
    case .unchanged, .skipped: .faint
    case .tolerated, .cancelled, .inDoubt: .notable
    case .failed: .bad
    }
  }
}

extension RunTree {
  /// Such as `12 succeeded, 1 skipped`.
  var countsText: String {
    let counts = outcomeCounts.map { "\($0.count) \($0.outcome.word)" }
    return counts.isEmpty ? "no steps" : counts.joined(separator: ", ")
  }
}
