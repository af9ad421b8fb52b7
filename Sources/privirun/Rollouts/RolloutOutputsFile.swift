import Diagnostics
import Events
import Expressions
import Files
import Journaling
import OrderedCollections
import Planning
import Playbooks
import Rollouts
import Tenants

/// Collects the outputs of a rollout's tenants in a file that can be read as a tenants file: a column or key
/// for each output, which is empty or absent where it holds a secret.
struct RolloutOutputsFile {
  let path: String
  let playbook: PlannedPlaybook

  private var isTable: Bool { !path.hasSuffix(".jsonl") && !path.hasSuffix(".ndjson") }

  /// Throws where no file can be written at the path: that is better known before the rollout than after it.
  func requireWritable() throws {
    try requireFolder()
    do throws(FileError) {
      _ = try AtomicFile(path, .shared)
    } catch {
      throw failure(error.cause, error.hint)
    }
  }

  /// Throws where the folder of the file does not exist; writes nothing.
  func requireFolder() throws(CommandFailure) {
    guard !FileStatus.exists(UserPath.folder(of: path)) else { return }
    throw failure(
      "the folder \(UserPath.folder(of: shownPath)) does not exist",
      "create it, or name another file in `outputs`")
  }

  /// The path from the root without `..`, unless that leads elsewhere, as behind a symbolic link.
  private var shownPath: String {
    guard let whole = try? UserPath.absolute(path, home: nil),
      FileStatus.exists(UserPath.folder(of: whole)) == FileStatus.exists(UserPath.folder(of: path))
    else { return path }
    return whole
  }

  /// Writes the outputs of the tenants whose runs ended well, in their order.
  ///
  /// A file that is there stays as it is where the journal cannot be read.
  func write(_ rollout: RunID, in reader: JournalReader) throws {
    do {
      let rows = try reader.tenantRuns(of: rollout)
      let file = try AtomicFile(path, .shared)
      // The tenant has its name, whatever an output of that name says.
      let names = playbook.outputs.keys.elements.filter { $0 != "name" }
      if isTable { try file.write(Array(Self.row(["name"] + names).utf8)) }
      for row in rows where row.state.isSuccess {
        guard let outputs = try reader.end(of: row.run, secrets: .unsealed)?.outputs else {
          continue
        }
        try file.write(Array(line(row.tenant, outputs, names).utf8))
      }
      try file.commit()
    } catch let error as FileError {
      throw failure(error.cause, error.hint)
    } catch let error as JournalError {
      throw failure(error.description, error.hint)
    }
  }

  private func failure(_ cause: String, _ hint: String?) -> CommandFailure {
    CommandFailure(
      .unwritten, "the outputs cannot be written to \(shownPath): \(cause)", hint: hint)
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

extension PreparedRollout {
  /// Where the outputs of its tenants are collected; nil where the rollout file names no such file.
  func outputsFile() throws -> RolloutOutputsFile? {
    guard let path = definition.outputsPath else { return nil }
    return RolloutOutputsFile(path: try CommandPath.expand(path), playbook: checked.planned)
  }

  /// A warning where the outputs could not be written now: what hinders that may be gone when the rollout starts.
  func outputsWarning() throws -> Diagnostic? {
    guard let file = try outputsFile() else { return nil }
    do throws(CommandFailure) {
      try file.requireFolder()
      return nil
    } catch {
      return Diagnostic(
        .missingFolder, error.reason, at: definition.outputs?.location, hint: error.hint,
        severity: .warning)
    }
  }
}
