package import Events
import Machine
package import Sandbox

/// What a run comes to without faults and crashes.
package struct Reference: Sendable {
  /// How it ended.
  package let result: RunResult
  /// What the vault holds then; nil where that depends on the timing, so that nothing can be
  /// compared with it.
  package let inventory: VaultInventory?
  /// The paths of the files that are there then, generated words taken out; nil likewise.
  package let paths: Set<String>?
  /// At how many points the process could have ended.
  package let pointCount: Int
  /// How often each step had an effect whose operation must not be repeated.
  let effectCounts: [StepPath: Int]

  /// What all of `reports` came to; one at least.
  init(of reports: [SimulationReport]) {
    result = reports[0].result
    let inventories = Set(reports.map(\.inventory))
    let paths = Set(reports.map(\.paths))
    inventory = inventories.count == 1 ? inventories.first : nil
    self.paths = paths.count == 1 ? paths.first : nil
    pointCount = reports.map(\.pointCount).max() ?? 0
    effectCounts = reports.reduce(into: [:]) { counts, report in
      counts.merge(report.effectCounts, uniquingKeysWith: max)
    }
  }
}

extension SimulationReport {
  /// The paths of all files that were written whole, without generated words.
  var paths: Set<String> {
    Set(
      files.keys.lazy.filter { !$0.hasSuffix(".part") }
        .map { GeneratedWords.replaced(in: $0) { _ in "<generated>" } })
  }
}
