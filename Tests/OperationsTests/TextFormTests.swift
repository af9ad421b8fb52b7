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

  @Test(arguments: ["AA", "AA=", "A", "====", "AQ=D", "AR==", "-_-_", "AQ\nID", "äöü="])
  func `base64 that is wrong is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(
    arguments: [
      ("AA", [0]), ("-_-_", [0xFB, 0xFF, 0xBF]), (" AQ\r\nID ", [1, 2, 3]), ("A", nil),
      ("AQ ID", nil), ("AQ=D", nil), ("Your data", nil), ("A$==", nil),
    ] as [(String, [UInt8]?)])
  func `base64 of others is read as far as it can be`(text: String, bytes: [UInt8]?) {
    #expect(Base64.decodeLeniently(text) == bytes)
  }

  @Test func `hexadecimal goes both ways`() {
    #expect(Hexadecimal.encode([0, 0x9F, 0xFF]) == "009fff")
    #expect(Hexadecimal.decode("009fFF") == [0, 0x9F, 0xFF])
    #expect(Hexadecimal.decode("") == [])
    for text in ["0", "0g", "0x", "é0", " 00"] { #expect(Hexadecimal.decode(text) == nil) }
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
