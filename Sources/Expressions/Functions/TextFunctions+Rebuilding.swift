extension Function {
  /// The functions that take texts apart and put them together.
  ///
  /// They charge before they build: a few lines of expression could ask for more than there is.
  static let rebuilding: [Function] = [
    Function(
      "join",
      [
        .member(.list(.string), result: .string), .member(.list(.string), .string, result: .string),
      ],
      readsElements: true
    ) { operands, meter throws(EvaluationFailure) in
      try join(try operands.list(0), with: operands.text(at: 1, default: ""), meter: &meter)
    },
    Function(
      "split",
      [
        .member(.string, .string, result: .list(.string)),
        .member(.string, .string, .int, result: .list(.string)),
      ]
    ) { operands, meter throws(EvaluationFailure) in
      let limit = try operands.limit(2)
      try meter.charge(try operands.text(0).utf8.count)
      return limit == 0 ? .list([]) : split(try operands.text(0), at: try operands.text(1), limit)
    },
    Function(
      "replace",
      [
        .member(.string, .string, .string, result: .string),
        .member(.string, .string, .string, .int, result: .string),
      ]
    ) { operands, meter throws(EvaluationFailure) in
      let new = try operands.text(2)
      let places = Places(
        of: try operands.text(1), in: try operands.text(0), includingEnds: true,
        limit: try operands.limit(3))
      try meter.charge(places.ranges.count)
      for _ in places.ranges { try meter.charge(bytes: new.utf8.count) }
      return .string(places.pieces.joined(separator: new))
    },
    Function(
      "reverse",
      [.member(.string, result: .string), .member(.list(.dyn), result: .list(.dyn))],
      typing: typeOfFirst
    ) { operands, meter throws(EvaluationFailure) in
      guard case .list(let elements) = operands[0] else {
        return .string(String(scalars: try operands.text(0).unicodeScalars.reversed()))
      }
      try meter.charge(elements.count)
      return .list(elements.reversed())
    },
  ]

  private static func join(
    _ elements: [Value], with separator: String, meter: inout Meter
  ) throws(EvaluationFailure) -> Value {
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else {
        throw EvaluationFailure(
          "`join` takes a list of string, but an element is \(element.typeName)")
      }
      try meter.charge(1)
      try meter.charge(bytes: separator.utf8.count + text.utf8.count)
      texts.append(text)
    }
    return .string(texts.joined(separator: separator))
  }

  private static func split(_ text: String, at separator: String, _ limit: Int) -> Value {
    let places = Places(of: separator, in: text, includingEnds: false, limit: limit - 1)
    return .list(places.pieces.map { .string($0) })
  }
}

extension Operands {
  /// How often at most; without bound when it is left out or negative.
  fileprivate func limit(_ position: Int) throws(EvaluationFailure) -> Int {
    guard position < count else { return .max }
    let limit = try int(position)
    return limit < 0 ? .max : limit
  }
}

/// Where a text occurs in another, without overlap, and what is between.
private struct Places {
  let ranges: [Range<Int>]
  private let scalars: [Unicode.Scalar]

  /// An empty part stands between any two scalars, and with `includingEnds` before and after all.
  init(of part: String, in text: String, includingEnds: Bool, limit: Int) {
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(part.unicodeScalars)
    self.scalars = scalars
    if wanted.isEmpty {
      let between = includingEnds ? 0..<scalars.count + 1 : min(1, scalars.count)..<scalars.count
      ranges = between.prefix(limit).map { $0..<$0 }
    } else {
      ranges = SearchPart(wanted).offsets(in: scalars, limit: limit).map {
        $0..<$0 + wanted.count
      }
    }
  }

  /// The text before, between and after the places.
  var pieces: [String] {
    let starts = [0] + ranges.map(\.upperBound)
    let ends = ranges.map(\.lowerBound) + [scalars.count]
    return zip(starts, ends).map { String(scalars: scalars[$0..<$1]) }
  }
}
