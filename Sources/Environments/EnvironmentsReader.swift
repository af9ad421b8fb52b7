import Diagnostics
import Expressions
import Files
import Playbooks

/// Turns the nodes of a `privirun.yaml` into its environments, noting everything that is wrong on the
/// way.
struct EnvironmentsReader {
  private static let topKeys = ["privirun", "default", "environments"]
  private static let opening = "privirun: \(EnvironmentsFile.version)"
  /// The longest value of a label, in characters, as for `--label`.
  private static let longestLabel = 100

  let path: String
  let addressCheck: EnvironmentsFile.AddressCheck
  var nodes: PlaybookReader

  private var folder: String { UserPath.folder(of: path, current: "") }

  init(path: String, addressCheck: @escaping EnvironmentsFile.AddressCheck) {
    self.path = path
    self.addressCheck = addressCheck
    nodes = PlaybookReader(file: path)
  }

  mutating func read(_ document: YAMLNode) -> EnvironmentsFile? {
    guard let written = ownEntries(of: document) else { return nil }
    let start = document.headLocation
    let entries = nodes.checkKeys(of: written, of: "`privirun.yaml`", known: Self.topKeys)
    let defaultName = entries.value(of: "default").flatMap { nodes.plainText(of: $0, "`default`") }
    let node = nodes.required(
      "environments", in: entries, of: "`privirun.yaml`", at: start,
      hint: "write `environments:`, and below it a name with its `api-url`")
    guard let node, let named = nodes.entries(of: node, "`environments`") else { return nil }
    if named.isEmpty {
      nodes.report(.emptyCollection, "`environments` must not be empty", at: node.location)
    }
    let environments = named.compactMap { readEnvironment($0) }
    if let defaultName { check(defaultName, among: named.map(\.key)) }
    return EnvironmentsFile(
      path: path, defaultName: defaultName?.value, environments: environments)
  }

  /// The entries of a file of this format and version; other diagnostics would mislead about any other.
  private mutating func ownEntries(of document: YAMLNode) -> [YAMLNode.Entry]? {
    let foreign =
      "begin it with `\(Self.opening)`; if it belongs to another program, rename it, or ignore it "
      + "with `--no-environment`"
    guard let entries = document.entries, let version = entries.value(of: "privirun") else {
      let what = document.entries == nil ? "is not a map" : "has no key `privirun`"
      nodes.report(
        .wrongFile,
        "this file \(what), so it is not a file of environments",
        at: document.headLocation, hint: foreign)
      return nil
    }
    if case .int(Int64(EnvironmentsFile.version)) = version.scalarValue { return entries }
    if case .int(let number) = version.scalarValue {
      nodes.report(
        .unsupportedVersion, "version \(number) of `privirun.yaml` is not known",
        at: version.location, hint: "the only known version is \(EnvironmentsFile.version)")
    } else {
      nodes.reportShape(
        of: version, "`privirun`", expected: "the version of the format",
        hint: "write `\(Self.opening)`")
    }
    return nil
  }

  private mutating func check(_ name: Located<String>, among names: [String]) {
    guard !names.contains(name.value) else { return }
    nodes.report(
      .unknownEnvironment,
      "`default` names the environment `\(name.value)`, which this file does not have",
      at: name.location,
      hint: didYouMean(name.value, among: names)
        ?? (names.isEmpty
          ? nil : "the environments are \(PlaybookReader.enumeration(of: names))"),
      fix: spellingFix(name.value, among: names, at: name.location))
  }
}

/// One environment.
extension EnvironmentsReader {
  private static let keys = [
    "summary", "api-url", "ws-url", "upstream-url", "downstream-url", "ca-file",
    "client-certificate", "client-key", "journal", "inputs", "labels", "protected",
    "trace-context",
  ]

  private mutating func readEnvironment(_ entry: YAMLNode.Entry) -> NamedEnvironment? {
    let subject = "the environment `\(entry.key)`"
    let hint = "write `api-url: https://HOST:PORT` below it"
    let isNamed = EnvironmentName.isValid(entry.key)
    if !isNamed {
      nodes.report(
        .invalidName, "`\(entry.key)` cannot name an environment", at: entry.keyLocation,
        hint: EnvironmentName.rule)
    }
    guard let written = nodes.entries(of: entry.value, subject, hint: hint) else { return nil }
    let entries = nodes.checkKeys(of: written, of: "an environment", known: Self.keys)
    let summary = entries.value(of: "summary").flatMap { nodes.plainText(of: $0, "`summary`") }
    let api = nodes.required(
      "api-url", in: entries, of: subject, at: entry.keyLocation, hint: hint)
    var addresses = NamedEnvironment.Addresses(
      api: api.flatMap { readAddress($0, .api) } ?? "")
    addresses.webSocket = readAddress(.webSocket, in: entries)
    addresses.upstream = readAddress(.upstream, in: entries)
    addresses.downstream = readAddress(.downstream, in: entries)
    let journal = entries.value(of: "journal").flatMap { readPath($0, "`journal`") }
    var environment = NamedEnvironment(
      name: entry.key, location: entry.keyLocation, addresses: addresses,
      journal: journal ?? UserPath.resolve(".privirun/\(entry.key).sqlite", in: folder))
    environment.summary = summary?.value
    environment.certificates = readCertificates(entries)
    environment.inputs = entries.value(of: "inputs").map { readInputs($0) } ?? []
    environment.labels = entries.value(of: "labels").map { readLabels($0) } ?? []
    environment.isProtected = entries.value(of: "protected").map { readProtection($0) } ?? false
    environment.sendsTraceContext =
      entries.value(of: "trace-context").map { readFlag($0, "`trace-context`") ?? false } ?? false
    return isNamed ? environment : nil
  }

  private mutating func readAddress(
    _ server: EnvironmentServer, in entries: [YAMLNode.Entry]
  ) -> String? {
    entries.value(of: server.rawValue).flatMap { readAddress($0, server) }
  }

  private mutating func readAddress(_ node: YAMLNode, _ server: EnvironmentServer) -> String? {
    guard let text = nodes.plainText(of: node, "`\(server.rawValue)`") else { return nil }
    guard let flaw = addressCheck(text.value, server) else { return text.value }
    // What is wrong with it may be a password in it.
    nodes.diagnostics.add(
      Diagnostic(
        .invalidAddress, flaw.message, at: text.location, hint: flaw.hint, quotation: .none))
    return nil
  }

  private mutating func readCertificates(
    _ entries: [YAMLNode.Entry]
  ) -> NamedEnvironment.Certificates {
    var certificates = NamedEnvironment.Certificates()
    certificates.authorities = entries.value(of: "ca-file").flatMap { readPath($0, "`ca-file`") }
    certificates.client = entries.value(of: "client-certificate").flatMap {
      readPath($0, "`client-certificate`")
    }
    guard let key = entries.entry(of: "client-key") else { return certificates }
    certificates.clientKey = readPath(key.value, "`client-key`")
    if entries.entry(of: "client-certificate") == nil {
      nodes.report(
        .misplacedKey, "`client-key` goes with `client-certificate`", at: key.keyLocation,
        hint: "name the file of the certificate, too")
    }
    return certificates
  }

  private mutating func readPath(_ node: YAMLNode, _ subject: String) -> String? {
    guard let text = nodes.plainText(of: node, subject) else { return nil }
    return UserPath.resolve(text.value, in: folder)
  }

  /// One path, or a list of them.
  private mutating func readInputs(_ node: YAMLNode) -> [String] {
    let subject = "an element of `inputs`"
    guard let elements = node.elements else {
      if node.entries != nil {
        nodes.reportShape(
          of: node, "`inputs`", expected: "a list of paths",
          hint: "write the values into a file, and name it: `inputs: [inputs.yaml]`")
        return []
      }
      return [readInputsFile(node, "`inputs`")].compactMap(\.self)
    }
    return elements.compactMap { readInputsFile($0, subject) }
  }

  private mutating func readInputsFile(_ node: YAMLNode, _ subject: String) -> String? {
    if node.text == "-" {
      nodes.report(
        .wrongType, "\(subject) must be the path of a file", at: node.location,
        hint: "standard input is read by `--inputs -`")
      return nil
    }
    return readPath(node, subject)
  }

  private mutating func readLabels(_ node: YAMLNode) -> [NamedEnvironment.Label] {
    (nodes.entries(of: node, "`labels`") ?? []).compactMap { entry in
      let isNamed = LabelName.isValid(entry.key)
      if !isNamed {
        nodes.report(
          .invalidName, "`\(entry.key)` cannot name a label", at: entry.keyLocation,
          hint: LabelName.rule)
      }
      let subject = "the label `\(entry.key)`"
      guard let value = readLabel(entry.value, subject), isNamed else { return nil }
      return NamedEnvironment.Label(name: entry.key, value: value)
    }
  }

  /// A string; plain numbers and booleans are taken as written.
  private mutating func readLabel(_ node: YAMLNode, _ subject: String) -> String? {
    var text = node.text
    switch node.scalarKind {
    case .int, .float, .bool: break
    case .text, .null: text = nodes.plainText(of: node, subject)?.value
    }
    guard let text else { return nil }
    guard text.count <= Self.longestLabel else {
      nodes.report(
        .outOfRange, "\(subject) is longer than \(Self.longestLabel) characters",
        at: node.location)
      return nil
    }
    return text
  }

  /// What cannot be read protects.
  private mutating func readProtection(_ node: YAMLNode) -> Bool {
    readFlag(node, "`protected`") ?? true
  }

  private mutating func readFlag(_ node: YAMLNode, _ subject: String) -> Bool? {
    if case .bool(let flag) = node.scalarValue { return flag }
    let key = subject.filter { $0 != "`" }
    nodes.reportShape(
      of: node, subject, expected: "`true` or `false`", hint: "write `\(key): true`")
    return nil
  }
}
