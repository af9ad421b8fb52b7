import Operations
import OrderedCollections
import Sandbox

/// What a plan left behind at the service and on this machine: nothing.
struct PlanFootprint: Sendable {
  let report: SimulationReport
  /// The ledger before the plan.
  let ledger: Ledger
  /// What the service holds at the end of the plan when none is made.
  let inventory: VaultInventory
  /// The files before the plan.
  let files: [String: [UInt8]]
  let api: APIDescription

  /// What the plan did besides reading; nil where that is nothing.
  var objection: String? { requestObjection ?? inventoryObjection ?? fileObjection }

  private var requestObjection: String? {
    for (operation, count) in report.ledger.operations {
      let before = ledger.operations[operation] ?? Ledger.Count()
      // A login has the effect that there is another token.
      if count.effects > before.effects, operation != api.roles.authenticate {
        return "the plan changed something with \(operation)"
      }
      if count.received > before.received, !mayCall(operation) {
        return "the plan called \(operation)"
      }
    }
    guard report.ledger.violationCount > ledger.violationCount else { return nil }
    return "the plan broke the protocol"
      + (report.ledger.violations.last.map { ": \($0.kind.rawValue)" } ?? "")
  }

  /// Whether a plan may send it: reads without a side effect, and what a session needs.
  private func mayCall(_ operation: String) -> Bool {
    operation == api.roles.authenticate || operation.hasPrefix("websockets.")
      || api.operations[operation]?.isQuiet ?? false
  }

  private var inventoryObjection: String? {
    guard report.inventory != inventory else { return nil }
    let lines = report.inventory.differences(from: inventory)
    return "the service holds something else after the plan: \(lines.joined(separator: "; "))"
  }

  private var fileObjection: String? {
    guard report.files != files else { return nil }
    let paths = Set(report.files.keys).union(files.keys)
      .filter { report.files[$0] != files[$0] }.sorted()
    return "the plan changed files: \(paths.joined(separator: ", "))"
  }
}
