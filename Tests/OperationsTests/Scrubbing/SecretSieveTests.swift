import Expressions
import Randomness
import Testing

@testable import Operations

@Suite("The first look for secrets")
struct SecretSieveTests {
  private static let secrets = [
    "Tr0ub4dor-and-3-correct-horses", #"Tr0ub&dor/3<x>+"é w"#, "%41&amp;\\u0041=3D%25é",
    "👩‍👧word-1234567\u{200D}x", "ßtraße-ŉ-1234", "0123456789abcdef0123456789abcdef",
  ]

  @Test func `it passes no text in which the search finds a secret`() {
    var random = SplitMix(seed: 20_261_201)
    var found = 0
    for secret in Self.secrets {
      var index = SecretIndex()
      index.add(secret)
      for (spelling, spell) in SpelledSecret.spellings {
        for _ in 0..<6 {
          let text = Self.surrounded(spell(secret), &random)
          guard !SecretSearch(index).searched(text).isEmpty else { continue }
          found += 1
          #expect(
            SecretSieve(index).suspects(text, encodings: 2),
            "\(secret) \(spelling): \(text)")
        }
      }
    }
    // The texts are such that the search finds most secrets.
    #expect(found > Self.secrets.count * SpelledSecret.spellings.count * 4)
  }

  @Test func `it passes names and ids that hold no secret`() {
    var index = SecretIndex()
    index.add("Tr0ub4dor-and-3-correct-horses")
    let sieve = SecretSieve(index)
    for text in [
      "", "d", "accepted", "3b241101-e2bb-4255-8caf-4136c566a962", "t-17@example.com",
      "2026-11-28T10:00:00Z", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "a % b & c = d \\ e",
      "4142434445464748494a4b4c",
    ] {
      #expect(!sieve.suspects(Array(text.utf8), encodings: 2), "\(text)")
    }
  }

  @Test(arguments: ["e08080e08080", "%E0%80%80", "4ICA4ICA", "\\xE0\\x80\\x80"])
  func `it reads bytes that are no text, also encoded`(text: String) {
    #expect(SecretScrubber([Secret("Tr0ub4dor-and-3")]).scrub(text) == text)
  }

  @Test func `it folds whatever bytes come as the search does`() {
    var random = SplitMix(seed: 20_261_202)
    let high: [UInt8] = [
      0x41, 0x80, 0x81, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xC3, 0xDF, 0xE0, 0xEF, 0xF0, 0xF4,
    ]
    for lead in 0x80...0xFF as ClosedRange<UInt8> {
      for second in 0...0xFF as ClosedRange<UInt8> {
        let rest = (0..<4).map { _ in high.randomElement(using: &random) ?? 0 }
        let bytes = [lead, second] + rest
        var folded: [UInt8] = []
        _ = FoldedText.folds(of: bytes) {
          folded.append($0)
          return false
        }
        guard folded != FoldedText(bytes).bytes else { continue }
        Issue.record("\(bytes): \(folded), \(FoldedText(bytes).bytes)")
      }
    }
  }

  /// `text` between bytes of any kind, so that digits stand before and after it now and then.
  private static func surrounded(_ text: String, _ random: inout SplitMix) -> [UInt8] {
    let kinds: [ClosedRange<UInt8>] = [0x20...0x7E, 0x30...0x39, 0...0xFF, 0x61...0x7A]
    func some(_ random: inout SplitMix) -> [UInt8] {
      let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
      let count = Int.random(in: 0...20, using: &random)
      return (0..<count).map { _ in UInt8.random(in: kind, using: &random) }
    }
    return some(&random) + Array(text.utf8) + some(&random)
  }
}
