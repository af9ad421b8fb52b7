import Expressions
import Randomness
import Reporting

extension String {
  private static let pieces = [
    "a", "vault", "Z", "0", "42", " ", "  ", ":", ": ", "#", " #", "-", "- ", "?", "!", "&", "*",
    "|", ">", "'", "\"", "%", "@", "`", "{", "}", "[", "]", ",", "\\", "\n", "\r\n", "\t", "\u{0}",
    "\u{1B}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "é", "e\u{301}", "漢", "😀", "\u{202E}",
    "\u{10FFFF}", "${{", "}}", "${{ inputs.password }}", "$${{", "yes", "null", "true", "1e3",
    "0x1F", "~", "<<", "---", "...", "env:P", "file:/etc/passwd",
  ]

  /// A string that a service may give and nobody would write; never empty.
  static func unruly(_ random: inout SplitMix) -> String {
    let count = Int.random(in: 1...5, using: &random)
    return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }
}

extension TenantSnapshot {
  /// Any tenant at all.
  init(random: inout SplitMix) {
    self.init(username: .unruly(&random))
    if random.isOneIn(2) { publicKey = String(repeating: "0aF9", count: 50) }
    devices = random.list { random in
      Device(
        name: .unruly(&random), isApproved: random.isOneIn(2),
        roles: Device.Role.allCases.filter { _ in random.isOneIn(2) })
    }
    if random.isOneIn(2) { votingSettings.quorumSize = random.number }
    if random.isOneIn(2) {
      votingSettings.strategy = VotingSettings.Strategy(
        name: .unruly(&random), share: random.number)
    }
    if random.isOneIn(2) { votingSettings.timeLimit = random.number }
    if random.isOneIn(2) { votingSettings.attempts = random.number }
    votingConfigurations = random.list { random in
      VotingConfiguration(
        name: .unruly(&random), timeLimit: random.number, strategy: .unruly(&random),
        percentage: random.isOneIn(2) ? random.number : nil,
        voters: random.list { .unruly(&$0) })
    }
    policies = random.list(Self.policy)
    applications = random.list { random in
      Application(
        name: .unruly(&random), redirectURI: .unruly(&random),
        scopes: random.list { .unruly(&$0) })
    }
    files = random.list(Self.file)
    doubled = Set(TenantPart.allCases.filter { _ in random.isOneIn(3) })
    gaps = random.list { random in
      TenantGap(
        TenantPart.allCases.randomElement(using: &random) ?? .devices, .unclear,
        names: random.list { .unruly(&$0) })
    }
  }

  private static func policy(_ random: inout SplitMix) -> Policy {
    Policy(
      name: .unruly(&random), template: .unruly(&random), events: random.list { .unruly(&$0) },
      configuration: map(depth: 0, &random),
      votingConfiguration: random.isOneIn(2) ? .unruly(&random) : nil,
      isActive: random.isOneIn(3) ? nil : random.isOneIn(2))
  }

  private static func file(_ random: inout SplitMix) -> StoredFile {
    StoredFile(
      context: .unruly(&random), fileName: .unruly(&random),
      description: random.isOneIn(2)
        ? StoredFile.Description(
          fileExtension: .unruly(&random), size: random.number, path: .unruly(&random)) : nil,
      classification: random.isOneIn(2)
        ? StoredFile.Classification(
          name: .unruly(&random), label: .unruly(&random), handling: .unruly(&random)) : nil)
  }

  private static func map(depth: Int, _ random: inout SplitMix) -> ValueMap {
    var map = ValueMap()
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      map[.unruly(&random)] = value(depth: depth + 1, &random)
    }
    return map
  }

  private static func value(depth: Int, _ random: inout SplitMix) -> Value {
    switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
    case 0: .bool(random.isOneIn(2))
    case 1: .int(random.number)
    case 2: .double(Double(random.number) / 8)
    case 3: .string(.unruly(&random))
    case 4: .list(random.list { value(depth: depth + 1, &$0) })
    default: .map(map(depth: depth, &random))
    }
  }
}

extension SplitMix {
  /// True once in so many times.
  fileprivate mutating func isOneIn(_ times: Int) -> Bool {
    Int.random(in: 0..<times, using: &self) == 0
  }

  fileprivate var number: Int64 {
    mutating get { Int64.random(in: 1...1_000_000, using: &self) }
  }

  /// Up to three elements.
  fileprivate mutating func list<Element>(
    _ element: (inout SplitMix) -> Element
  ) -> [Element] {
    (0..<Int.random(in: 0...3, using: &self)).map { _ in element(&self) }
  }
}
