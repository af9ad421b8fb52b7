import Events
import Expressions
import Files
import Journaling
import OrderedCollections
import Planning
import Tenants

/// Collects the outputs of a rollout's tenants in a file that can be read as a tenants file: a column or key
/// for each output, which is empty or absent where it holds a secret.
struct RolloutOutputsFile {
  let path: String
  let playbook: PlannedPlaybook

  private var isTable: Bool { !path.hasSuffix(".jsonl") && !path.hasSuffix(".ndjson") }

  /// Writes the outputs of the tenants whose runs ended well, in their order.
  func write(_ rollout: RunID, in reader: JournalReader) throws {
    do throws(FileError) {
      let file = try AtomicFile(path, .shared)
      // The tenant has its name, whatever an output of that name says.
      let names = playbook.outputs.keys.elements.filter { $0 != "name" }
      if isTable { try file.write(Array(Self.row(["name"] + names).utf8)) }
      for row in try rows(of: rollout, in: reader) where row.state.isSuccess {
        guard let outputs = try outputs(of: row.run, in: reader) else { continue }
        try file.write(Array(line(row.tenant, outputs, names).utf8))
      }
      try file.commit()
    } catch {
      throw CommandFailure(
        .unwritten, "the outputs cannot be written to \(path): \(error.cause)", hint: error.hint)
    }
  }

  private func rows(
    of rollout: RunID, in reader: JournalReader
  ) throws(FileError) -> [TenantRunRow] {
    (try? reader.tenantRuns(of: rollout)) ?? []
  }

  private func outputs(
    of run: RunID, in reader: JournalReader
  ) throws(FileError) -> ValueMap? {
    (try? reader.end(of: run, secrets: .unsealed))??.outputs
  }

  private func line(_ tenant: String, _ outputs: ValueMap, _ names: [String]) -> String {
    let open = names.map { name -> Value? in
      // `nil` alone would be a value.
      guard let value = outputs[name], !value.holdsSecret, value != Value.null else {
        return Optional.none
      }
      return value
    }
    if isTable {
      return Self.row([tenant] + open.map { $0.map(Self.cell) ?? "" })
    }
    var map: ValueMap = ["name": .string(tenant)]
    for case (let name, let value?) in zip(names, open) { map[name] = value }
    return JSON.text(.map(map)) + "\n"
  }

  /// A row of a table (RFC 4180), every cell in quotation marks.
  private static func row(_ cells: [String]) -> String {
    cells.map { "\"\(TableText.escaped($0).replacing("\"", with: "\"\""))\"" }
      .joined(separator: ",") + "\r\n"
  }

  private static func cell(_ value: Value) -> String {
    if case .string(let text) = value { return text }
    return JSON.text(value)
  }
}
