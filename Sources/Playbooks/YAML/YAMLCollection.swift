import Diagnostics

/// A list or map that is still being read.
struct YAMLCollection {
  enum Kind {
    case list
    case map
  }

  let kind: Kind
  let anchor: String?
  private let location: SourceLocation
  private var elements: [YAMLNode] = []
  private var entries: [YAMLNode.Entry] = []
  /// The keys of a map that has many, with their places.
  private var keys: [String: SourceLocation] = [:]
  /// The values of keys that were given before.
  private(set) var lost: [YAMLNode] = []
  /// What was refused, when it leaves a hole: it may have stood for any key.
  private var refused: [YAMLNode] = []
  private var isRefused = false
  private var pending = Pending.key
  private var count = 1
  private var height = 0

  private static let fewKeys = 16

  /// What a map expects next.
  private enum Pending {
    case key
    case value(key: String, SourceLocation)
    /// The value of a key that was given before.
    case repeatedValue
    /// The value of a key that is none.
    case refusedValue
  }

  init(kind: Kind, anchor: String?, location: SourceLocation) {
    self.kind = kind
    self.anchor = anchor
    self.location = location
  }

  /// The finished node.
  var counted: YAMLComposer.Counted {
    let content: YAMLNode.Content =
      switch kind {
      case .list: .sequence(elements)
      case .map where isRefused: .unreadable(refused + entries.map(\.value))
      case .map: .mapping(entries)
      }
    return YAMLComposer.Counted(
      node: YAMLNode(content: content, location: location), count: count, height: height + 1)
  }

  /// Takes the next element, key or value, and answers what is wrong with it.
  mutating func add(
    _ counted: YAMLComposer.Counted, isPlainKey: Bool, at place: SourceLocation
  ) -> Diagnostic? {
    count += counted.count
    height = max(height, counted.height)
    guard kind == .map else {
      elements.append(counted.node)
      return nil
    }
    switch pending {
    case .key: return addKey(counted.node, isPlain: isPlainKey, at: place)
    case .value(let key, let keyLocation):
      entries.append(
        YAMLNode.Entry(key: key, keyLocation: keyLocation, value: counted.node))
    case .repeatedValue: lost.append(counted.node)
    case .refusedValue: refused.append(counted.node)
    }
    pending = .key
    return nil
  }

  private mutating func addKey(
    _ node: YAMLNode, isPlain: Bool, at place: SourceLocation
  ) -> Diagnostic? {
    guard case .scalar(let key, _) = node.content else {
      refuse(node)
      guard !node.isUnreadable else { return nil }
      return Diagnostic(
        .keyNotText, "a key must be a string, not \(node.kindName)", at: place,
        hint: "an expression is written `${{ … }}`")
    }
    guard !(isPlain && key == "<<") else {
      refuse(node)
      return Diagnostic(
        .mergeKey, "the merge key `<<` is not part of YAML 1.2", at: place,
        hint: "write the entries out, or use a playbook of its own for shared parts")
    }
    if let first = earlierPlace(of: key) {
      pending = .repeatedValue
      return Diagnostic(
        .duplicateKey, "the key `\(key)` is given twice", at: place,
        related: [RelatedLocation("first given here", at: first)])
    }
    if !keys.isEmpty { keys[key] = place }
    pending = .value(key: key, place)
    return nil
  }

  /// Where the key was given before.
  ///
  /// A few are faster to look through than to keep by their hashes.
  private mutating func earlierPlace(of key: String) -> SourceLocation? {
    if keys.isEmpty, entries.count < Self.fewKeys {
      return entries.firstIndex { $0.key == key }.map { entries[$0].keyLocation }
    }
    if keys.isEmpty {
      keys = Dictionary(
        entries.map { ($0.key, $0.keyLocation) }, uniquingKeysWith: { first, _ in first })
    }
    return keys[key]
  }

  private mutating func refuse(_ key: YAMLNode) {
    isRefused = true
    refused.append(key)
    pending = .refusedValue
  }
}
