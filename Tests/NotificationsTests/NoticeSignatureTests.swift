import Notifications
import Testing

/// Signatures, compared with those that Python's `hmac` makes.
@Suite struct NoticeSignatureTests {
  @Test(arguments: [
    (
      "1798761600", "{\"version\":1,\"id\":\"7k2m9q0d4x1z\"}", "planted-hmac-secret",
      "v1=05e4d4dd1c0766071040a97572273c1871b8b7a902cbc6f4883b962eb2ee6ef8"
    ),
    (
      "0", "", "schlüssel",
      "v1=6f6812186feeeb2786888548c8b86a000b0905b49f3d9652786736ef422e53af"
    ),
  ])
  func `a signature is the HMAC-SHA-256 of timestamp and body`(
    _ timestamp: String, _ body: String, _ secret: String, _ signature: String
  ) throws {
    #expect(
      try NoticeSignature.value(timestamp: timestamp, body: body, secret: secret) == signature)
  }
}
