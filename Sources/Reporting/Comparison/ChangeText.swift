import Events
import Expressions

/// What a value was and is, as people read it.
struct ChangeText: Sendable {
  let style: TerminalStyle
  /// In characters, for each of the two values; nil for no limit.
  let limit: Int?

  /// Such as `succeeded → failed`; secrets are never shown.
  func text(_ change: ComparedValue.Change) -> String {
    switch change {
    case .removed(let value): "\(cut(Self.plain(value))) \(arrow) (none)"
    case .added(let value): "(none) \(arrow) \(cut(Self.plain(value)))"
    case .changed(.secret, .secret): "differs (secret)"
    case .changed(let from, let to): text(from, to)
    }
  }

  /// Such as `1.1 s → 2.3 s (+1.2 s, +109%)`.
  func text(_ time: ComparedTime) -> String {
    let text = "\(ElapsedText.text(time.from)) \(arrow) \(ElapsedText.text(time.to))"
    let sign = time.difference < .zero ? "-" : "+"
    let difference = max(time.difference, .zero - time.difference)
    guard time.isPerceptible else { return text }
    let percent = time.percent.map { ", \(sign)\(Int64(abs($0).rounded()))%" } ?? ""
    return text + " (\(sign)\(ElapsedText.text(difference))\(percent))"
  }

  /// One value; secrets are never shown.
  func text(_ value: Value) -> String { cut(Self.plain(value)) }

  /// What stands between the values of two runs.
  var arrow: String { style.choose("→", "->") }

  private func text(_ from: Value, _ to: Value) -> String {
    var (old, new) = (Self.plain(from), Self.plain(to))
    if old == new { (old, new) = (EncodedValue.json(from).line, EncodedValue.json(to).line) }
    guard old != new else { return "\(cut(old)), of other content" }
    let shared = zip(old, new).prefix { $0 == $1 }.count
    return "\(cut(old, from: shared)) \(arrow) \(cut(new, from: shared))"
  }

  private static func plain(_ value: Value) -> String { ValueText.text(value, limit: nil) }

  /// A part of `text` that holds the character at `position`.
  private func cut(_ text: String, from position: Int = 0) -> String {
    guard let limit, text.count > limit else { return text }
    let ellipsis = style.choose("…", "...")
    let start = min(max(0, position - limit / 4), text.count - limit)
    let part = text.dropFirst(start).prefix(limit)
    let isEnd = part.endIndex == text.endIndex
    return (start > 0 ? ellipsis : "") + part + (isEnd ? "" : ellipsis)
  }
}
