import Expressions
import Playbooks

/// The playbook and the inputs file that describe a tenant.
///
/// On the tenant that was read, the playbook changes nothing. Everything that a service wrote is among
/// the inputs; the playbook holds none of it, except in comments.
package struct AdoptedTenant: Sendable, Hashable {
  /// What the texts say of where they come from and how they are used.
  package struct Occasion: Sendable, Hashable {
    /// The name of the playbook.
    package var name: String
    /// The service that was read, as people name it, and the day.
    package var source: String
    /// The command that runs the playbook, in lines that a shell takes for one.
    package var command: [String]

    /// An occasion; the texts may be anything, and are made harmless in comments.
    package init(name: String, source: String, command: [String]) {
      self.name = name
      self.source = source
      self.command = command
    }
  }

  let snapshot: TenantSnapshot
  let occasion: Occasion

  /// The texts for what was read on an occasion.
  package init(_ snapshot: TenantSnapshot, on occasion: Occasion) {
    self.snapshot = snapshot
    self.occasion = occasion
  }
}

/// The inputs file.
extension AdoptedTenant {
  /// The text of the inputs file; nil when a value cannot be written, which no survey gives.
  package var inputs: String? {
    var lines =
      AuthoredText.comment("Inputs of the playbook \(occasion.name), read from \(occasion.source).")
      + AuthoredText.comment(
        "The password is not among them: give it as `--input password=env:VARIABLE` or `file:PATH`."
      )
    let values = snapshot.inputs
    for name in values.names {
      guard let value = values[name], let written = YAMLWriter.lines(of: [name: value]) else {
        return nil
      }
      lines += Self.note(before: name, among: values.names) + written
      if name == "publicKey" { lines += keyNote }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let settings: Set<String> = ["quorumSize", "strategy", "timeLimit", "attempts"]

  /// The blank line and the comment before an input, if it begins a part.
  private static func note(before name: String, among names: [String]) -> [String] {
    if name == names.first(where: settings.contains) {
      return ["", "# How votes are decided where no voting configuration says otherwise."]
    }
    switch name {
    case "applications", "files": return [""]
    case "devices":
      return [
        "",
        "# What is not approved stays so. Roles are storage and authenticator; both are possible.",
      ]
    case "votingConfigurations":
      return [
        "", "# Voters are devices by name, or by identifier; without any, all authenticators.",
      ]
    case "policies":
      return [
        "",
        "# Templates, events and voting configurations: by name, or by id where it is not unique.",
      ]
    case _: return []
    }
  }

  private var keyNote: [String] {
    let file = YAMLWriter.scalar(".privirun/keys/\(snapshot.username).key")
    return [
      "# With the file of the private key, each run checks that it is still there and fits:",
      "# privateKeyFile: \(file)",
    ]
  }
}
