/// Puts the keys of maps whose keys are known into their order; everything else stays where it is.
enum KeyArranger {
  /// `document` with its keys in order; with anchors in it, as it is: an alias must stay behind its anchor.
  static func arranged(_ document: LayoutDocument) -> LayoutDocument {
    guard !document.hasAnchors else { return document }
    var document = document
    let shape = FileShape(of: document.root)
    let first = document.root.entries.first?.keyText
    document.root = arranged(document.root, as: shape, isTop: true)
    // The comment of a key that is now the first is not that of the file.
    if let moved = document.root.entries.first, moved.keyText != first, !moved.leading.isEmpty {
      document.followsBlank = true
    }
    return document
  }

  private static func arranged(
    _ node: LayoutNode, as shape: FileShape, isTop: Bool = false
  ) -> LayoutNode {
    guard shape != .data, shape != .pages || arePages(node) else { return node }
    var node = node
    switch node.content {
    case .alias, .scalar: return node
    case .list(let elements):
      node.content = .list(
        elements.map { element in
          var element = element
          element.value = arranged(element.value, as: shape.element)
          return element
        })
    case .map(let entries):
      let inside = entries.map { entry in
        var entry = entry
        entry.value = arranged(entry.value, as: entry.keyText.map(shape.value(of:)) ?? .data)
        return entry
      }
      let order = shape == .step ? StepOrder.keys(of: inside) : shape.keys
      node.content = .map(order.map { sorted(inside, by: $0, isTop: isTop) } ?? inside)
    }
    return node
  }

  /// Whether a map under `for-each` describes calls; any other holds the elements of the loop.
  private static func arePages(_ node: LayoutNode) -> Bool {
    let keys = Set(node.entries.compactMap(\.keyText))
    return keys.isSuperset(of: ["call", "items"])
  }

  /// `entries` by the order of their keys; one that has none stays behind the one before it.
  private static func sorted(
    _ entries: [LayoutEntry], by order: [String], isTop: Bool
  ) -> [LayoutEntry] {
    var previous = -1
    let ranks = entries.map { entry in
      if let rank = entry.keyText.flatMap({ order.firstIndex(of: $0) }) { previous = rank }
      return previous
    }
    guard ranks != ranks.sorted() else { return entries }
    let places = entries.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    return places.enumerated().map { position, place in
      var entry = entries[place]
      let before = position > 0 ? places[position - 1] : nil
      // Behind another one than before: sections of a file are apart, keys of a part are not.
      if before != (place > 0 ? place - 1 : nil) {
        let isApart = isTop && (isSection(entry) || before.map { isSection(entries[$0]) } ?? false)
        if entry.leading.isEmpty {
          entry.followsBlank = isApart
        } else {
          entry.leading[0].followsBlank = isApart
        }
      }
      return entry
    }
  }

  private static func isSection(_ entry: LayoutEntry) -> Bool {
    entry.value.isCollection && !entry.value.isFlow
  }
}
