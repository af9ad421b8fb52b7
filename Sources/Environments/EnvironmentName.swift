/// The names of environments.
package enum EnvironmentName {
  /// The longest name, in characters.
  package static let limit = 63

  /// What a name must look like, as a hint.
  package static let rule =
    "an environment's name has letters, digits, `_`, `-` and `.`, begins with a letter or digit, "
    + "and has at most \(limit) characters"

  /// Whether an environment can be called so: `[A-Za-z0-9][A-Za-z0-9_.-]*`, up to `limit` characters.
  ///
  /// The name is part of the path of a journal.
  package static func isValid(_ name: String) -> Bool {
    guard (1...limit).contains(name.utf8.count), let first = name.utf8.first else { return false }
    return isAlphanumeric(first)
      && name.utf8.allSatisfy { isAlphanumeric($0) || "_-.".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case _: false
    }
  }
}
