import Diagnostics
package import Planning
package import Playbooks

/// Reads the value of a key `notify`: a list of targets.
package struct NotifyReader {
  /// The most entries of one list.
  package static let most = 20

  /// The names of `allow-commands`.
  private let commands: [String]
  /// The topics that never happen here, and why; to name one of them is a warning.
  private let impossible: [NotifyTarget.Topic: String]

  /// A reader of targets beside `allow-commands` with these names.
  package init(
    commands: [String], impossible: [NotifyTarget.Topic: String] = [:]
  ) {
    self.commands = commands
    self.impossible = impossible
  }

  private static let subject = "`notify`"
  private static let entry = "an entry of `notify`"
  private static let example =
    "write `notify: [{ post: \"https://host/path\", on: [failed, in-doubt] }]`"

  /// The targets that can be read; everything that is wrong is noted in `nodes`.
  package func read(_ node: YAMLNode, with nodes: inout PlaybookReader) -> [NotifyTarget] {
    guard !isText(node, Self.subject, "a list", &nodes),
      let elements = nodes.elements(of: node, Self.subject, hint: Self.example)
    else { return [] }
    guard elements.count <= Self.most else {
      nodes.report(
        .outOfRange, "\(Self.subject) has more than \(Self.most) entries", at: node.location)
      return []
    }
    return elements.compactMap { readTarget($0, &nodes) }
  }

  private func readTarget(_ node: YAMLNode, _ nodes: inout PlaybookReader) -> NotifyTarget? {
    guard !isText(node, Self.entry, "a map", &nodes),
      let written = nodes.entries(of: node, Self.entry, hint: Self.example)
    else { return nil }
    let entries = nodes.checkKeys(
      of: written, of: Self.entry, known: ["post", "secret", "command", "on"])
    let topics = entries.value(of: "on").map { readTopics($0, &nodes) }
    let secret = entries.value(of: "secret").flatMap { readSecret($0, &nodes) }
    let post = entries.entry(of: "post")
    let command = entries.entry(of: "command")
    let delivery: NotifyTarget.Delivery?
    switch (post, command) {
    case (nil, nil):
      nodes.report(
        .missingKey, "\(Self.entry) needs one of `post` and `command`", at: node.headLocation,
        hint: Self.example)
      return nil
    case (_?, let command?):
      nodes.report(
        .contradiction, "\(Self.entry) has `post` or `command`, not both",
        at: command.keyLocation, hint: "write two entries")
      return nil
    case (let post?, nil):
      delivery = readAddress(post.value, &nodes).map { .post($0, secret: secret) }
    case (nil, let command?):
      if let entry = entries.entry(of: "secret") {
        nodes.report(
          .misplacedKey, "`secret` goes with `post` only: it signs what is sent",
          at: entry.keyLocation, hint: "leave it out")
      }
      delivery = readCommand(command.value, &nodes).map { .command($0) }
    }
    guard let delivery, topics != [] || entries.entry(of: "on") == nil else { return nil }
    return NotifyTarget(delivery, topics: topics ?? Set(NotifyTarget.Topic.allCases))
  }

  /// Whether `node` is a text, which is reported; it may be an address, so that it is not quoted.
  private func isText(
    _ node: YAMLNode, _ subject: String, _ expected: String, _ nodes: inout PlaybookReader
  ) -> Bool {
    guard node.text?.contains("/") ?? false else { return false }
    nodes.skip(node)
    nodes.diagnostics.add(
      Diagnostic(
        .wrongType, "\(subject) must be \(expected), not \(node.kindName)", at: node.location,
        hint: Self.example, quotation: .none))
    return true
  }

  private func readAddress(
    _ node: YAMLNode, _ nodes: inout PlaybookReader
  ) -> Located<String>? {
    guard let text = nodes.plainText(of: node, "`post`") else { return nil }
    do throws(PostAddressFlaw) {
      _ = try PostAddress(text.value)
      return text
    } catch {
      nodes.report(
        .invalidAddress, "the address of `post` \(error.phrase)", at: text.location,
        hint: error == .credentials
          ? "sign what is sent instead: `secret: env:VARIABLE`"
          : "write it like `https://host/path`")
      return nil
    }
  }

  private func readSecret(
    _ node: YAMLNode, _ nodes: inout PlaybookReader
  ) -> Located<String>? {
    guard let text = nodes.plainText(of: node, "`secret`") else { return nil }
    do throws(InvalidInput) {
      try Self.secretReader(InputSources.none).checkForm(text.value, at: text.location)
      return text
    } catch {
      nodes.diagnostics.add(error.diagnostics)
      return nil
    }
  }

  /// What reads the secret of an entry.
  package static func secretReader(_ sources: InputSources) -> SecretReader {
    SecretReader(
      for: "the secret of `notify`", from: sources,
      advice: "write `secret: env:VARIABLE` or `secret: file:PATH`")
  }

  private func readCommand(
    _ node: YAMLNode, _ nodes: inout PlaybookReader
  ) -> Located<String>? {
    guard let name = nodes.plainText(of: node, "`command`") else { return nil }
    guard !name.value.contains("/") else {
      // It may be an address with a token, which is neither named nor quoted.
      nodes.diagnostics.add(
        Diagnostic(
          .commandNotAllowed,
          "`command` must be a name of `allow-commands`, not an address or a path",
          at: name.location, hint: "an address is written `post: \"https://host/path\"`",
          quotation: .none))
      return nil
    }
    guard commands.contains(name.value) else {
      nodes.report(
        .commandNotAllowed, "`notify` names the command `\(name.value)`, which is not allowed",
        at: name.location,
        hint: didYouMean(name.value, among: commands)
          ?? "`allow-commands` names what may be run: `allow-commands: { pager: [PROGRAM, ARGUMENT] }`"
      )
      return nil
    }
    return name
  }

  private func readTopics(
    _ node: YAMLNode, _ nodes: inout PlaybookReader
  ) -> Set<NotifyTarget.Topic> {
    var topics: Set<NotifyTarget.Topic> = []
    for element in nodes.elements(of: node, "`on`", hint: "write a list: `on: [failed]`") ?? [] {
      let topic: Located<NotifyTarget.Topic>? = nodes.choice(
        of: element, "a topic of `on`", hint: "without `on`, every topic is notified of")
      guard let topic else { continue }
      topics.insert(topic.value)
      guard let reason = impossible[topic.value] else { continue }
      nodes.diagnostics.add(
        Diagnostic(
          .needlessTopic, "`\(topic.value.rawValue)` never happens: \(reason)",
          at: topic.location, severity: .warning))
    }
    return topics
  }
}

extension InputSources {
  /// Sources that hold nothing, for what only looks at the form of a reference.
  fileprivate static let none = InputSources(
    environment: { _ in nil }, size: { _ throws(FileFlaw) in throw .missing },
    read: { _, _ throws(FileFlaw) in throw .missing })
}
