import FoundationEssentials

extension Function {
  /// base64 (RFC 4648 §4; padding may be left out when decoding) and JSON.
  static let encodings: [Function] = [
    Function("base64.encode", [.global(.bytes, result: .string)]) {
      operands, _ throws(EvaluationFailure) in
      guard case .bytes(let bytes) = operands[0] else { throw .noOverload }
      return .string(Data(bytes).base64EncodedString())
    },
    Function("base64.decode", [.global(.string, result: .bytes)]) {
      operands, _ throws(EvaluationFailure) in
      let text = try operands.text(0)
      let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
      guard let data = Data(base64Encoded: text + padding) else {
        throw EvaluationFailure("the text is no base64")
      }
      return .bytes(Array(data))
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
        return try JSON.parse(text.utf8)
      } catch {
        throw EvaluationFailure("the text is no JSON", detail: error.description)
      }
    },
  ]
}
