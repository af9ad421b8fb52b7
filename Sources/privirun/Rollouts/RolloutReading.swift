import Events
import Journaling
import Operations
import Reporting
import Tenants

/// A rollout as its journal shows it, whoever drives it.
struct RolloutReading {
  let view: RolloutView
  private let events: [RunEvent]
  private let summary: RolloutSummary
  private let reader: JournalReader
  private let options: JournalSettings

  /// The rollout that `text` names.
  init(_ text: String, in reader: JournalReader, _ options: JournalSettings) throws {
    let summary = try options.translated { () throws(JournalError) in
      try reader.rollout(matching: text)
    }
    try self.init(summary, in: reader, options)
  }

  init(_ summary: RolloutSummary, in reader: JournalReader, _ options: JournalSettings) throws {
    let record = try options.translated { () throws(JournalError) in
      try reader.record(of: summary.rollout)
    }
    self.summary = summary
    self.reader = reader
    self.options = options
    events = record.events
    view = RolloutView(events)
  }

  /// Where a rollout stands that is not over.
  func progress() throws -> RunProgress? {
    guard summary.outcome == nil else { return nil }
    return try options.translated { () throws(JournalError) in
      let driver = try reader.driver(of: summary.rollout)
      let by = driver.map { RunProgress.Driver(process: $0.process, host: $0.host) }
      return RunProgress(
        driver == nil ? .interrupted : view.hold?.isApproval ?? false ? .waiting : .running, by: by,
        since: view.latestAt)
    }
  }

  /// How many tenants are in which state, without a look at their runs' events.
  func counts() throws -> TenantCounts {
    let rows = try options.translated { () throws(JournalError) in
      try reader.tenantRuns(of: summary.rollout)
    }
    var counts = TenantCounts()
    for row in rows {
      // A rollout ends without the tenants that wait for a decision.
      let isLeft = view.result != nil && row.state == .running && !row.isDriven
      counts[isLeft ? .waiting : row.state] += 1
    }
    counts[.failed] += view.refusals.count
    counts[.notStarted] += max(0, (view.start?.tenantCount ?? 0) - counts.total)
    return counts
  }

  /// Visits every selected tenant in the order of the rollout.
  func visit(_ visitor: (TenantRow) throws -> Void) throws {
    let names = names()
    var next = 0
    func visitOthers(before end: Int) throws {
      while next < end {
        let name = names.indices.contains(next) ? names[next] : "tenant \(next + 1)"
        let refusal = view.refusals[next]
        try visitor(
          refusal.map { TenantRow($0) } ?? TenantRow(name: name, index: next, state: .notStarted))
        next += 1
      }
    }
    while true {
      let page = try options.translated { () throws(JournalError) in
        try reader.tenantRows(of: summary.rollout, after: next - 1)
      }
      guard !page.isEmpty else { break }
      for row in page {
        try visitOthers(before: row.index)
        try visitor(waiting(row))
        next = row.index + 1
      }
    }
    try visitOthers(before: view.start?.tenantCount ?? next)
  }

  /// The row of a tenant, of whose run it is known whether it waits for a decision.
  private func waiting(_ row: TenantRow) throws -> TenantRow {
    guard row.state == .running, let run = row.run else { return row }
    let isWaiting = try options.translated { () throws(JournalError) in
      guard try reader.driver(of: run) == nil else { return false }
      return RunTree(try reader.record(of: run).events).waitsForDecisionsOnly
    }
    var row = row
    if isWaiting { row.state = .waiting }
    return row
  }

  /// The names of the selected tenants; empty when their text cannot be read.
  private func names() -> [String] {
    guard let start = view.start, let bytes = Hexadecimal.decode(start.tenants),
      let digest = TextDigest(bytes), let text = (try? reader.text(digest)) ?? nil,
      let list = try? TenantList(text: text)
    else { return [] }
    return Array(list.names)
  }

  /// Where a report gets the tenants from.
  var source: TenantSource {
    TenantSource(
      visit: { visitor in try visit(visitor) },
      events: { run in (try? reader.record(of: run).events) ?? [] })
  }
}

extension RolloutView.Hold {
  fileprivate var isApproval: Bool {
    if case .approval = self { true } else { false }
  }
}
