import Events
import Expressions
import Planning

/// Looks for known secrets in what events look like outside the process.
struct SecretWatch: Sendable {
  /// The shortest secret that is looked for, in bytes: shorter ones stand in ordinary words.
  private static let shortest = 8
  /// The fewest hexadecimal digits that make a line of a file a key.
  private static let shortestKey = 32

  private let run: RunID
  private var needles: [[UInt8]] = []
  private var heads: Set<UInt64> = []
  private var firstBytes = [Bool](repeating: false, count: 256)
  private var known: Set<[UInt8]> = []

  init(of plan: Plan, in run: RunID) {
    self.run = run
    let secrets = Value.map(plan.inputs).secrets + plan.plainSecrets
    for secret in secrets where !secret.isPayload {
      guard let text = secret.reveal().text else { continue }
      add(Array(text.utf8))
      // As it stands inside a JSON text.
      add(Array(JSON.text(.string(text)).dropFirst().dropLast().utf8))
    }
  }

  /// Adds the keys in files that were written for their owner only.
  mutating func learn(_ contents: [[UInt8]]) {
    for bytes in contents where bytes.count <= 1024 && known.insert(bytes).inserted {
      for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 })
      where line.count >= Self.shortestKey && line.allSatisfy(\.isHexadecimalDigit) {
        add(Array(line))
      }
    }
  }

  private mutating func add(_ needle: [UInt8]) {
    guard needle.count >= Self.shortest, !needles.contains(needle) else { return }
    needles.append(needle)
    heads.insert(Self.head(of: needle[...]))
    firstBytes[Int(needle[0])] = true
  }

  func objection(to event: RunEvent) -> String? {
    guard !needles.isEmpty else { return nil }
    var line = EncodedEvent(event, of: run).line
    let isFound = line.withUTF8 { holdsSecret($0) }
    return isFound ? "event \(event.sequence) holds a secret in plain text" : nil
  }

  private func holdsSecret(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= Self.shortest else { return false }
    for start in 0...(text.count - Self.shortest) where firstBytes[Int(text[start])] {
      let rest = text[start...]
      guard heads.contains(Self.head(of: rest)) else { continue }
      if needles.contains(where: { rest.starts(with: $0) }) { return true }
    }
    return false
  }

  private static func head(of bytes: some Collection<UInt8>) -> UInt64 {
    bytes.prefix(shortest).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
