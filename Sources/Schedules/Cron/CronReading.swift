package import Diagnostics

/// What could be read of a cron expression, and everything that is wrong with it.
package struct CronReading {
  /// The expression; nil where there are flaws.
  package var expression: CronExpression?
  /// What is wrong, in the order of the text.
  package var flaws: [CronFlaw]

  /// Reads `text`: five fields between blanks, or a name such as `@weekly`.
  package init(of text: String) {
    var reader = CronReader(text)
    expression = reader.read()
    flaws = reader.flaws
  }
}

/// Something that is wrong with a cron expression, and where in its text.
package struct CronFlaw: Sendable, Hashable {
  /// The rule, as diagnostics name it.
  package var code: DiagnosticCode
  /// One sentence without a full stop.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?
  /// The Unicode scalar of the text at which it begins, from 0.
  package var offset: Int
  /// How many Unicode scalars it has, at least 1.
  package var length: Int
}
