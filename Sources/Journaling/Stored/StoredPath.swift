import Events

/// The stored form of a step's path: a list of its components.
///
/// A step, the most frequent, is its id alone; each other component is a list of the number of its
/// kind and what distinguishes it, so that kinds can be added.
enum StoredPath {
  private enum Kind {
    static let iteration: UInt64 = 1
    static let branch: UInt64 = 2
    static let rescue: UInt64 = 3
    static let always: UInt64 = 4
    static let undo: UInt64 = 5
  }

  static func write(
    _ path: StepPath, to writer: inout CBORWriter
  ) throws(StoredFormError) {
    try writer.openList(path.components.count)
    for component in path.components {
      switch component {
      case .step(let id): writer.text(id)
      case .iteration(let index):
        try writer.openList(2)
        writer.unsigned(Kind.iteration)
        writer.integer(Int64(index))
        writer.close()
      case .branch(let name):
        try writer.openList(2)
        writer.unsigned(Kind.branch)
        writer.text(name)
        writer.close()
      case .rescue: try write(Kind.rescue, to: &writer)
      case .always: try write(Kind.always, to: &writer)
      case .undo: try write(Kind.undo, to: &writer)
      }
    }
    writer.close()
  }

  private static func write(
    _ kind: UInt64, to writer: inout CBORWriter
  ) throws(StoredFormError) {
    try writer.openList(1)
    writer.unsigned(kind)
    writer.close()
  }

  /// Nil for what `write` does not make.
  static func decode(_ item: CBOR) -> StepPath? {
    guard case .list(let items) = item else { return nil }
    let components = items.compactMap(component)
    return components.count == items.count ? StepPath(components: components) : nil
  }

  private static func component(_ item: CBOR) -> StepPath.Component? {
    if case .text(let id) = item { return .step(id) }
    guard case .list(let parts) = item, case .unsigned(let kind)? = parts.first else { return nil }
    switch (kind, parts.dropFirst().first) {
    case (Kind.iteration, .unsigned(let index)?): return Int(exactly: index).map { .iteration($0) }
    case (Kind.branch, .text(let name)?): return .branch(name)
    case (Kind.rescue, nil): return .rescue
    case (Kind.always, nil): return .always
    case (Kind.undo, nil): return .undo
    case _: return nil
    }
  }
}
