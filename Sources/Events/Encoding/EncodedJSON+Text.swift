import Expressions

extension EncodedJSON {
  /// One line of JSON (RFC 8259) without spaces.
  ///
  /// Control, format and line-separating characters are escaped, so that the line stays one line
  /// and cannot steer a terminal.
  package var line: String {
    var builder = JSONTextBuilder(escaping: .formatting)
    write(to: &builder)
    return builder.text
  }

  private func write(to builder: inout JSONTextBuilder) {
    switch self {
    case .null: builder.append("null")
    case .bool(let bool): builder.append(bool ? "true" : "false")
    case .integer(let integer): builder.append(String(integer))
    case .unsigned(let unsigned): builder.append(String(unsigned))
    case .number(let number): builder.append(number)
    case .text(let string): builder.append(quoting: string)
    case .list(let elements): builder.list(elements) { $1.write(to: &$0) }
    case .object(let members):
      builder.object(members) { builder, member in
        builder.name(member.name)
        member.value.write(to: &builder)
      }
    }
  }
}
