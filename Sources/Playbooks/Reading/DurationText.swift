/// A duration as playbooks write it: `500ms`, `2s`, `1m`, `1h30m`.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// The duration `text` means, or nil when it means none.
  ///
  /// Integers with the units h, m, s and ms, from the largest down, each at most once and with
  /// at most nine digits.
  package static func duration(_ text: String) -> Duration? {
    var rest = text[...]
    var total: Duration = .zero
    var allowed = units[...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      let name = rest[digits.endIndex...].prefix { ("a"..."z").contains($0) }
      guard digits.utf8.count <= 9, let count = Int64(digits),
        let index = allowed.firstIndex(where: { $0.name == name })
      else { return nil }
      total += .milliseconds(count * allowed[index].milliseconds)
      allowed = allowed[(index + 1)...]
      rest = rest[name.endIndex...]
    }
    return total
  }

  /// `duration` in the same form.
  package static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    var text = ""
    for unit in units where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }
}
