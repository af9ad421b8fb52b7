import Diagnostics
import Playbooks

/// Compares what a layout says with what a text says.
struct MeaningCheck {
  private let events: [YAMLEvent]
  private var position = 0

  /// Whether `text` says the same as `document`, in the same order, with as many comments.
  static func holds(_ text: String, as document: LayoutDocument) -> Bool {
    do {
      let source = try YAMLSource(Array(text.utf8), file: "", limits: .formatted)
      var check = MeaningCheck(events: source.events)
      guard check.skip(.streamStart), check.skip(.documentStart), check.matches(document.root)
      else { return false }
      let other = try LayoutReader.document(of: source)
      return other.commentCount == document.commentCount
    } catch {
      return false
    }
  }

  private init(events: [YAMLEvent]) {
    self.events = events
  }

  private mutating func skip(_ kind: YAMLEvent.Kind) -> Bool {
    guard position < events.count, events[position].kind == kind else { return false }
    position += 1
    return true
  }

  private mutating func matches(_ node: LayoutNode) -> Bool {
    guard position < events.count else { return false }
    let event = events[position]
    position += 1
    switch (event.kind, node.content) {
    case (.alias(let name), .alias(let other)): return name == other
    case (.scalar(let text, let style, let properties), .scalar(let scalar)):
      return text == scalar.text && (style == .plain) == (scalar.style == .plain)
        && properties.isEmpty == node.properties.isEmpty
    case (.sequenceStart(let properties), .list(let entries)):
      return properties.isEmpty == node.properties.isEmpty
        && entries.allSatisfy { matches($0.value) } && skip(.sequenceEnd)
    case (.mappingStart(let properties), .map(let entries)):
      return properties.isEmpty == node.properties.isEmpty
        && entries.allSatisfy { entry in
          entry.key.map { matches($0) } ?? false && matches(entry.value)
        } && skip(.mappingEnd)
    case _: return false
    }
  }
}
