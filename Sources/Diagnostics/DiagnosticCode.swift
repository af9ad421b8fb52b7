/// What a diagnostic is about: one rule each, by its name in kebab case.
///
/// Each has a number and a page in `docs/diagnostics.md`. Neither name nor number ever changes, and the
/// number of a rule that is gone is never given again.
package enum DiagnosticCode: String, CaseIterable, Sendable, Hashable {
  // MARK: Files and YAML

  case missingFile = "missing-file"
  case notAFile = "not-a-file"
  case unreadableFile = "unreadable-file"
  case fileTooLarge = "file-too-large"
  case emptyFile = "empty-file"
  case notUTF8 = "not-utf-8"
  case nulByte = "nul-byte"
  case controlCharacter = "control-character"
  case lineSeparator = "line-separator"
  case yamlSyntax = "yaml-syntax"
  case unclosedQuote = "unclosed-quote"
  case tabIndentation = "tab-indentation"
  case severalDocuments = "several-documents"
  case unknownTag = "unknown-tag"
  case unknownAlias = "unknown-alias"
  case recursiveAlias = "recursive-alias"
  case mergeKey = "merge-key"
  case keyNotText = "key-not-text"
  case duplicateKey = "duplicate-key"
  case tooDeep = "too-deep"
  case tooManyNodes = "too-many-nodes"
  case jsonSyntax = "json-syntax"
  case numberTooLarge = "number-too-large"
  case wrongFile = "wrong-file"
  case tooManyDiagnostics = "too-many-diagnostics"
  case missingFolder = "missing-folder"

  // MARK: Keys and structure

  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case misplacedKey = "misplaced-key"
  case needlessKey = "needless-key"
  case unsupportedKey = "unsupported-key"
  case unsupportedVersion = "unsupported-version"
  case noKind = "no-kind"
  case severalKinds = "several-kinds"
  case mixedSession = "mixed-session"
  case emptyCollection = "empty-collection"
  case playCycle = "play-cycle"
  case playOutside = "play-outside"
  case playTooDeep = "play-too-deep"
  case tooManyFiles = "too-many-files"
  case tooManySteps = "too-many-steps"

  // MARK: Names and references

  case invalidName = "invalid-name"
  case reservedName = "reserved-name"
  case duplicateId = "duplicate-id"
  case duplicateBoundName = "duplicate-bound-name"
  case unknownStep = "unknown-step"
  case unknownName = "unknown-name"
  case unknownField = "unknown-field"
  case unavailableName = "unavailable-name"
  case unusedName = "unused-name"

  // MARK: Expressions

  case expressionSyntax = "expression-syntax"
  case expressionTooLong = "expression-too-long"
  case expressionTooDeep = "expression-too-deep"
  case unknownFunction = "unknown-function"
  case wrongArguments = "wrong-arguments"
  case invalidPattern = "invalid-pattern"
  case notACondition = "not-a-condition"
  case expressionNotAllowed = "expression-not-allowed"
  case stringLikeExpression = "string-like-expression"
  case evaluationFailed = "evaluation-failed"
  case unknownWord = "unknown-word"
  case toleratedResult = "tolerated-result"

  // MARK: Values and types

  case wrongType = "wrong-type"
  case wrongValue = "wrong-value"
  case outOfRange = "out-of-range"
  case wrongPattern = "wrong-pattern"
  case invalidDuration = "invalid-duration"
  case invalidInstant = "invalid-instant"
  case unknownType = "unknown-type"
  case invalidDefault = "invalid-default"
  case duplicateValue = "duplicate-value"

  // MARK: Calls and operations

  case unknownOperation = "unknown-operation"
  case missingField = "missing-field"
  case notARead = "not-a-read"
  case noAnswer = "no-answer"
  case notEnsurable = "not-ensurable"
  case wrongDrift = "wrong-drift"
  case rejectedRetry = "rejected-retry"
  case approveInAlways = "approve-in-always"
  case unhandledRefusal = "unhandled-refusal"
  case unknownRefusal = "unknown-refusal"
  case noInverse = "no-inverse"
  case approveInUndo = "approve-in-undo"
  case notUndone = "not-undone"
  case inertUndo = "inert-undo"

  // MARK: Sessions and secrets

  case needsSession = "needs-session"
  case secretInClear = "secret-in-clear"
  case secretInAddress = "secret-in-address"
  case secretLabel = "secret-label"
  case emptySecret = "empty-secret"
  case oddSecret = "odd-secret"
  case unsetVariable = "unset-variable"
  case commandNotAllowed = "command-not-allowed"
  case commandFailed = "command-failed"
  case mistypedSecret = "mistyped-secret"

  // MARK: Inputs

  case unknownInput = "unknown-input"
  case missingInput = "missing-input"
  case duplicateInput = "duplicate-input"
  case malformedInput = "malformed-input"
  case unusedInput = "unused-input"

  // MARK: Tenants files

  case noTenants = "no-tenants"
  case duplicateName = "duplicate-name"
  case noHeader = "no-header"
  case missingColumn = "missing-column"
  case unnamedColumn = "unnamed-column"
  case duplicateColumn = "duplicate-column"
  case raggedRow = "ragged-row"
  case csvQuote = "csv-quote"
  case oddBlank = "odd-blank"
  case cellTooLong = "cell-too-long"
  case rowTooLong = "row-too-long"
  case tooManyCells = "too-many-cells"
  case tooManyTenants = "too-many-tenants"
  case wrongSeparator = "wrong-separator"
  case unknownFormat = "unknown-format"
  case malformedTenants = "malformed-tenants"

  // MARK: Environments and connections

  case unknownEnvironment = "unknown-environment"
  case invalidAddress = "invalid-address"
  case invalidProxy = "invalid-proxy"
  case unreadableCertificates = "unreadable-certificates"
  case unreadableKey = "unreadable-key"

  // MARK: Rollouts and schedules

  case notGrowing = "not-growing"
  case contradiction
  case unmatchedName = "unmatched-name"
  case invalidCron = "invalid-cron"
  case neverDue = "never-due"
  case unknownTimezone = "unknown-timezone"

  // MARK: API descriptions

  case duplicateOperation = "duplicate-operation"
  case wrongReference = "wrong-reference"
  case missingRole = "missing-role"
  case noDigest = "no-digest"

  // MARK: Notifications

  case needlessTopic = "needless-topic"
}
