import Foundation

/// The ways in which a secret could be written down by mistake.
enum SecretForms {
  /// As it is, and in hexadecimal and base64; a text of hexadecimal digits also as its bytes.
  static func all(of secret: Data) -> [Data] {
    let text = String(decoding: secret, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var forms = [Data(text.utf8)]
    if let bytes = bytes(ofHex: text) { forms += [bytes, Data(bytes.base64EncodedString().utf8)] }
    if let bytes = Data(base64Encoded: text) { forms += [bytes, Data(hex(bytes).utf8)] }
    forms.append(Data(hex(Data(text.utf8)).utf8))
    // Without the end, which depends on what follows.
    forms.append(Data(Data(text.utf8).base64EncodedString().dropLast(4).utf8))
    return forms.filter { $0.count >= 8 }
  }

  private static func hex(_ bytes: Data) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(ofHex text: String) -> Data? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    return Data(
      stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }
}
