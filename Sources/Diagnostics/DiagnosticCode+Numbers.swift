extension DiagnosticCode {
  /// What a rule's page is headed with, such as `P0201`: the group, and the rule in it.
  package var number: String {
    let digits = String(digits)
    return "P" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// The group it belongs to.
  package var group: DiagnosticGroup { DiagnosticGroup(rawValue: digits / 100) ?? .filesAndYAML }

  /// A rule that the table lacks has 0; a test finds it.
  private var digits: Int { Self.numbers[self, default: 0] }

  /// The severity of its diagnostics, or nil when it depends on where they are found.
  package var severity: Diagnostic.Severity? {
    if Self.warnings.contains(self) { return .warning }
    return Self.ofEitherSeverity.contains(self) ? nil : .error
  }

  private static let warnings: Set<DiagnosticCode> = [
    .needlessKey, .stringLikeExpression, .approveInAlways, .oddSecret, .unusedInput, .oddBlank,
    .unmatchedName, .needlessTopic, .missingFolder, .unusedName, .unknownWord, .unhandledRefusal,
    .unknownRefusal, .notUndone, .toleratedResult, .inertUndo,
  ]

  private static let ofEitherSeverity: Set<DiagnosticCode> = [
    .tooManyDiagnostics, .misplacedKey, .needsSession, .secretInClear, .unknownInput,
  ]

  private static let numbers: [DiagnosticCode: Int] = [
    .missingFile: 101,
    .notAFile: 102,
    .unreadableFile: 103,
    .fileTooLarge: 104,
    .emptyFile: 105,
    .notUTF8: 106,
    .nulByte: 107,
    .controlCharacter: 108,
    .lineSeparator: 109,
    .yamlSyntax: 110,
    .unclosedQuote: 111,
    .tabIndentation: 112,
    .severalDocuments: 113,
    .unknownTag: 114,
    .unknownAlias: 115,
    .recursiveAlias: 116,
    .mergeKey: 117,
    .keyNotText: 118,
    .duplicateKey: 119,
    .tooDeep: 120,
    .tooManyNodes: 121,
    .jsonSyntax: 122,
    .numberTooLarge: 123,
    .wrongFile: 124,
    .tooManyDiagnostics: 125,
    .missingFolder: 126,

    .unknownKey: 201,
    .missingKey: 202,
    .misplacedKey: 203,
    .needlessKey: 204,
    .unsupportedKey: 205,
    .unsupportedVersion: 206,
    .noKind: 207,
    .severalKinds: 208,
    .mixedSession: 209,
    .emptyCollection: 210,
    .playCycle: 211,
    .playOutside: 212,
    .playTooDeep: 213,
    .tooManyFiles: 214,
    .tooManySteps: 215,

    .invalidName: 301,
    .reservedName: 302,
    .duplicateId: 303,
    .duplicateBoundName: 304,
    .unknownStep: 305,
    .unknownName: 306,
    .unknownField: 307,
    .unavailableName: 308,
    .unusedName: 309,

    .expressionSyntax: 401,
    .expressionTooLong: 402,
    .expressionTooDeep: 403,
    .unknownFunction: 404,
    .wrongArguments: 405,
    .invalidPattern: 406,
    .notACondition: 407,
    .expressionNotAllowed: 408,
    .stringLikeExpression: 409,
    .evaluationFailed: 410,
    .unknownWord: 411,
    .toleratedResult: 412,

    .wrongType: 501,
    .wrongValue: 502,
    .outOfRange: 503,
    .wrongPattern: 504,
    .invalidDuration: 505,
    .invalidInstant: 506,
    .unknownType: 507,
    .invalidDefault: 508,
    .duplicateValue: 509,

    .unknownOperation: 601,
    .missingField: 602,
    .notARead: 603,
    .noAnswer: 604,
    .notEnsurable: 605,
    .wrongDrift: 606,
    .rejectedRetry: 607,
    .approveInAlways: 608,
    .unhandledRefusal: 609,
    .unknownRefusal: 610,
    .noInverse: 611,
    .approveInUndo: 612,
    .notUndone: 613,
    .inertUndo: 614,

    .needsSession: 701,
    .secretInClear: 702,
    .secretInAddress: 703,
    .secretLabel: 704,
    .emptySecret: 705,
    .oddSecret: 706,
    .unsetVariable: 707,
    .commandNotAllowed: 708,
    .commandFailed: 709,
    .mistypedSecret: 710,

    .unknownInput: 801,
    .missingInput: 802,
    .duplicateInput: 803,
    .malformedInput: 804,
    .unusedInput: 805,

    .noTenants: 901,
    .duplicateName: 902,
    .noHeader: 903,
    .missingColumn: 904,
    .unnamedColumn: 905,
    .duplicateColumn: 906,
    .raggedRow: 907,
    .csvQuote: 908,
    .oddBlank: 909,
    .cellTooLong: 910,
    .rowTooLong: 911,
    .tooManyCells: 912,
    .tooManyTenants: 913,
    .wrongSeparator: 914,
    .unknownFormat: 915,
    .malformedTenants: 916,

    .unknownEnvironment: 1001,
    .invalidAddress: 1002,
    .invalidProxy: 1003,
    .unreadableCertificates: 1004,
    .unreadableKey: 1005,

    .notGrowing: 1101,
    .contradiction: 1102,
    .unmatchedName: 1103,
    .invalidCron: 1104,
    .neverDue: 1105,
    .unknownTimezone: 1106,

    .duplicateOperation: 1201,
    .wrongReference: 1202,
    .missingRole: 1203,
    .noDigest: 1204,

    .needlessTopic: 1301,
  ]
}
