import Diagnostics
import Expressions
import Planning
import Playbooks

/// A tenant as a line of JSON.
///
///     {"name":"acme","at":[2,1,4],"labels":{"tier":"gold"},"inputs":{"region":[2,6,2,"eu"]}}
///
/// An input is its place and its content: a string for a plain cell, `{"quoted":…}` for one in quotation
/// marks, `{"node":…}` for a value of a YAML or JSON file.
enum EncodedTenant {
  private static let version: Int64 = 1
  private static let opening = "{\"name\":"

  static func head(_ file: String) -> String {
    JSON.text(["tenants": .int(version), "file": .string(file)])
  }

  /// The path in the first line of a list; nil when it is no head, or of another version.
  static func file(ofHead line: ArraySlice<UInt8>) -> String? {
    guard let head = try? JSON.parse(line).fields, head["tenants"] == .int(version) else {
      return nil
    }
    return head["file"]?.text
  }

  /// Whether a line begins as one of a tenant does.
  static func begins(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: opening.utf8) }

  /// The name in a line.
  static func name(in line: ArraySlice<UInt8>) -> String {
    let quoted = line.dropFirst(opening.utf8.count)
    var end = quoted.startIndex + 1
    while end < quoted.endIndex, quoted[end] != UInt8(ascii: "\"") {
      end += quoted[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    let name = quoted[..<min(end + 1, quoted.endIndex)]
    return (try? JSON.parse(name).text) ?? ""
  }
}

/// Writing.
extension EncodedTenant {
  static func line(_ tenant: Tenant) -> String {
    var builder = JSONTextBuilder(escaping: .control)
    builder.append(opening)
    builder.append(quoting: tenant.name)
    builder.append(",\"at\":")
    builder.list(place(tenant.location)) { $0.append(String($1)) }
    if !tenant.labels.isEmpty {
      builder.append(",\"labels\":")
      builder.object(tenant.labels) { builder, label in
        builder.name(label.name)
        builder.append(quoting: label.value)
      }
    }
    builder.append(",\"inputs\":")
    builder.object(tenant.cells) { builder, cell in
      builder.name(cell.name)
      write(cell.cell, to: &builder)
    }
    builder.append("}")
    return builder.text
  }

  private static func place(_ location: SourceLocation) -> [Int] {
    [location.line, location.column, location.length]
  }

  private static func write(_ cell: InputCell, to builder: inout JSONTextBuilder) {
    builder.append("[")
    for number in place(cell.location) { builder.append("\(number),") }
    switch cell.content {
    case .text(let text, .plain): builder.append(quoting: text)
    case .text(let text, .quoted):
      builder.append("{\"quoted\":")
      builder.append(quoting: text)
      builder.append("}")
    case .node(let node):
      builder.append("{\"node\":")
      write(node, to: &builder)
      builder.append("}")
    }
    builder.append("]")
  }

  /// A quoted scalar is a string, a plain one `{"plain":…}`, a map `{"map":…}`.
  private static func write(_ node: YAMLNode, to builder: inout JSONTextBuilder) {
    switch node.content {
    case .scalar(let text, .plain):
      builder.append("{\"plain\":")
      builder.append(quoting: text)
      builder.append("}")
    case .scalar(let text, _): builder.append(quoting: text)
    case .sequence(let nodes), .unreadable(let nodes):
      builder.list(nodes) { write($1, to: &$0) }
    case .mapping(let entries):
      builder.append("{\"map\":")
      builder.object(entries) { builder, entry in
        builder.name(entry.key)
        write(entry.value, to: &builder)
      }
      builder.append("}")
    }
  }
}

/// Reading.
extension EncodedTenant {
  /// The tenant in a line; nil when it is not as it was written.
  static func tenant(in line: ArraySlice<UInt8>, of file: String) -> Tenant? {
    guard let fields = try? JSON.parse(line).fields, let name = fields["name"]?.text,
      let location = fields["at"].flatMap({ place($0, file) })
    else { return nil }
    var tenant = Tenant(name: name, location: location)
    let labels = fields["labels"]?.fields ?? ValueMap()
    for name in labels.names {
      guard let value = labels[name]?.text else { return nil }
      tenant.labels.append(RunLabelText(name: name, value: value))
    }
    let inputs = fields["inputs"]?.fields ?? ValueMap()
    for name in inputs.names {
      guard let cell = inputs[name].flatMap({ cell($0, file) }) else { return nil }
      tenant.cells.append(TenantCell(name, cell))
    }
    return tenant
  }

  private static func place(_ value: Value, _ file: String) -> SourceLocation? {
    guard case .list(let numbers) = value, numbers.count >= 3, case .int(let line) = numbers[0],
      case .int(let column) = numbers[1], case .int(let length) = numbers[2]
    else { return nil }
    return SourceLocation(file: file, line: Int(line), column: Int(column), length: Int(length))
  }

  private static func cell(_ value: Value, _ file: String) -> InputCell? {
    guard case .list(let parts) = value, parts.count == 4, let place = place(value, file) else {
      return nil
    }
    if case .string(let text) = parts[3] { return InputCell(text, .plain, at: place) }
    if let text = parts[3][field: "quoted"]?.text { return InputCell(text, .quoted, at: place) }
    return parts[3][field: "node"].flatMap { node($0, place) }.map { InputCell($0) }
  }

  /// A node whose parts all have the place of the whole.
  private static func node(_ value: Value, _ place: SourceLocation) -> YAMLNode? {
    let content: YAMLNode.Content
    if case .string(let text) = value {
      content = .scalar(text, .doubleQuoted)
    } else if case .list(let elements) = value {
      let nodes = elements.compactMap { node($0, place) }
      guard nodes.count == elements.count else { return nil }
      content = .sequence(nodes)
    } else if let text = value[field: "plain"]?.text {
      content = .scalar(text, .plain)
    } else if let map = value[field: "map"]?.fields {
      var entries: [YAMLNode.Entry] = []
      for name in map.names {
        guard let node = map[name].flatMap({ node($0, place) }) else { return nil }
        entries.append(YAMLNode.Entry(key: name, keyLocation: place, value: node))
      }
      content = .mapping(entries)
    } else {
      return nil
    }
    return YAMLNode(content: content, location: place)
  }
}
