import Expressions
import Logging
import Operations
import Serving
import Testing

@Suite struct LogScrubberTests {
  private func line(_ metadata: Logger.Metadata, message: String = "x") -> String {
    let written = WrittenLines()
    let scrubber = SecretScrubber([Secret("correct horse")])
    written.logger(scrub: { scrubber.scrub($0) }).info("\(message)", metadata: metadata)
    return written.lines.joined()
  }

  @Test(arguments: [
    "password", "Password", "api-key", "apiKey", "notify.secret", "access_token", "authorization",
    "set-cookie", "passphrase", "privateKey", "credentials",
  ])
  func `the value of a field that is named like a secret is masked`(_ name: String) {
    #expect(line([name: "abc"]) == "<6>x \(name)=\"•••\"\n")
    #expect(line([name: ["a", "b"]]) == "<6>x \(name)=\"•••\"\n")
    #expect(line(["outer": [name: "abc"]]) == "<6>x outer={\"\(name)\":\"•••\"}\n")
  }

  @Test(arguments: ["schedule", "rollout", "reason", "path", "pass", "keys"])
  func `other fields are not`(_ name: String) {
    #expect(line([name: "abc"]) == "<6>x \(name)=abc\n")
  }

  @Test func `known secrets are masked wherever they are, before texts are cut`() {
    #expect(line([:], message: "no correct horse here") == "<6>no ••• here\n")
    #expect(line(["a": "correct horse"]) == "<6>x a=\"•••\"\n")
    #expect(
      line(["a": ["b": ["correct horse": "correct horse"]]]) == #"<6>x a={"b":{"•••":"•••"}}"#
        + "\n")
    let padding = String(repeating: "p", count: 1995)
    #expect(line(["a": .string(padding + "correct horse")]) == "<6>x a=\"\(padding)•••\"\n")
  }

  @Test(arguments: [
    ("http://anna:pw@hooks.example/a", "http://•••@hooks.example/a"),
    ("https://hooks.example/a?token=1#f", "https://hooks.example/a?•••"),
    ("https://hooks.example#f", "https://hooks.example#•••"),
    (
      "see https://h/a, <http://u@h/b> and ws://h?q",
      "see https://h/a, <http://•••@h/b> and ws://h?•••"
    ),
    ("http://h/mail@home", "http://h/mail@home"), ("a://", "a://"),
    ("no address @ all?", "no address @ all?"),
  ])
  func `addresses lose their user information, query and fragment`(_ text: String, _ shown: String)
  {
    #expect(line([:], message: text) == "<6>\(shown)\n")
  }
}
