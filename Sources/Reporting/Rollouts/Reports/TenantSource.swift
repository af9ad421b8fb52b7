package import Events

/// Where a report gets the tenants of a rollout from, one at a time, as often as it needs them.
package struct TenantSource {
  /// What is done with one tenant.
  package typealias Visitor = (TenantRow) throws -> Void

  /// Visits every selected tenant, in the order of the rollout; the same ones each time.
  let visit: (Visitor) throws -> Void
  /// The events of a tenant's run; empty where they cannot be read.
  let events: (RunID) throws -> [RunEvent]

  /// Tenants that `visit` goes through, and the events of their runs.
  package init(
    visit: @escaping (Visitor) throws -> Void,
    events: @escaping (RunID) throws -> [RunEvent] = { _ in [] }
  ) {
    self.visit = visit
    self.events = events
  }

  /// Tenants that are in memory.
  package init(_ rows: [TenantRow], events: @escaping (RunID) throws -> [RunEvent] = { _ in [] }) {
    self.init(visit: { visitor in for row in rows { try visitor(row) } }, events: events)
  }
}
