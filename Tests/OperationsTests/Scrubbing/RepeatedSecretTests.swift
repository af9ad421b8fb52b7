import Expressions
import Operations
import Randomness
import Testing

@Suite("Secrets that a service repeats")
struct RepeatedSecretTests {
  /// Secrets of every kind, from a seed.
  private static let secrets: [String] = {
    var random = SplitMix(seed: 20_261_128)
    let alphabets = [
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
      "abcXYZ019!\"#$%&'()*,-./:;<=>?@[]^_`{|}~+\\",
      "aXé9ü ß\tñ\u{A0}Ω中&\"/é",
    ].map(Array.init)
    let generated = (0..<9).map { round in
      let alphabet = alphabets[round % alphabets.count]
      let count = Int.random(in: 14...40, using: &random)
      return "k" + String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? "k" })
    }
    return generated + [
      #"Tr0ub&dor/3<x>+"é w"#, "%41&amp;\\u0041=3D%25é", "12345678901", "👩‍👧word-1234567\u{200D}x",
      "pass  word\n-1234567 ",
    ]
  }()

  @Test(arguments: RepeatedTextPlace.all.indices)
  func `no spelling of a secret is shown in any place`(place: Int) throws {
    let (name, show) = RepeatedTextPlace.all[place]
    for secret in Self.secrets {
      let scrubber = SecretScrubber([Secret(secret)])
      for (spelling, spell) in SpelledSecret.spellings {
        let spelled = spell(secret)
        for shown in try show("it: \(spelled) !", scrubber) {
          #expect(
            Self.rest(of: spelled, in: shown) == nil, "\(name), \(spelling): \(secret) in \(shown)")
        }
      }
    }
  }

  @Test(arguments: [75, 90, 97, 240, 250, 255, 480, 490, 497, 600])
  func `a secret across the end of what is shown leaves no trace`(count: Int) throws {
    let secret = "Tr0ub4dor-and-3-correct-horses"
    let scrubber = SecretScrubber([Secret(secret)])
    for (name, show) in RepeatedTextPlace.all {
      for shown in try show(String(repeating: "x", count: count) + secret, scrubber) {
        #expect(!shown.contains("Tr0"), "\(name): \(shown)")
      }
    }
  }

  @Test(arguments: [
    "Tr0ub&dor/3<x>+\"\u{C3}\u{A9} w", "Tr0ub%26dor%2f3%3cx%3e%2b%22\u{C3}%a9%20w",
    "Tr0ub&dor/3<x>+\"? w",
  ])
  func `a secret in another character set is masked but for what lost its form`(text: String) {
    let shown = SecretScrubber([Secret(#"Tr0ub&dor/3<x>+"é w"#)]).scrub("it: \(text)")
    #expect(shown.hasPrefix("it: \(Secret.mask)"))
    #expect(!shown.contains("Tr0") && !shown.contains("dor"))
  }

  @Test(arguments: [
    "short of it: Tr0ub4dor-an", "Tr0ub4dor-and-3…", "VHIwdWI0ZG9yLWFuZA", "%54r0ub4dor-an",
  ])
  func `a secret that the service cut is masked as far as it goes`(text: String) {
    let scrubber = SecretScrubber([Secret("Tr0ub4dor-and-3-correct-horses")])
    let shown = scrubber.scrub(text)
    #expect(shown.contains(Secret.mask))
    #expect(!shown.contains("dor") && !shown.contains("ZG9y"))
  }

  @Test func `an id that begins like a secret is none`() {
    let scrubber = SecretScrubber([Secret("019735db-f8f7-7c08-9d1e-0242ac120002")])
    #expect(!scrubber.finds("019735db-f8f7-7c09-8888-0242ac120002"))
    #expect(scrubber.finds("no 019735db-f8f7"))
  }

  @Test func `a secret of any length is masked to its end`() {
    for count in [4000, 5000, 20_000] {
      let secret = (0..<count).map { String($0 % 7919, radix: 36) }.joined()
      let shown = SecretScrubber([Secret(secret)]).scrub("a \(secret)")
      #expect(shown == "a •••")
    }
  }

  @Test func `a number that is a secret is masked and hidden like a text`() {
    let scrubber = SecretScrubber([Secret("12345678")])
    #expect(scrubber.scrub(["value": 12_345_678]) == ["value": "•••"])
    #expect(
      scrubber.hide(in: ["value": 12_345_678, "other": 1])
        == ["value": .secret(Secret(.int(12_345_678))), "other": 1])
  }

  @Test func `an address is recognised by what follows its host`() {
    let scrubber = SecretScrubber([Secret("https://files.example.com/?auth=abcdef-123456")])
    #expect(
      scrubber.scrub("https://files.example.com refused auth=abcdef-123456")
        == "https://files.example.com refused auth=•••")
    #expect(
      scrubber.scrub("GET https://files.example.com/?auth=abcdef-123456")
        == "GET https://files.example.com•••")
  }

  @Test func `a secret too short to be found hides the whole answer to what carried it`() throws {
    let operation = try Embedded.operation("profile.authenticate")
    let secrets = operation.secrets(in: ["username": "user-name", "password": "hunt"])
    let scrubber = SecretScrubber(secrets).hidingEverything(if: secrets)
    let body = Array(#"{"message":"the password hunt is weak"}"#.utf8)
    let answer = operation.read(APIResponse(status: 422, body: body), hiding: scrubber)
    #expect(answer.recordable == .string(SecretScrubber.hiddenText))
    guard case .problem(let problem) = answer.verdict else {
      Issue.record("no problem")
      return
    }
    #expect(problem.message == "HTTP 422: \(SecretScrubber.hiddenText)")
  }

  @Test func `the words of a decrypted document are not looked for`() {
    var scrubber = SecretScrubber()
    scrubber.add(secretsOf: ["text": .secret(Secret(payload: "device"))])
    scrubber.add(Secret(["inner": .secret(Secret(payload: "contract"))]))
    #expect(scrubber.scrub("the device has a contract") == "the device has a contract")
  }

  @Test func `thousands of secrets that begin alike cost what one costs`() {
    var scrubber = SecretScrubber()
    for number in 0..<5000 { scrubber.add(Secret("token-of-tenant-\(number)-x")) }
    #expect(scrubber.scrub("a token-of-tenant-4321-x b") == "a ••• b")
  }

  /// Ten characters of `spelled` that stand in `shown`, or nil when there are none.
  private static func rest(of spelled: String, in shown: String) -> String? {
    let characters = Array(spelled.unicodeScalars)
    let shown = Array(shown.unicodeScalars)
    guard characters.count >= 10, shown.count >= 10 else { return nil }
    let windows = Set((0...characters.count - 10).map { Array(characters[$0..<$0 + 10]) })
    let left = (0...shown.count - 10).map { Array(shown[$0..<$0 + 10]) }
    return left.first(where: windows.contains).map { window in
      String(String.UnicodeScalarView(window))
    }
  }
}
