import Events
import OrderedCollections

/// The tenants of a rollout's plan, in their order, with what is kept of each: a few words of memory.
struct TenantOutlines: Sendable {
  /// One tenant.
  struct Row: Sendable {
    let tenant: String
    /// Which outline it has; the same for equal ones.
    let place: Int
    /// Why there is no complete plan.
    @Apart fileprivate(set) var problem: TenantProblem?
    /// The run whose end drift is compared with.
    @Apart fileprivate(set) var since: DriftReport.Baseline?
  }

  private(set) var rows: [Row] = []
  /// How many tenants have the same outline.
  private(set) var sizes: OrderedDictionary<TenantOutline, Int> = [:]
  /// Of what runs would do.
  private(set) var counts = PlanCounts()
  /// Of what drifted.
  private(set) var driftCounts = PlanCounts()

  mutating func add(
    _ tenant: String, _ outline: TenantOutline, _ problem: TenantProblem?,
    since: DriftReport.Baseline?
  ) {
    sizes[outline, default: 0] += 1
    switch outline.subject {
    case .work: counts.add(outline.counts)
    case .drift: driftCounts.add(outline.counts)
    }
    let place = sizes.index(forKey: outline) ?? 0
    rows.append(Row(tenant: tenant, place: place, problem: problem, since: since))
  }

  /// Adds tenants with complete plans that have the same outline.
  mutating func add(_ tenants: [String], _ outline: TenantOutline) {
    guard !tenants.isEmpty else { return }
    sizes[outline, default: 0] += tenants.count
    switch outline.subject {
    case .work: counts.add(outline.counts, times: tenants.count)
    case .drift: driftCounts.add(outline.counts, times: tenants.count)
    }
    let place = sizes.index(forKey: outline) ?? 0
    rows += tenants.lazy.map { Row(tenant: $0, place: place, problem: nil, since: nil) }
  }

  /// How many tenants there are.
  var count: Int { rows.count }

  subscript(row: Row) -> TenantOutline { sizes.keys[row.place] }

  /// The outline of each tenant, in their order.
  var outlines: some Sequence<TenantOutline> { rows.lazy.map { self[$0] } }

  /// Whether a tenant has such an outline.
  func contains(where isWanted: (TenantOutline) -> Bool) -> Bool {
    sizes.keys.contains(where: isWanted)
  }

  /// How many tenants have such an outline.
  func count(where isWanted: (TenantOutline) -> Bool) -> Int {
    sizes.reduce(0) { isWanted($1.key) ? $0 + $1.value : $0 }
  }
}
