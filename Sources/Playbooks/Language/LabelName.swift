/// The names of run labels.
package enum LabelName {
  /// The longest name, in characters.
  package static let limit = 63

  /// What a name must look like, as a hint.
  package static let rule =
    "a label's name has letters, digits, `_`, `-` and `.`, and at most \(limit) characters"

  /// Whether a label can be called so: `[A-Za-z0-9_.-]+`, up to `limit` characters.
  package static func isValid(_ name: String) -> Bool {
    (1...limit).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    case _: false
    }
  }
}
