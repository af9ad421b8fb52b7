import Diagnostics
import Events
import Expressions
import OrderedCollections
import Playbooks
import Schedules
import TimeZones

/// Turns the nodes of one file into a rollout, noting everything that is wrong on the way.
///
/// A part that cannot be read has the value of a part that is absent, and its diagnostic noted, so that
/// reading always continues.
struct RolloutReader {
  /// The reader of shapes, keys and templates, which collects the diagnostics.
  var nodes: PlaybookReader
  private let file: String
  private let zones: TimeZoneDatabase

  init(file: String, zones: TimeZoneDatabase) {
    self.file = file
    self.zones = zones
    nodes = PlaybookReader(file: file)
  }

  private static let subject = "a rollout file"

  /// What the document says, or nil when it is no rollout file of this version.
  mutating func readRollout(_ document: YAMLNode) -> RolloutDefinition? {
    let hint = "a rollout file begins with `rollout: 1`"
    guard let written = nodes.entries(of: document, Self.subject, hint: hint) else { return nil }
    let start = document.headLocation
    guard isRollout(written), nodes.isReadable(written, key: RolloutKey.rollout.rawValue) else {
      return nil
    }
    let entries = nodes.checkKeys(
      of: written, of: Self.subject, known: RolloutKey.allCases.map(\.rawValue))
    nodes.readVersion(
      in: entries, of: Self.subject, key: RolloutKey.rollout.rawValue, at: start)
    let name = entries.value(.name).flatMap { readName($0) }
    let summary = entries.value(.summary).flatMap { nodes.plainText(of: $0, "`summary`") }
    let playbook = required(.playbook, in: entries, at: start, hint: "write `playbook: FILE`")
      .flatMap { readPath($0, RolloutKey.playbook.marked) }
    let tenants = required(.tenants, in: entries, at: start, hint: "write `tenants: FILE`")
      .flatMap { readTenants($0) }
    let environment = entries.value(.environment)
      .flatMap { nodes.plainText(of: $0, "`environment`") }
    let commands = entries.value(.allowCommands).map { readCommands($0) } ?? [:]
    var definition = RolloutDefinition(
      file: file, name: name ?? PlaybookReader.stem(of: file), summary: summary?.value,
      playbook: playbook ?? Located("", at: start),
      tenants: tenants ?? TenantsFile(path: Located("", at: start)),
      inputs: entries.value(.inputs).map { readInputs($0) } ?? [], environment: environment,
      selection: readSelection(entries), bounds: readBounds(entries), allowedCommands: commands)
    if let node = entries.value(.mode) { definition.mode = readMode(node) }
    if let node = entries.value(.order) { definition.order = readOrder(node) }
    if let node = entries.value(.lock) { definition.locks = readLocks(node) }
    if let node = entries.value(.labels) { definition.labels = readLabels(node) }
    definition.outputs = entries.value(.outputs).flatMap { readOutputs($0) }
    definition.schedule = entries.value(.schedule).flatMap {
      ScheduleReader.read($0, with: &nodes, zones: zones)
    }
    readNotify(entries, into: &definition)
    checkTogether(definition, entries)
    return definition
  }

  /// Whether the file is meant as a rollout file; of a playbook, every other diagnostic would mislead.
  private mutating func isRollout(_ entries: [YAMLNode.Entry]) -> Bool {
    guard entries.value(.rollout) == nil, let playbook = entries.value(.playbook),
      case .int = playbook.scalarValue
    else { return true }
    nodes.report(
      .wrongFile, "this is a playbook, not a rollout file", at: playbook.location,
      hint: "a rollout file begins with `rollout: 1`, and names the playbook: `playbook: FILE`")
    return false
  }

  private mutating func required(
    _ key: RolloutKey, in entries: [YAMLNode.Entry], at location: SourceLocation, hint: String
  ) -> YAMLNode? {
    nodes.required(key.rawValue, in: entries, of: Self.subject, at: location, hint: hint)
  }

  private mutating func readName(_ node: YAMLNode) -> String? {
    guard let name = nodes.plainText(of: node, "`name`") else { return nil }
    let longest = RolloutDefinition.longestName
    guard name.value.count <= longest else {
      nodes.report(
        .outOfRange, "`name` is longer than \(longest) characters", at: name.location)
      return nil
    }
    return name.value
  }

  /// A path, which stands for itself.
  mutating func readPath(_ node: YAMLNode, _ subject: String) -> Located<String>? {
    guard let path = nodes.plainText(of: node, subject) else { return nil }
    guard !path.value.utf8.contains(0) else {
      nodes.report(.wrongType, "\(subject) holds a NUL character", at: path.location)
      return nil
    }
    return path
  }

  private mutating func readMode(_ node: YAMLNode) -> RolloutMode {
    let mode: Located<RolloutMode>? = nodes.choice(
      of: node, "`mode`", hint: "`apply` runs the playbook, `plan` and `drift` change nothing")
    return mode?.value ?? .apply
  }

  private mutating func readLabels(_ node: YAMLNode) -> [RunLabel] {
    var labels: [RunLabel] = []
    for entry in nodes.entries(of: node, "`labels`", hint: "write `labels: { team: storage }`")
      ?? []
    {
      let isNamed = LabelName.isValid(entry.key)
      if !isNamed {
        nodes.report(
          .invalidName, "`\(entry.key)` cannot name a label", at: entry.keyLocation,
          hint: LabelName.rule)
      }
      guard let value = readLabel(entry), isNamed else { continue }
      labels.append(RunLabel(name: entry.key, value: value))
    }
    return labels
  }

  private static let longestLabel = 100

  private mutating func readLabel(_ entry: YAMLNode.Entry) -> String? {
    let subject = "the label `\(entry.key)`"
    guard let text = scalarText(of: entry.value, subject) else { return nil }
    guard !text.isEmpty, text.count <= Self.longestLabel, !text.contains(where: \.isNewline) else {
      nodes.report(
        .outOfRange, "\(subject) must be one line of 1 to \(Self.longestLabel) characters",
        at: entry.value.location)
      return nil
    }
    return text
  }

  /// A scalar as it is written, numbers and booleans too, or nil.
  mutating func scalarText(of node: YAMLNode, _ subject: String) -> String? {
    guard let text = node.text, node.scalarKind != .null,
      let literal = Template.literalString(of: text)
    else {
      nodes.reportShape(of: node, subject, expected: "a string")
      return nil
    }
    return literal
  }
}

extension [YAMLNode.Entry] {
  /// The entry of a key of rollout files, or nil when there is none.
  func entry(_ key: RolloutKey) -> YAMLNode.Entry? { entry(of: key.rawValue) }

  /// The value of a key of rollout files, or nil when there is none.
  func value(_ key: RolloutKey) -> YAMLNode? { value(of: key.rawValue) }
}
