import OrderedCollections

/// Writes one value as JSON text.
struct JSONWriter {
  private var builder: JSONTextBuilder
  private let secrets: JSON.SecretHandling
  private let unknowns: JSON.UnknownHandling

  init(secrets: JSON.SecretHandling, unknowns: JSON.UnknownHandling, style: JSON.Style) {
    self.secrets = secrets
    self.unknowns = unknowns
    builder = JSONTextBuilder(style: style, escaping: .control)
  }

  var text: String { builder.text }

  mutating func write(_ value: Value) {
    write(value, to: &builder)
  }

  private func write(_ value: Value, to builder: inout JSONTextBuilder) {
    switch value {
    case .null: builder.append("null")
    case .bool(let flag): builder.append(flag ? "true" : "false")
    case .int(let number): builder.append(String(number))
    case .uint(let number): builder.append(String(number))
    case .double(let number): builder.append(number)
    case .string(let string): builder.append(quoting: string)
    case .bytes(let bytes): builder.append(quoting: Base64.encode(bytes))
    case .timestamp(let timestamp): builder.append(quoting: timestamp.text)
    case .duration(let duration): builder.append(quoting: duration.secondsText)
    case .type(let name): builder.append(quoting: name)
    case .list(let elements): builder.list(elements) { write($1, to: &$0) }
    case .map(let map):
      guard value.optionalContent == nil else {
        return write(value.withoutOptionals, to: &builder)
      }
      builder.object(map.entries) { builder, entry in
        write(key: entry.key, to: &builder)
        builder.colon()
        write(entry.value, to: &builder)
      }
    case .secret(let secret):
      if let unknown = value.unknown { return write(unknown, to: &builder) }
      switch secrets {
      case .masked: builder.append(quoting: Secret.mask)
      case .revealed: write(secret.reveal(), to: &builder)
      }
    case .unknown(let unknown): write(unknown, to: &builder)
    }
  }

  private func write(_ unknown: Unknown, to builder: inout JSONTextBuilder) {
    switch unknowns {
    case .shown: builder.append(Unknown.text)
    case .marked:
      builder.object(CollectionOfOne(unknown)) { builder, unknown in
        builder.name(Unknown.memberName)
        builder.list(unknown.sources) { $0.append(quoting: $1) }
      }
    }
  }

  /// A name is text in JSON; other keys are written as they are in expressions.
  private func write(key: Value, to builder: inout JSONTextBuilder) {
    switch key {
    case .bool(let flag): builder.append(quoting: String(flag))
    case .int(let number): builder.append(quoting: String(number))
    case .uint(let number): builder.append(quoting: String(number))
    case .double(let number): builder.append(quoting: number.text)
    case .null: builder.append(quoting: "null")
    case .string, .bytes, .timestamp, .duration, .type, .list, .map, .secret, .unknown:
      write(key, to: &builder)
    }
  }
}
