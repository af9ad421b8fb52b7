package import Diagnostics
import Expressions
import OrderedCollections

extension PlaybookReader {
  /// The version of the language that is read.
  package static let languageVersion = 1

  mutating func readPlaybook(_ document: YAMLNode) -> Playbook? {
    let hint = "a playbook begins with `playbook: 1`"
    guard let written = self.entries(of: document, "a playbook", hint: hint) else { return nil }
    let start = document.headLocation
    guard isReadable(written) else { return nil }
    let entries = checkKeys(of: written, of: "a playbook", known: PlaybookMapping.playbook.keys)
    readVersion(in: entries, at: start)
    inputNames = entries.value(of: "inputs")?.entries?.map(\.key) ?? []
    let name = entries.value(of: "name").flatMap { plainText(of: $0, "`name`") }
    let summary = entries.value(of: "summary").flatMap { plainText(of: $0, "`summary`") }
    let labels = entries.value(of: "labels").map { readLabels($0) } ?? [:]
    let inputs = entries.value(of: "inputs").map { readInputs($0) } ?? [:]
    let locals = readLocals(entries)
    let sessionNode = entries.value(of: "session")
    let session = sessionNode.flatMap { readCredentials($0) }
    if sessionNode != nil, session == nil { unread.hidesSession = true }
    let undoCauses = entries.value(of: "undo-on").map { readUndoCauses($0) } ?? []
    let stepsNode = required("steps", in: entries, of: "a playbook", at: start)
    let steps = stepsNode.map { readSteps($0, "`steps`") } ?? []
    checkStepIDs()
    let outputs = entries.value(of: "outputs").map { readOutputs($0) } ?? [:]
    if entries.count < written.count { unread.hidesOutputs = true }
    return Playbook(
      name: name?.value ?? Self.stem(of: file), summary: summary?.value, labels: labels,
      inputs: inputs, locals: locals, session: session, undoCauses: undoCauses, steps: steps,
      outputs: outputs, location: start, unread: unread, remains: remains)
  }

  /// Whether the file is of a version that can be read; other diagnostics would mislead if not.
  ///
  /// `key` is the first key of the file, whose value is the version.
  package mutating func isReadable(
    _ entries: [YAMLNode.Entry], key: String = "playbook"
  ) -> Bool {
    guard let node = entries.value(of: key), case .int(let version) = node.scalarValue,
      version != Self.languageVersion
    else { return true }
    report(
      .unsupportedVersion, "version \(version) of the language is not known", at: node.location,
      hint: "the only known version is \(Self.languageVersion)")
    return false
  }

  /// Checks the version under `key` of `subject`, such as "a playbook".
  package mutating func readVersion(
    in entries: [YAMLNode.Entry], of subject: String = "a playbook", key: String = "playbook",
    at location: SourceLocation
  ) {
    guard
      let node = required(
        key, in: entries, of: subject, at: location,
        hint: "begin the file with `\(key): \(Self.languageVersion)`")
    else { return }
    if case .int(Int64(Self.languageVersion)) = node.scalarValue { return }
    reportShape(
      of: node, "`\(key)`", expected: "the version of the language",
      hint: "write `\(key): \(Self.languageVersion)`")
  }

  private mutating func readLabels(_ node: YAMLNode) -> OrderedDictionary<String, Template> {
    var labels: OrderedDictionary<String, Template> = [:]
    for entry in entries(of: node, "`labels`") ?? [] {
      let isNamed = LabelName.isValid(entry.key)
      if !isNamed {
        report(
          .invalidName, "`\(entry.key)` cannot name a label", at: entry.keyLocation,
          hint: LabelName.rule)
      }
      guard let value = textTemplate(of: entry.value, "the label `\(entry.key)`"), isNamed else {
        continue
      }
      labels[entry.key] = value
    }
    return labels
  }

  private mutating func readOutputs(
    _ node: YAMLNode
  ) -> OrderedDictionary<String, OutputDeclaration> {
    var outputs: OrderedDictionary<String, OutputDeclaration> = [:]
    let entries = self.entries(of: node, "`outputs`") ?? []
    for entry in entries {
      let isNamed = checkName(entry.key, "an output", at: entry.keyLocation)
      guard let value = template(of: entry.value), isNamed else { continue }
      outputs[entry.key] = OutputDeclaration(value: value, location: entry.keyLocation)
    }
    if outputs.isEmpty || outputs.count < entries.count { unread.hidesOutputs = true }
    return outputs
  }

  /// The file's name without folders and `.yaml`.
  package static func stem(of file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}
