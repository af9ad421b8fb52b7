/// What the rules of diagnostics are about: the first two digits of their numbers.
package enum DiagnosticGroup: Int, CaseIterable, Sendable, Hashable {
  case filesAndYAML = 1
  case keysAndStructure = 2
  case namesAndReferences = 3
  case expressions = 4
  case valuesAndTypes = 5
  case callsAndOperations = 6
  case sessionsAndSecrets = 7
  case inputs = 8
  case tenantsFiles = 9
  case environmentsAndConnections = 10
  case rolloutsAndSchedules = 11
  case apiDescriptions = 12
  case notifications = 13

  /// The heading of its rules.
  package var title: String {
    switch self {
    case .filesAndYAML: "Files and YAML"
    case .keysAndStructure: "Keys and structure"
    case .namesAndReferences: "Names and references"
    case .expressions: "Expressions"
    case .valuesAndTypes: "Values and types"
    case .callsAndOperations: "Calls and operations"
    case .sessionsAndSecrets: "Sessions and secrets"
    case .inputs: "Inputs"
    case .tenantsFiles: "Tenants files"
    case .environmentsAndConnections: "Environments and connections"
    case .rolloutsAndSchedules: "Rollouts and schedules"
    case .apiDescriptions: "API descriptions"
    case .notifications: "Notifications"
    }
  }

  /// Its rules, by number.
  package var codes: [DiagnosticCode] {
    DiagnosticCode.allCases.filter { $0.group == self }.sorted { $0.number < $1.number }
  }
}
