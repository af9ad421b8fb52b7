import Expressions
import Playbooks

/// The values that many keys of a playbook share, each a definition.
enum CommonDefinitions {
  /// A string with an expression in it.
  static let expressionMark = "\\$\\{\\{"
  /// One expression and nothing else.
  static let wholeExpression = "^\\$\\{\\{[\\s\\S]*\\}\\}$"
  /// No expression; `$${{` stands for `${{`.
  private static let noExpression = "(?![\\s\\S]*(?:^|[^$])\\$\\{\\{)"
  /// 1 to 1000 characters on one line, not only blanks; line breaks at its end are taken away.
  private static let oneLine = "(?=[^\\n\\r]*\\S)[^\\n\\r]{1,1000}[\\n\\r]*$"
  private static let identifier = "^[A-Za-z_][A-Za-z0-9_]*$"
  /// The units of `DurationText`, each at most once.
  private static let durationPattern =
    "(?=.)\(["w", "d", "h", "m", "s", "ms"].map { "(?:[0-9]{1,9}\($0))?" }.joined())$"

  /// The definitions, in the order in which they are printed.
  static var all: [(String, Value)] {
    texts + names + data + conditions
  }

  private static var texts: [(String, Value)] {
    [
      (
        "expression",
        pattern(expressionMark, "an expression: ${{ … }}", "An expression, `${{ … }}`.")
      ),
      (
        "constant",
        pattern(
          "^\(noExpression)\(oneLine)", "a string on one line, without an expression",
          "A string on one line, without expressions.")
      ),
      (
        "title",
        pattern(
          "^\(oneLine)|\(expressionMark)", "a string on one line",
          "A string on one line, which may contain expressions.")
      ),
      (
        "text",
        [
          "description": "A string, which may contain expressions.",
          "type": ["string", "number", "boolean"],
        ]
      ),
      (
        "duration",
        pattern(
          "^\(durationPattern)|\(expressionMark)", "a duration such as 500ms, 2s, 1h30m or 1w2d",
          """
          Integers with the units w, d, h, m, s and ms, the largest first, such as `1h30m`; or an \
          expression.
          """)
      ),
    ]
  }

  private static var names: [(String, Value)] {
    let keywords = PlaybookReader.keywords.sorted()
    let reserved = PlaybookReader.reservedNames.sorted()
    return [
      ("identifier", name("Letters, digits and `_`, not beginning with a digit.", not: keywords)),
      (
        "boundName",
        name(
          "A name that means nothing else in expressions: letters, digits and `_`.",
          not: reserved)
      ),
      (
        "labelName",
        pattern(
          "^[A-Za-z0-9_.-]{1,\(LabelName.limit)}$", LabelName.rule, "The name of a label.")
      ),
    ]
  }

  private static func name(_ description: String, not reserved: [String]) -> Value {
    [
      "description": .string(description), "type": "string",
      "pattern": .string(identifier),
      "patternErrorMessage": "a name has letters, digits and `_`, and does not begin with a digit",
      "maxLength": .int(Int64(PlaybookReader.nameLimit)),
      "not": ["enum": SchemaParts.strings(reserved)],
    ]
  }

  private static var data: [(String, Value)] {
    [
      ("constantKey", ["pattern": .string("^\(noExpression)")]),
      (
        "value",
        [
          "description": "Any value, with expressions or without.",
          "items": SchemaParts.reference("value"),
          "propertyNames": SchemaParts.reference("constantKey"),
          "additionalProperties": SchemaParts.reference("value"),
        ]
      ),
      (
        "data",
        [
          "description": "Plain data, without expressions.",
          "pattern": .string("^\(noExpression)"),
          "patternErrorMessage": "no expressions here: the value is known before the run",
          "items": SchemaParts.reference("data"),
          "propertyNames": SchemaParts.reference("constantKey"),
          "additionalProperties": SchemaParts.reference("data"),
        ]
      ),
      (
        "collection",
        [
          "type": ["array", "object", "string"],
          "pattern": .string(wholeExpression),
          "patternErrorMessage": "a list, a map, or one expression: ${{ … }}",
          "items": SchemaParts.reference("value"),
          "propertyNames": SchemaParts.reference("constantKey"),
          "additionalProperties": SchemaParts.reference("value"),
        ]
      ),
      (
        "locals",
        [
          "type": "object", "propertyNames": SchemaParts.reference("boundName"),
          "additionalProperties": SchemaParts.reference("value"),
        ]
      ),
    ]
  }

  private static var conditions: [(String, Value)] {
    [
      (
        "condition",
        [
          "description": "An expression that is true or false; `${{` and `}}` may be left out.",
          "type": ["string", "boolean"], "minLength": 1,
        ]
      ),
      (
        "conditions",
        [
          "anyOf": [
            SchemaParts.reference("condition"), SchemaParts.reference("assertion"),
            [
              "type": "array", "minItems": 1,
              "items": [
                "anyOf": [
                  SchemaParts.reference("condition"), SchemaParts.reference("assertion"),
                ]
              ],
            ],
          ]
        ]
      ),
    ]
  }

  private static func pattern(
    _ pattern: String, _ message: String, _ description: String
  ) -> Value {
    [
      "description": .string(description), "type": "string", "pattern": .string(pattern),
      "patternErrorMessage": .string(message),
    ]
  }
}
