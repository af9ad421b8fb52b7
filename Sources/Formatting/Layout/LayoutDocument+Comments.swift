extension LayoutDocument {
  /// How many comments it has.
  var commentCount: Int { header.count + (belowMarker?.count ?? 0) + root.commentCount }
}

extension LayoutNode {
  fileprivate var commentCount: Int {
    entries.reduce(closing.count) { count, entry in
      count + entry.leading.count + (entry.remark == nil ? 0 : 1) + entry.value.commentCount
    }
  }
}
