/// Which simulated storage devices are switched off initially.
package enum OfflineDevices: Sendable, Hashable {
  /// The first so many that get the role, of each profile.
  case first(Int)
  case named(Set<String>)

  /// Whether a device that is made now is off.
  func holds(name: String) -> Bool {
    switch self {
    case .first: false
    case .named(let names): names.contains(name)
    }
  }

  /// Whether the storage device is off that comes after so many.
  func holds(storageAfter count: Int) -> Bool {
    switch self {
    case .first(let limit): count < limit
    case .named: false
    }
  }
}
