import OrderedCollections

/// How often, and with how many tenants, each of several things occurs.
///
/// It keeps the first names only, and a bounded number of things.
struct TenantTally<Key: Sendable & Hashable>: Sendable, Hashable {
  /// How often one of the things occurs.
  struct Entry: Sendable, Hashable {
    fileprivate(set) var count = 0
    fileprivate(set) var tenants = 0
    /// The names of the first tenants.
    fileprivate(set) var names: [String] = []
    fileprivate var last: String?
  }

  /// How many names are kept.
  static var mostNames: Int { 5 }
  private static var mostKeys: Int { 1000 }

  private var entries: OrderedDictionary<Key, Entry> = [:]
  /// How often things occurred that are beyond the bound.
  private(set) var beyond = 0

  /// The things in the order in which they occurred first.
  var all: [(key: Key, entry: Entry)] { entries.map { ($0, $1) } }

  func contains(_ key: Key) -> Bool { entries[key] != nil }

  /// Counts `key`; all that is counted of one tenant is counted in a row.
  mutating func add(_ key: Key, count: Int = 1, of tenant: String) {
    guard entries[key] != nil || entries.count < Self.mostKeys else {
      beyond += count
      return
    }
    entries[key, default: Entry()].add(count, of: tenant)
  }
}

extension TenantTally {
  /// Counts `key` so often for each of `tenants`, of which nothing was counted before.
  mutating func add(_ key: Key, count: Int, ofEach tenants: [String]) {
    guard entries[key] != nil || entries.count < Self.mostKeys else {
      beyond += count * tenants.count
      return
    }
    entries[key, default: Entry()].add(count, ofEach: tenants)
  }
}

extension TenantTally.Entry {
  fileprivate mutating func add(_ count: Int, ofEach tenants: [String]) {
    self.count += count * tenants.count
    self.tenants += tenants.count
    last = tenants.last ?? last
    names += tenants.prefix(TenantTally.mostNames - names.count)
  }

  fileprivate mutating func add(_ count: Int, of tenant: String) {
    self.count += count
    guard last != tenant else { return }
    last = tenant
    tenants += 1
    if names.count < TenantTally.mostNames { names.append(tenant) }
  }

  /// Such as `3 steps of 2 tenants`.
  func text(_ one: String, _ several: String) -> String {
    "\(count == 1 ? one : "\(count) \(several)") of \(TenantNames.count(tenants))"
  }
}

/// Names of tenants in a line.
enum TenantNames {
  /// Such as `1 tenant` or `20 tenants`.
  static func count(_ count: Int) -> String { count == 1 ? "1 tenant" : "\(count) tenants" }

  /// Such as `acme, umbrella and 18 more`; `names` are the first of `count`.
  static func text(_ names: some Collection<String>, of count: Int, limit: Int) -> String {
    let shown = names.prefix(limit)
    let rest = count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
