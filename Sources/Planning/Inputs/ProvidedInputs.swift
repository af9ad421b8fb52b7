package import Diagnostics
import OrderedCollections
import Playbooks

/// Everything that the user gave for inputs, and what cannot be understood of it.
package struct ProvidedInputs: Sendable {
  /// Every value that could be understood, in the order given; a name may occur more than once.
  package private(set) var inputs: [ProvidedInput] = []
  /// What is wrong with the form in which they were given.
  package private(set) var diagnostics = DiagnosticList()
  /// What deserves a look, and can be used.
  private(set) var warnings: [Diagnostic] = []
  /// The names that may be meant by what could not be understood.
  private(set) var unread = UnreadNames()
  private var fileTexts = SourceTexts()
  private var argumentCount = 0
  private let wording: InputWording

  /// Which inputs may have been given in a form that could not be understood.
  struct UnreadNames: Sendable {
    var names: Set<String> = []
    /// Whether a whole file could not be read.
    var mayBeAny = false
  }

  /// No inputs yet; diagnostics call them as `wording` does.
  package init(_ wording: InputWording = .playbook) {
    self.wording = wording
  }

  /// The inputs that count: those of the command line, then the cells of a tenant, and of the others
  /// the last of each name.
  package var effective: [ProvidedInput] {
    var last: [String: Int] = [:]
    var cells: Set<String> = []
    let named = namedOnCommandLine
    for (index, input) in inputs.enumerated() {
      switch input.source {
      case .commandLine: continue
      case .cell: cells.insert(input.name)
      case .file, .line: last[input.name] = index
      }
    }
    return inputs.enumerated().filter { index, input in
      switch input.source {
      case .commandLine: true
      case .cell: !named.contains(input.name)
      case .file, .line:
        last[input.name] == index && !named.contains(input.name) && !cells.contains(input.name)
      }
    }.map(\.element)
  }

  /// The names of the inputs that are given on the command line, which nothing overrides.
  package var namedOnCommandLine: Set<String> {
    Set(
      inputs.lazy.filter { input in
        switch input.source {
        case .commandLine: true
        case .cell, .file, .line: false
        }
      }.map(\.name))
  }

  /// Takes values whose form was read elsewhere, such as the cells of a tenant.
  package mutating func take(_ inputs: [ProvidedInput]) {
    self.inputs += inputs
  }

  /// Takes the text of one `--input`: `NAME=VALUE`, where the value may be empty.
  package mutating func take(argument text: String) {
    argumentCount += 1
    if let input = ProvidedInput(argument: text, wording) { return inputs.append(input) }
    unread.names.insert(text)
    // It may be a secret whose name was forgotten: its position among the arguments is shown.
    diagnostics.add(
      Diagnostic(
        .malformedInput,
        "`\(wording.option)` number \(argumentCount) is not of the form NAME=VALUE",
        at: nil, hint: wording.example.map { "for example \(wording.option) \($0)" }))
  }

  /// Gives what was given under each name to the input that `names` says.
  package mutating func rename(_ names: [String: String]) {
    for index in inputs.indices {
      if let name = names[inputs[index].name] { inputs[index].name = name }
    }
  }

  /// Leaves out what is given under these names, which is reported elsewhere.
  package mutating func remove(_ names: Set<String>) {
    inputs.removeAll { names.contains($0.name) }
  }

  /// Takes the file named by `--inputs`: YAML, JSON, or lines of the form `NAME=value`.
  package mutating func take(file: String, _ bytes: [UInt8]) {
    inputs += read(file: file, bytes)
  }

  /// Takes a file of inputs of several playbooks, without those that `playbook` does not have.
  ///
  /// A name that is nearly one of its inputs is a warning.
  package mutating func take(
    shared file: String, _ bytes: [UInt8], for playbook: PlannedPlaybook
  ) {
    let read = read(file: file, bytes)
    inputs += read.filter { playbook.inputs[$0.name] != nil }
    let open = playbook.inputs.keys.filter { name in !read.contains { $0.name == name } }
    for input in read where playbook.inputs[input.name] == nil {
      guard let near = nearestName(to: input.name, among: open, within: 2) else { continue }
      warnings.append(
        Diagnostic(
          .unknownInput, "`\(playbook.name)` has no input `\(input.name)`", at: input.location,
          hint: "did you mean `\(near)`?", severity: .warning))
    }
  }

  private mutating func read(file: String, _ bytes: [UInt8]) -> [ProvidedInput] {
    // Nothing is known of a line but its name: those of open inputs are quoted.
    if DataForm(of: file) != .assignments { fileTexts[file] = YAMLText.lossy(bytes) }
    do throws(InvalidInput) {
      let (read, flaws) = try ProvidedInput.read(bytes, file: file)
      if !flaws.isEmpty { unread.mayBeAny = true }
      diagnostics.add(flaws)
      guard !["playbook", "steps"].allSatisfy({ key in read.contains { $0.name == key } }) else {
        unread.mayBeAny = true
        diagnostics.add(
          Diagnostic(
            .wrongFile, "`\(file)` is a playbook, not a file of inputs", at: nil,
            hint:
              "`\(wording.fileOption)` names a file of values, such as `username: a@example.com`"))
        return []
      }
      return read
    } catch {
      unread.mayBeAny = true
      diagnostics.add(error.diagnostics)
      return []
    }
  }

  /// Notes that the file named by `--inputs` cannot be read.
  package mutating func miss(
    file: String, _ flaw: InputSources.FileFlaw, hint: String? = nil
  ) {
    unread.mayBeAny = true
    diagnostics.add(
      Diagnostic(
        flaw.code, "the inputs file `\(file)` \(flaw.phrase)", at: nil,
        hint: file == "-" ? "name standard input as /dev/stdin" : hint))
  }

  /// The texts that diagnostics point into; of an argument for `playbook` that is or may be secret, only
  /// the name.
  package func texts(for playbook: PlannedPlaybook) -> SourceTexts {
    var texts = fileTexts
    for name in playbook.secretNames { texts.hide(valueOf: name) }
    for input in inputs {
      switch input.source {
      case .commandLine(let value) where texts[wording.file(of: input.name)] == nil:
        let shown = playbook.mayQuote(input.name) ? value : "•••"
        texts[wording.file(of: input.name)] = "\(input.name)=\(shown)"
      case .line(let value, let place) where playbook.mayQuote(input.name):
        let first = value.prefix { !$0.isNewline }
        let lead = max(0, place.column - input.name.unicodeScalars.count - 2)
        texts.keep(
          line: place.line, of: place.file,
          "\(String(repeating: " ", count: lead))\(input.name)=\(first)", hiding: [])
      case .commandLine, .line, .file, .cell: break
      }
    }
    return texts
  }
}

extension PlannedPlaybook {
  /// Whether what is given for `name` can be shown: an input that is neither secret nor used as one.
  fileprivate func mayQuote(_ name: String) -> Bool {
    guard let input = inputs[name] else { return false }
    return !input.type.holdsSecret && !hiddenInputs.contains { $0.name == name }
  }
}
