import Events

extension UndoTally {
  /// So many steps are named.
  private static var mostSteps: Int { 5 }

  /// How many changes were taken back, such as `2 of 3`; nil where no playbook took any back.
  var countText: String? { isEmpty ? nil : "\(doneCount) of \(count)" }

  /// The steps whose changes could not be taken back; nil where there are none.
  var failedText: String? { Self.names(of: failed) }

  /// The steps that changed something which nothing takes back; nil where there are none.
  var keptText: String? { Self.names(of: kept) }

  /// The same in lines, none where no playbook took anything back.
  var lines: [String] {
    [("undone", countText), ("not undone", failedText), ("left as changed", keptText)]
      .compactMap { name, text in text.map { "\(name): \($0)" } }
  }

  private static func names(of steps: [StepPath]) -> String? {
    guard !steps.isEmpty else { return nil }
    let names = steps.prefix(mostSteps).map { "`\($0)`" }.joined(separator: ", ")
    let others = steps.count - mostSteps
    return names + (others > 0 ? " and \(others) more" : "")
  }
}

extension Undoing {
  /// That some changes are undone, and after what.
  var text: String {
    let changes = steps.count == 1 ? "1 change is" : "\(steps.count) changes are"
    return "\(end.result.outcome.word); \(changes) undone"
  }
}
