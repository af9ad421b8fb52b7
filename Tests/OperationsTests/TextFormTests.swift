import Expressions
import Operations
import Testing

@Suite struct TextFormTests {
  @Test(
    arguments: [
      ("", []), ("AA==", [0]), ("+/+/", [0xFB, 0xFF, 0xBF]), ("AQID", [1, 2, 3]),
    ] as [(String, [UInt8])])
  func `base64 goes both ways`(text: String, bytes: [UInt8]) {
    #expect(Base64.encode(bytes) == text)
    #expect(Base64.decode(text) == bytes)
    #expect(Base64.decodeLeniently(text) == bytes)
  }

  @Test(
    arguments: [
      ("t", "t"), (true, "true"), (-3, "-3"), (.uint(.max), "18446744073709551615"), (2.0, "2"),
      (0.5, "0.5"), (.bytes([1, 2, 3]), "AQID"), (.duration(.milliseconds(1500)), "1.5s"),
      (.timestamp(Timestamp(seconds: 0, nanoseconds: 0)), "1970-01-01T00:00:00Z"),
      (.type("int"), "int"), (.null, nil), ([], nil), ([:], nil), (.secret(text: "s"), nil),
    ] as [(Value, String?)])
  func `scalars have a text, others none`(value: Value, text: String?) {
    #expect(value.plainText == text)
  }
}
