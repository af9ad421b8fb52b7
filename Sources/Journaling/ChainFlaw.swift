/// How the record of a run differs from what was recorded.
package enum ChainFlaw: Sendable, Hashable {
  /// The event was edited, moved or replaced.
  case altered(sequence: Int)
  /// An event in the middle is missing.
  case gap(sequence: Int)
  /// Events at the end are missing.
  case cut(recorded: Int, present: Int)
  /// There are events that the run's head does not know.
  case unknownTail(sequence: Int)
  /// The line that lists the run does not say what its events say.
  case summaryDiffers
  /// The event is authentic but cannot be read.
  case unreadable(sequence: Int, StoredFormError)
  /// A text that the run was planned from is not there any more.
  case missingText(PinnedText)
  /// A text that the run was planned from is not the one that its first event names.
  case alteredText(PinnedText)
}

/// A text that the first event of a run or rollout names by its digest.
package enum PinnedText: String, Sendable, Hashable, CaseIterable {
  /// All playbook files of the run, in one text.
  case playbooks
  /// The API description.
  case description = "API description"
  /// The saved plan that the run keeps to.
  case savedPlan = "saved plan"
  /// What a rollout does, from its file.
  case definition = "rollout's definition"
  /// The tenants that a rollout selected.
  case tenants = "selected tenants"
}

extension ChainFlaw: CustomStringConvertible {
  /// Such as `event 7 was altered`.
  package var description: String {
    switch self {
    case .altered(let sequence): "event \(sequence) was altered"
    case .gap(let sequence): "event \(sequence) is missing"
    case .cut(let recorded, let present):
      "\(recorded) events were recorded and only the first \(present) are there"
    case .unknownTail(let sequence): "the events from \(sequence) on were added from outside"
    case .summaryDiffers: "its line in the list of runs was altered"
    case .unreadable(let sequence, let error): "event \(sequence) cannot be read: \(error)"
    case .missingText(let text):
      "the text of the \(text.rawValue)\(text.use) is missing"
    case .alteredText(let text):
      "the text of the \(text.rawValue)\(text.use) was altered"
    }
  }
}

extension PinnedText {
  /// What the text was for, where that is not in its name.
  fileprivate var use: String {
    switch self {
    case .playbooks, .description: " that the run was planned from"
    case .savedPlan: " that the run keeps to"
    case .definition, .tenants: ""
    }
  }
}
