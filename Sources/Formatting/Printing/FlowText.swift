/// Lists and maps on one line: `[a, b]`, `{ a: 1 }`.
struct FlowText {
  private var text = ""
  private var room: Int

  /// `node` on one line of at most `room` characters; nil when it needs more, or has a comment in it.
  ///
  /// Takes no longer than for that many characters, whatever the size of the node.
  static func line(of node: LayoutNode, within room: Int) -> String? {
    var flow = FlowText(room: room)
    return flow.add(node, withProperties: false) ? flow.text : nil
  }

  /// A key with its properties; an alias has a blank behind it, or the colon would be part of its name.
  static func key(_ node: LayoutNode) -> String {
    let properties = node.properties.isEmpty ? "" : "\(node.properties) "
    switch node.content {
    case .alias(let name): return "\(properties)*\(name) "
    case .scalar(let scalar): return properties + (scalar.line ?? "")
    case .list, .map: return properties
    }
  }

  private init(room: Int) {
    self.room = room
  }

  private mutating func add(_ node: LayoutNode, withProperties: Bool) -> Bool {
    guard node.closing.isEmpty else { return false }
    if withProperties, !node.properties.isEmpty {
      guard add("\(node.properties) ") else { return false }
    }
    switch node.content {
    case .alias(let name): return add("*\(name)")
    case .scalar(let scalar):
      guard let line = scalar.line else { return false }
      return add(line)
    case .list(let entries): return add(entries, between: ("[", "]"))
    case .map(let entries):
      return entries.isEmpty ? add("{}") : add(entries, between: ("{ ", " }"))
    }
  }

  private mutating func add(_ entries: [LayoutEntry], between ends: (String, String)) -> Bool {
    guard add(ends.0) else { return false }
    for (index, entry) in entries.enumerated() {
      guard entry.leading.isEmpty, entry.remark == nil, index == 0 || add(", ") else {
        return false
      }
      if let key = entry.key {
        guard add("\(Self.key(key)): ") else { return false }
      }
      guard add(entry.value, withProperties: true) else { return false }
    }
    // `{ a: }`, with one blank.
    let isOpen = entries.last.map { $0.key != nil && $0.value.isAbsent } ?? false
    return add(isOpen ? String(ends.1.drop { $0 == " " }) : ends.1)
  }

  private mutating func add(_ string: String) -> Bool {
    room -= string.unicodeScalars.count
    guard room >= 0 else { return false }
    text += string
    return true
  }
}

extension LayoutNode {
  /// Whether nothing was written for it.
  fileprivate var isAbsent: Bool {
    if case .scalar(let scalar) = content { scalar.isEmpty && properties.isEmpty } else { false }
  }
}
