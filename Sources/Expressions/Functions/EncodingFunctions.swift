extension Function {
  /// base64 (RFC 4648 §4; padding may be left out altogether when decoding) and JSON.
  static let encodings: [Function] = [
    Function("base64.encode", [.global(.bytes, result: .string)]) {
      operands, _ throws(EvaluationFailure) in
      guard case .bytes(let bytes) = operands[0] else { throw .noOverload }
      return .string(Base64.encode(bytes))
    },
    Function("base64.decode", [.global(.string, result: .bytes)]) {
      operands, _ throws(EvaluationFailure) in
      let text = try operands.text(0)
      // Padding is whole or absent: what is between was cut or altered on its way.
      let digits = String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      let whole = digits + String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
      guard text == digits || text == whole, let bytes = Base64.decodeIgnoringUnusedBits(whole)
      else {
        throw EvaluationFailure("the string is not base64")
      }
      return .bytes(bytes)
    },
    Function("json.encode", [.global(.dyn, result: .string)], readsElements: true) {
      operands, meter throws(EvaluationFailure) in
      try meter.charge(contentsOf: operands[0])
      return .string(JSON.text(operands[0], secrets: .revealed))
    },
    Function("json.decode", [.global(.string, result: .dyn)]) {
      operands, meter throws(EvaluationFailure) in
      let text = try operands.text(0)
      try meter.charge(text.utf8.count)
      do throws(JSONError) {
        return try JSON.parse(text.utf8, repeatedNames: .refused)
      } catch {
        throw EvaluationFailure(
          "the string is not JSON", detail: error.description, hint: error.hint)
      }
    },
  ]
}
