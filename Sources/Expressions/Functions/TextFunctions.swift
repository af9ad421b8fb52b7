extension Function {
  /// The functions of CEL's strings extension; positions and lengths count Unicode scalars.
  static let text: [Function] =
    [
      Function("lowerAscii", [.member(.string, result: .string)]) {
        operands, _ throws(EvaluationFailure) in
        .string(try operands.text(0).mapScalars { $0.lowercasedASCII })
      },
      Function("upperAscii", [.member(.string, result: .string)]) {
        operands, _ throws(EvaluationFailure) in
        .string(try operands.text(0).mapScalars { $0.uppercasedASCII })
      },
      Function("trim", [.member(.string, result: .string)]) {
        operands, _ throws(EvaluationFailure) in
        .string(try operands.text(0).trimmed)
      },
      Function("charAt", [.member(.string, .int, result: .string)]) {
        operands, _ throws(EvaluationFailure) in
        let scalars = try operands.scalars(0)
        let offset = try operands.offset(1, upTo: scalars.count)
        return .string(offset < scalars.count ? String(scalars[offset]) : "")
      },
      Function(
        "substring",
        [.member(.string, .int, result: .string), .member(.string, .int, .int, result: .string)]
      ) { operands, _ throws(EvaluationFailure) in
        let scalars = try operands.scalars(0)
        let start = try operands.offset(1, upTo: scalars.count)
        let end = operands.count == 3 ? try operands.offset(2, upTo: scalars.count) : scalars.count
        guard start <= end else { throw EvaluationFailure("the substring ends before it begins") }
        return .string(String(scalars: scalars[start..<end]))
      },
      Function("indexOf", searches) { operands, _ throws(EvaluationFailure) in
        let scalars = try operands.scalars(0)
        let start = operands.count == 3 ? try operands.offset(2, upTo: scalars.count) : 0
        let found = SearchPart(try operands.scalars(1)).firstOffset(in: scalars[start...])
        return .int(found.map { Int64($0 + start) } ?? -1)
      },
      Function("lastIndexOf", searches) { operands, _ throws(EvaluationFailure) in
        let scalars = try operands.scalars(0)
        let part = try operands.scalars(1)
        let last = operands.count == 3 ? try operands.offset(2, upTo: scalars.count) : scalars.count
        // The last occurrence is the first one of everything reversed.
        let end = min(scalars.count, last + part.count)
        let found = SearchPart(part.reversed()).firstOffset(in: scalars[..<end].reversed())
        return .int(found.map { Int64(end - $0 - part.count) } ?? -1)
      },
    ] + rebuilding + writing

  private static let searches: [Overload] = [
    .member(.string, .string, result: .int), .member(.string, .string, .int, result: .int),
  ]
}

extension Operands {
  fileprivate func scalars(_ position: Int) throws(EvaluationFailure) -> [Unicode.Scalar] {
    Array(try text(position).unicodeScalars)
  }

  /// A position in a text of `count` scalars, the end included.
  fileprivate func offset(_ position: Int, upTo count: Int) throws(EvaluationFailure) -> Int {
    let offset = try int(position)
    guard (0...count).contains(offset) else {
      throw EvaluationFailure("the position is outside the text", detail: "\(offset) of \(count)")
    }
    return offset
  }
}

extension String {
  init(scalars: some Sequence<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }

  fileprivate func mapScalars(_ change: (Unicode.Scalar) -> Unicode.Scalar) -> String {
    String(scalars: unicodeScalars.map(change))
  }

  /// The text without white space at its ends.
  package var trimmed: String {
    guard let first = unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(unicodeScalars[first...last])
  }
}

extension Unicode.Scalar {
  fileprivate var lowercasedASCII: Unicode.Scalar {
    ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value + 32)) : self
  }

  fileprivate var uppercasedASCII: Unicode.Scalar {
    ("a"..."z").contains(self) ? Unicode.Scalar(UInt8(value - 32)) : self
  }
}
