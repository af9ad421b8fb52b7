import Synchronization

/// The time zones that expressions know by name.
///
/// The rules of a zone are asked for once and then kept, so that an expression has the same value as long
/// as these zones are used. A class, so that it takes one word in every frame of the evaluator; equal to
/// itself only.
package final class NamedZones: Sendable {
  /// The seconds that the clocks of a zone are ahead of UTC, at a second after 1970-01-01T00:00:00Z.
  package typealias Offset = @Sendable (_ second: Int64) -> Int

  private let rules: @Sendable (String) -> Offset?
  private let listed: @Sendable () -> [String]
  private let known = Mutex(Known())

  /// What was asked for already.
  private struct Known {
    var offsets: [String: Offset] = [:]
    var missing: Set<String> = []
    /// The names of all zones; nil before they are asked for.
    var names: [String]?
  }

  /// So many names are remembered that no zone has: an expression can make any number of them.
  private static let mostMissing = 1_000

  /// Zones whose `rules` are nil where there is none of the name; `names` are all, for suggestions.
  package init(
    rules: @escaping @Sendable (String) -> Offset?, names: @escaping @Sendable () -> [String]
  ) {
    self.rules = rules
    listed = names
  }

  /// The names of all zones; asking for them the first time reads the whole database.
  var names: [String] {
    if let names = known.withLock({ $0.names }) { return names }
    let names = listed()
    known.withLock { $0.names = names }
    return names
  }

  /// How far the clocks of the zone are ahead of UTC; nil when there is no such zone.
  func offset(of name: String) -> Offset? {
    let (offset, isMissing) = known.withLock { ($0.offsets[name], $0.missing.contains(name)) }
    if offset != nil || isMissing { return offset }
    let found = rules(name)
    // The first one stays, whoever else asked meanwhile.
    return known.withLock { known in
      if let first = known.offsets[name] { return first }
      known.offsets[name] = found
      if found == nil, known.missing.count < Self.mostMissing { known.missing.insert(name) }
      return found
    }
  }

  /// What to write for a zone that is not among `zones`; nil stands for none.
  ///
  /// It depends on no name that was written, which may be secret.
  static func hint(among zones: NamedZones?) -> String {
    guard let zones else { return "use `UTC` or an offset like `+02:00`" }
    return zones.names.isEmpty
      ? "this machine has no time zone database: install the package `tzdata`"
      : "use a name such as `Europe/Stockholm`, `UTC` or an offset like `+02:00`"
  }
}

extension NamedZones: Hashable {
  /// Whether both are the same object.
  package static func == (left: NamedZones, right: NamedZones) -> Bool { left === right }

  /// Hashes the object, as `==` compares it.
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
