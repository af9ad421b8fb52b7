import Diagnostics
import Environments
import Events
import Networking
import Reporting

/// The environments of a project, as `privirun environments` shows them.
struct EnvironmentListing {
  private let file: EnvironmentsFile
  private let inUse: String?
  private let services: [ServiceOrigins]

  /// The environments of `file`; commands use the one that is called `inUse`.
  init(of file: EnvironmentsFile, inUse: String?) throws {
    self.file = file
    self.inUse = inUse
    services = try file.environments.map { environment in
      ServiceOrigins(try ServiceAddresses(environment.addresses))
    }
  }

  /// The path of the file, and a table with a head line; ends in a newline.
  func text(_ style: TerminalStyle) -> String {
    let cells = zip(file.environments, services).map { environment, service in
      [
        environment.name == inUse ? "*" : " ", environment.name, service.shortText,
        style.printable(environment.journal), notes(on: environment),
        style.printable(environment.summary ?? ""),
      ]
    }
    let rows = [["", "NAME", "SERVICE", "JOURNAL", "NOTES", "SUMMARY"]] + cells
    let shown = rows[0].indices.filter { column in
      column == 0 || cells.contains { !$0[column].isEmpty }
    }
    let widths = rows[0].indices.map { column in
      rows.map { DisplayWidth.columns(of: $0[column]) }.max() ?? 0
    }
    let lines = rows.map { row in
      var line = ""
      for column in shown {
        let gap = widths[column] - DisplayWidth.columns(of: row[column]) + (column == 0 ? 1 : 2)
        line += row[column] + String(repeating: " ", count: gap)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    return ([style.printable(file.path)] + lines).map { $0 + "\n" }.joined()
  }

  private func notes(on environment: NamedEnvironment) -> String {
    [
      environment.name == file.defaultName ? "default" : nil,
      environment.isProtected ? "protected" : nil,
    ].compactMap(\.self).joined(separator: ", ")
  }

  /// One line of JSON (`schemas/environment-list.schema.json`).
  var json: String {
    let environments = zip(file.environments, services).map { environment, service in
      let files = environment.certificates
      return EncodedJSON.object([
        "name": .text(environment.name),
        "summary": environment.summary.map(EncodedJSON.text),
        "default": .bool(environment.name == file.defaultName),
        "inUse": .bool(environment.name == inUse),
        "protected": .bool(environment.isProtected),
        "service": EncodedEvent.json(of: service),
        "caFile": files.authorities.map(EncodedJSON.text),
        "clientCertificate": files.client.map(EncodedJSON.text),
        "clientKey": files.clientKey.map(EncodedJSON.text),
        "journal": .text(environment.journal),
        "inputs": .list(environment.inputs.map(EncodedJSON.text)),
        "labels": EncodedEvent.json(
          of: environment.labels.map { RunLabel(name: $0.name, value: $0.value) }),
      ])
    }
    return EncodedJSON.object([
      "version": .count(EncodedEvent.version), "file": .text(file.path),
      "environments": .list(environments),
    ]).line + "\n"
  }
}
