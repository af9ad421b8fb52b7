import Expressions
import Operations
import Testing

@Suite struct SecretScrubberTests {
  private static let scrubber = SecretScrubber([
    Secret("pa\"ss/word"), Secret("pa\"ss/word-longer"), Secret("short"),
    Secret(["inner": ["deep-secret", 123_456_789]]),
  ])

  @Test(arguments: [
    (#"the pa"ss/word is wrong"#, "the ••• is wrong"),
    (#"pa"ss/word-longer pa"ss/word"#, "••• •••"),
    (#"pa"ss/word"#, "•••"),
    (#"pa"ss/wor"#, #"pa"ss/wor"#),
    ("pa%22ss%2Fword", "•••"),
    (#"{"x":"pa\"ss/word"}"#, #"{"x":"•••"}"#),
    ("Basic cGEic3Mvd29yZA==", "Basic •••"),
    ("70612273732f776f7264", "•••"),
    ("a deep-secret of 123456789", "a ••• of •••"),
    ("a short text", "a short text"),
    ("päß deep-secretß", "päß •••ß"),
    ("", ""),
  ])
  func `a text is shown without any of the secrets, in any of their forms`(
    text: String, shown: String
  ) {
    #expect(Self.scrubber.scrub(text) == shown)
  }

  @Test func `values and keys are shown without the secrets`() {
    let value: Value = ["deep-secret": ["x", "is deep-secret"], "n": 1]
    #expect(Self.scrubber.scrub(value) == ["•••": ["x", "is •••"], "n": 1])
  }

  @Test func `what holds a secret is secret, and stays what it is`() {
    let value: Value = [
      "a": "is deep-secret", "b": ["plain", "deep-secret"], "c": ["deep-secret": 1],
      "d": .bytes(Array("bytes of deep-secret".utf8)), "e": .bytes([1, 2, 3]),
    ]
    #expect(
      Self.scrubber.hide(in: value) == [
        "a": .secret(text: "is deep-secret"), "b": ["plain", .secret(text: "deep-secret")],
        "c": .secret(Secret(["deep-secret": 1])),
        "d": .secret(Secret(.bytes(Array("bytes of deep-secret".utf8)))), "e": .bytes([1, 2, 3]),
      ])
  }

  @Test func `the secrets inside a value are learnt, and nothing else of it`() {
    var scrubber = SecretScrubber()
    scrubber.add(secretsOf: ["plain": "plain text", "key": [.secret(text: "hidden text")]])
    #expect(scrubber.scrub("plain text, hidden text") == "plain text, •••")
  }

  @Test func `it does not show what it looks for`() {
    var dumped = ""
    dump(Self.scrubber, to: &dumped)
    let shown = "\(Self.scrubber) \(String(reflecting: Self.scrubber)) \(dumped)"
    #expect(!shown.contains("secret-") && !shown.contains("pa\"ss"))
    #expect(!shown.contains("100, 101, 101, 112"))
  }
}
