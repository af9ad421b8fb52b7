/// Numbers of things in words.
enum CountText {
  /// Such as `1 run` and `12 runs`.
  static func text(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// What there is of several things, such as `2 rollouts and 1 run`; `nothing` where there is none.
  static func list(_ counts: KeyValuePairs<String, Int>) -> String {
    let parts = counts.filter { $0.value > 0 }.map { text($0.value, $0.key) }
    guard let last = parts.last else { return "nothing" }
    let others = parts.dropLast()
    return others.isEmpty ? last : others.joined(separator: ", ") + " and \(last)"
  }

  /// Such as `512 bytes`, `12 KiB` and `3.4 MiB`.
  static func bytes(_ count: Int) -> String {
    guard count >= 1024 else { return text(count, "byte") }
    guard count >= 1 << 20 else { return "\(count >> 10) KiB" }
    let tenths = count * 10 >> 20
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
