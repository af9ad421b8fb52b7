import CLibYAML

/// Reads the events of a YAML text with libyaml.
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  /// Copies `text`, which must be free of NUL and control characters.
  ///
  /// Throws when libyaml finds no memory.
  init(_ text: [Unicode.Scalar]) throws(YAMLProblem) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    let utf8 = Self.utf8(of: text)
    bytes = .allocate(capacity: utf8.count)
    _ = bytes.initialize(from: utf8)
    guard yaml_parser_initialize(parser) == 1 else {
      throw YAMLProblem(text: "out of memory", mark: YAMLMark(index: 0, line: 0, column: 0))
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, UnsafePointer(bytes.baseAddress), bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event; after `streamEnd` there is none to ask for.
  mutating func next() throws(YAMLProblem) -> YAMLEvent {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw problem() }
    defer { yaml_event_delete(&raw) }
    return YAMLEvent(
      kind: Self.kind(of: raw), start: Self.mark(raw.start_mark), end: Self.mark(raw.end_mark))
  }

  private static func utf8(of text: [Unicode.Scalar]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    for scalar in text {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: scalar.utf8)
      }
    }
    return bytes
  }

  private func problem() -> YAMLProblem {
    let state = parser.pointee
    return YAMLProblem(
      text: state.problem.map { String(cString: $0) } ?? "unreadable",
      context: state.context.map { String(cString: $0) },
      mark: Self.mark(state.problem_mark), contextMark: Self.mark(state.context_mark))
  }

  private static func kind(of raw: yaml_event_t) -> YAMLEvent.Kind {
    switch raw.type {
    case YAML_DOCUMENT_START_EVENT: .documentStart
    case YAML_DOCUMENT_END_EVENT: .documentEnd
    case YAML_ALIAS_EVENT: .alias(text(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT: scalar(raw)
    case YAML_SEQUENCE_START_EVENT:
      .sequenceStart(
        properties(raw.data.sequence_start.anchor, raw.data.sequence_start.tag))
    case YAML_SEQUENCE_END_EVENT: .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      .mappingStart(properties(raw.data.mapping_start.anchor, raw.data.mapping_start.tag))
    case YAML_MAPPING_END_EVENT: .mappingEnd
    case YAML_STREAM_START_EVENT: .streamStart
    default: .streamEnd
    }
  }

  private static func scalar(_ raw: yaml_event_t) -> YAMLEvent.Kind {
    let scalar = raw.data.scalar
    let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    let style: YAMLNode.Style =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    return .scalar(
      String(decoding: value, as: UTF8.self), style, properties(scalar.anchor, scalar.tag))
  }

  private static func properties(
    _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?
  ) -> YAMLEvent.Properties {
    YAMLEvent.Properties(anchor: text(anchor), tag: text(tag))
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func mark(_ mark: yaml_mark_t) -> YAMLMark {
    YAMLMark(index: mark.index, line: mark.line, column: mark.column)
  }
}
