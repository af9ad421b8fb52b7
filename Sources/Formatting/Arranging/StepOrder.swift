/// The order of the keys of a step: what it is called, when it runs, what it does, what follows.
///
/// Of a group, what holds for all of it comes before its steps, which are long.
enum StepOrder {
  private static let names = ["id", "name", "let", "when"]
  private static let followUps = ["expect", "undo", "rescue", "always"]

  /// The order for steps that do one thing, with the keys of groups as well.
  static let leaf =
    names + [
      "call", "play", "assert", "wait", "approve", "with", "session", "unless", "ensure",
      "on-drift", "match", "tolerate", "timeout", "retry", "in-doubt",
    ] + loop + followUps
  /// The order for `for-each`, `parallel` and `steps`.
  static let group =
    names + [
      "session", "unless", "ensure", "on-drift", "match", "tolerate", "timeout", "retry",
      "in-doubt", "call", "play", "assert", "wait", "approve", "with",
    ] + loop + followUps

  private static let loop = [
    "for-each", "as", "key", "index", "label", "until", "concurrency", "on-failure", "parallel",
    "steps",
  ]

  /// The order for a step with these keys.
  static func keys(of entries: [LayoutEntry]) -> [String] {
    let isGroup = entries.contains { ["for-each", "parallel", "steps"].contains($0.keyText) }
    return isGroup ? group : leaf
  }
}
