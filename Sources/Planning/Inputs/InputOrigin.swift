package import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Where the value of an input came from.
package struct InputOrigin: Sendable, Hashable {
  /// What gave the value.
  package enum Source: Sendable, Hashable {
    /// `--input` on the command line.
    case commandLine
    /// An inputs file, or a tenants file, at the place of the name.
    case file(SourceLocation?)
    /// The declaration in the playbook.
    case playbookDefault(SourceLocation)
    /// A person at the terminal.
    case terminal
  }

  /// What gave the value.
  package var source: Source
  /// The `env:VARIABLE` or `file:PATH` that was given for a secret, or nil.
  package var reference: String?

  /// An origin; `reference` is what was given for a secret.
  package init(source: Source, reference: String? = nil) {
    self.source = source
    self.reference = reference
  }
}

extension InputOrigin {
  /// The origin of what was given as `input` for `declaration`.
  init(_ input: ProvidedInput, _ declaration: InputDeclaration) {
    var text: String?
    switch input.source {
    case .commandLine(let given):
      source = .commandLine
      text = given
    case .file(let node):
      source = .file(input.location)
      text = node.text
    case .line(let given, _):
      source = .file(input.location)
      text = given
    case .cell(let cell):
      source = .file(input.location ?? cell.location)
      if case .text(let given, _) = cell.content { text = given }
    }
    guard declaration.type == .secret, let text, SecretReader.isReference(text) else { return }
    reference = text
  }
}
