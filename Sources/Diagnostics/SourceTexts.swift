/// The texts that diagnostics point into, by file name, so that they can be quoted.
///
/// Of a file that is too long to be kept, single lines can be.
package struct SourceTexts: Sendable {
  private var texts: [String: String] = [:]
  private var lines: [String: [Int: KeptLine]] = [:]
  /// The names of inputs that are declared secret, in lower case: their values are not quoted.
  package private(set) var secretNames: Set<String> = []

  /// A line of a file of which the whole is not kept.
  struct KeptLine: Sendable {
    let text: String
    /// What is not shown, in Unicode scalars of the line from 0, ascending; nil when names decide.
    let hidden: [Range<Int>]?
  }

  /// No texts: every diagnostic is then shown without the line it points at.
  package init() {}

  /// The text of `file`, or nil when it was never read.
  package subscript(file: String) -> String? {
    get { texts[file] }
    set { texts[file] = newValue }
  }

  /// Keeps a line of `file`, from 1, without what ends it.
  ///
  /// In place of the Unicode scalars `hidden`, which count from 0 and ascend, `•••` is shown. Without
  /// `hidden`, the names in the line decide, as in other files.
  package mutating func keep(
    line: Int, of file: String, _ text: String, hiding hidden: [Range<Int>]? = nil
  ) {
    lines[file, default: [:]][line] = KeptLine(text: text, hidden: hidden)
  }

  /// The line `number` of `file`, when it is kept alone.
  func line(_ number: Int, of file: String) -> KeptLine? { lines[file]?[number] }

  /// Hides the value of `name` wherever a line is quoted.
  package mutating func hide(valueOf name: String) {
    secretNames.insert(name.lowercased())
  }

  /// Whether a value of this name is hidden: it is declared secret, or called like a password.
  package func hides(valueOf name: String) -> Bool {
    SecretMask(names: secretNames).isSecret(name)
  }

  /// Takes over every text of `other`.
  package mutating func merge(_ other: SourceTexts) {
    texts.merge(other.texts) { _, new in new }
    lines.merge(other.lines) { known, new in known.merging(new) { _, new in new } }
    secretNames.formUnion(other.secretNames)
  }
}
