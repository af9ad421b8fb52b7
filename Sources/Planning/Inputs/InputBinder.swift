package import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Turns what the user gave into the values of a playbook's inputs.
package struct InputBinder: Sendable {
  /// The largest secret that is read from a file, in bytes.
  package static let secretLimit = 64 << 10

  let sources: InputSources
  let secretRules: SecretRules
  let wording: InputWording

  /// A binder that takes secrets and files from `sources`; diagnostics call inputs as `wording` does.
  package init(
    sources: InputSources, secretRules: SecretRules = .standard, wording: InputWording = .playbook
  ) {
    self.sources = sources
    self.secretRules = secretRules
    self.wording = wording
  }

  /// The value of every declared input.
  ///
  /// An `--input` replaces the cell of a tenant, that one a value from an inputs file, and that one
  /// the value of an earlier inputs file; what none of them gives has its default.
  ///
  /// Throws everything that is wrong at once. What is missing is asked for, if somebody can be asked, and
  /// only when nothing else is wrong. Paths given on the command line are relative to
  /// the current folder, those in an inputs file and those of defaults to the file they stand in.
  package func bind(
    _ provided: ProvidedInputs, to playbook: PlannedPlaybook
  ) throws(InvalidInput) -> BoundInputs {
    var binding = InputBinding(
      playbook: playbook, binder: self, diagnostics: provided.diagnostics)
    for input in provided.effective { binding.take(input) }
    binding.takeDefaults()
    if binding.diagnostics.isEmpty { binding.askForMissing() }
    binding.reportMissing(besides: provided.unread)
    guard binding.diagnostics.isEmpty else { throw InvalidInput(binding.diagnostics.elements) }
    return BoundInputs(
      values: binding.inDeclaredOrder, origins: binding.origins,
      warnings: provided.warnings + binding.warnings)
  }

  /// What is bound of the inputs, the names of those that are missing, and what is wrong; nobody is asked
  /// for anything.
  package func survey(
    _ provided: ProvidedInputs, of playbook: PlannedPlaybook
  ) -> (bound: BoundInputs, missing: [String], diagnostics: [Diagnostic]) {
    var binding = InputBinding(
      playbook: playbook, binder: self, diagnostics: provided.diagnostics)
    for input in provided.effective { binding.take(input) }
    binding.takeDefaults()
    let missing = playbook.inputs.keys.elements.filter { !binding.isTaken($0) }
    let bound = BoundInputs(
      values: binding.inDeclaredOrder, origins: binding.origins,
      warnings: provided.warnings + binding.warnings)
    return (bound, missing, binding.diagnostics.elements)
  }
}

/// The values bound so far, and what is wrong with the others.
private struct InputBinding {
  let playbook: PlannedPlaybook
  let binder: InputBinder
  private(set) var diagnostics: DiagnosticList
  private(set) var warnings: [Diagnostic] = []
  private(set) var origins: [String: InputOrigin] = [:]
  private var values: [String: Value] = [:]
  private var taken: Set<String> = []
  /// The inputs that misspelt names mean.
  private var misspelt: Set<String> = []

  init(playbook: PlannedPlaybook, binder: InputBinder, diagnostics: DiagnosticList) {
    self.playbook = playbook
    self.diagnostics = diagnostics
    self.binder = binder
  }

  var inDeclaredOrder: ValueMap {
    var map = ValueMap()
    for name in playbook.inputs.keys { map[name] = values[name] }
    return map
  }

  /// Whether the input was given or has a default, right or wrong.
  func isTaken(_ name: String) -> Bool { taken.contains(name) }

  mutating func take(_ input: ProvidedInput) {
    guard let declaration = playbook.inputs[input.name] else { return reportUnknown(input) }
    guard taken.insert(input.name).inserted else {
      diagnostics.add(
        Diagnostic(
          .duplicateInput, "\(binder.wording.subject(input.name)) is given twice",
          at: input.placeInFile,
          hint: "give it once on the command line"))
      return
    }
    origins[input.name] = InputOrigin(input, declaration)
    var reader = self.reader(of: input.name, declaration)
    do throws(InvalidInput) {
      values[input.name] = try reader.read(input)
      warnings += reader.warnings
    } catch {
      diagnostics.add(error.diagnostics)
    }
  }

  private func reader(of name: String, _ declaration: InputDeclaration) -> InputReader {
    binder.reader(of: name, declaration, in: playbook)
  }

  mutating func takeDefaults() {
    for (name, declaration) in playbook.inputs where !taken.contains(name) {
      guard let value = declaration.defaultValue else { continue }
      taken.insert(name)
      origins[name] = InputOrigin(source: .playbookDefault(declaration.location))
      let reader = self.reader(of: name, declaration)
      do throws(InvalidInput) {
        values[name] = try reader.settle(default: value)
      } catch {
        diagnostics.add(error.diagnostics)
      }
    }
  }

  /// Asks for what is missing, one input after the other, until nobody answers.
  mutating func askForMissing() {
    guard let ask = binder.sources.ask else { return }
    for (name, declaration) in playbook.inputs where !taken.contains(name) {
      let prompt = InputPrompt(reader: self.reader(of: name, declaration), ask: ask)
      do throws(InvalidInput) {
        guard let value = try prompt.value() else { return }
        taken.insert(name)
        origins[name] = InputOrigin(source: .terminal)
        values[name] = value
      } catch {
        taken.insert(name)
        diagnostics.add(error.diagnostics)
        return
      }
    }
  }

  mutating func reportMissing(besides unread: ProvidedInputs.UnreadNames) {
    guard !unread.mayBeAny else { return }
    let meant = taken.union(unread.names).union(misspelt)
    for (name, declaration) in playbook.inputs where !meant.contains(name) {
      diagnostics.add(
        Diagnostic(
          .missingInput,
          "\(binder.wording.subject(name)) is missing (\(declaration.phrase))",
          at: binder.wording == .playbook ? declaration.location : nil,
          hint: "give it with \(declaration.usage(of: name, binder.wording))"))
    }
  }

  private mutating func reportUnknown(_ input: ProvidedInput) {
    // A playbook that has an input of this name has no files for several playbooks.
    guard !input.isShared || playbook.inputs[ProvidedInput.sharing] != nil else { return }
    guard !input.deniesSharing else { return }
    if let meant = nearestName(to: input.name, among: playbook.inputs.keys) {
      misspelt.insert(meant)
    }
    diagnostics.add(playbook.unknownInput(input))
  }
}

extension ProvidedInput {
  /// Where the name stands in a file; two arguments with one name cannot both be quoted.
  fileprivate var placeInFile: SourceLocation? {
    switch source {
    case .commandLine: nil
    case .file, .line, .cell: location
    }
  }
}

extension InputDeclaration {
  /// How the input is given on the command line; with one of its values where only some are allowed.
  package func usage(of name: String, _ wording: InputWording = .playbook) -> String {
    guard !schema.allowed.isEmpty else { return type.usage(of: name, wording) }
    return wording.argument(name, schema.allowed.map(\.displayText).joined(separator: "|"))
  }
}

extension ValueType {
  /// How an input of this type is given on the command line.
  fileprivate func usage(of name: String, _ wording: InputWording) -> String {
    switch self {
    case .string, .bytes, .any: wording.argument(name, "STRING")
    case .integer, .number: wording.argument(name, "NUMBER")
    case .boolean: "\(wording.argument(name, "true")) or \(wording.argument(name, "false"))"
    case .secret:
      "\(wording.argument(name, "env:VARIABLE")) or \(wording.argument(name, "file:PATH"))"
    case .file: wording.argument(name, "PATH")
    case .list, .map, .record: wording.quotedArgument(name, example)
    }
  }

  /// What must be given, with an example where the type has parts.
  var expectation: String { hasParts ? "\(phrase), such as \(example)" : phrase }

  /// Whether a value is a list, a map or a record.
  var hasParts: Bool {
    switch self {
    case .list, .map, .record: true
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any: false
    }
  }

  /// A list, map or record as it is written.
  private var example: String {
    switch self {
    case .list(let element):
      switch element {
      case .list, .map, .record: "[\(element.example)]"
      case .secret: "[env:VARIABLE]"
      case .string, .integer, .number, .boolean, .bytes, .file, .any: "[a, b]"
      }
    case .map(let element):
      switch element {
      case .list, .map, .record: "{key: \(element.example)}"
      case .secret: "{key: env:VARIABLE}"
      case .string, .integer, .number, .boolean, .bytes, .file, .any: "{key: value}"
      }
    case .record(let fields):
      "{\(fields.map { "\($0): \($1.type.placeholder)" }.joined(separator: ", "))}"
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any: placeholder
    }
  }

  /// What stands for a value in an example.
  private var placeholder: String {
    switch self {
    case .string, .bytes, .any: "STRING"
    case .integer, .number: "NUMBER"
    case .boolean: "true"
    case .secret: "env:VARIABLE"
    case .file: "PATH"
    case .list: "[…]"
    case .map, .record: "{…}"
    }
  }
}
