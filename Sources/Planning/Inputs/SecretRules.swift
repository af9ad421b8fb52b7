/// What may be given for a secret besides `env:VARIABLE` and `file:PATH`, and what is done with it.
package struct SecretRules: Sendable, Hashable {
  /// Whether secrets are read.
  package enum Reading: Sendable, Hashable {
    case resolved
    /// Only the form of a reference is checked: nothing is read and no command is run.
    case formOnly
  }

  /// Whether a cell of a table may have the secret itself.
  package enum Literals: Sendable, Hashable {
    case refused
    case allowed
  }

  /// What `{name}` in a reference stands for; nil where it stands for itself.
  package var name: String?
  /// The programs and arguments that `command:NAME` runs, by name; nil where that is no reference.
  package var commands: [String: [String]]?
  /// Whether a cell of a table may have the secret itself.
  package var literals: Literals
  /// Whether secrets are read.
  package var reading: Reading

  /// Rules that allow what is named.
  package init(
    name: String? = nil, commands: [String: [String]]? = nil, literals: Literals = .refused,
    reading: Reading = .resolved
  ) {
    self.name = name
    self.commands = commands
    self.literals = literals
    self.reading = reading
  }

  /// The rules of inputs that are given for a single run.
  package static let standard = SecretRules()

  /// The longest name of a command.
  private static let longestName = 63

  /// Whether `name` can name a command: letters, digits, `_`, `-` and `.`.
  package static func canNameCommand(_ name: some StringProtocol) -> Bool {
    (1...longestName).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        case _: false
        }
      }
  }

  /// `text` with the name in place of each `{name}`.
  func filled(_ text: some StringProtocol) -> String {
    guard let name, text.utf8.contains(UInt8(ascii: "{")) else { return String(text) }
    var filled = ""
    var rest = Substring(text)
    while let brace = rest.firstIndex(of: "{") {
      filled += rest[..<brace]
      rest = rest[brace...]
      let isName = rest.hasPrefix("{name}")
      filled += isName ? name : "{"
      rest = rest.dropFirst(isName ? "{name}".count : 1)
    }
    return filled + rest
  }
}
