import Diagnostics
import Files
import Planning
import Reporting

/// The two files that describe a tenant.
struct AdoptedFiles {
  let playbook: String
  let inputs: String
  /// What follows the playbook in a command that runs it.
  let arguments: [String]

  /// The largest inputs file that is read, in bytes.
  private static let longestInputs = 1 << 20

  /// Writes both; the inputs are for the owner alone, since they may hold what is private.
  func write(_ snapshot: TenantSnapshot, from source: String, isForced: Bool) throws {
    let adopted = AdoptedTenant(
      snapshot,
      on: AdoptedTenant.Occasion(
        name: NewCommand.stem(of: playbook), source: source, command: command("plan", "run")))
    guard let text = adopted.inputs, isReadable(text) else {
      throw CommandFailure(
        .invalid, "the tenant has more than a file of inputs can hold",
        hint: "leave the stored files out with `--files 0`")
    }
    try WrittenFile.write(text, to: inputs, isForced ? .secret : .newSecret)
    try WrittenFile.write(adopted.playbook, to: playbook, .shared)
  }

  private func isReadable(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longestInputs else { return false }
    return (try? ProvidedInput.read(bytes, file: inputs))?.flaws.isEmpty ?? false
  }

  /// What was written, what is not described, and what to do next.
  func report(on snapshot: TenantSnapshot) -> String {
    var lines = [
      "wrote \(playbook), and \(inputs) for its owner alone",
      "described: \(snapshot.contents)",
    ]
    if !snapshot.gaps.isEmpty {
      lines.append("not described, or only in part:")
      lines += snapshot.gaps.map { "  - \($0.phrase)" }
    }
    lines += ["next:"] + command("plan", "run").map { "  \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func command(_ names: String...) -> [String] {
    names.map { ShellWords.line(["privirun", $0, playbook] + arguments) }
  }
}

/// A text that a command writes into a file.
enum WrittenFile {
  /// Writes `text` whole; throws what is wrong as the command's failure.
  static func write(_ text: String, to path: String, _ protection: FileProtection) throws {
    try write(Array(text.utf8), to: path, protection)
  }

  /// Writes `bytes` whole; throws what is wrong as the command's failure.
  static func write(_ bytes: [UInt8], to path: String, _ protection: FileProtection) throws {
    do throws(FileError) {
      try Folder.make(above: path, for: .everyone)
      try AtomicFile.write(bytes, to: path, protection)
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
  }
}
