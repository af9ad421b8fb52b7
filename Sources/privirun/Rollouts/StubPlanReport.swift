import Events
import Reporting

struct RolloutPlanReport: Sendable {
  struct Heading: Sendable, Hashable {
    var name, file, playbook: String
    var service: ServiceOrigins?
    var environment: String?
    var mode: RolloutMode
    var tenantCount: Int
    var stages: [Int]
    var concurrency: Int
    var maxFailures: Int?
    var votesAtOnce: Int?
    var pace: Double?
    var gone: [String]
  }
  enum TenantPlan: Sendable {
    case plan(PlanReport)
    case drift(DriftReport)
    case refused(TenantRefusal)
  }
  init(_ heading: Heading, whole: Int = 3) {}
  mutating func add(_ plan: TenantPlan, of tenant: String) {}
  var hasWork = false, hasConflicts = false, failed = false, hasDrift = false,
    comparedNothing = false
}
extension PlanOutputOptions {
  func write(_ report: RolloutPlanReport, environment: [String: String]) {}
}
