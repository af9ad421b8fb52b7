/// A metric that is exported: its name, its unit, and what it counts.
package enum RunMetric: String, Sendable, Hashable, CaseIterable {
  case rolloutsStarted = "privirun.rollouts.started"
  case rolloutsEnded = "privirun.rollouts.ended"
  case tenantsRefused = "privirun.tenants.refused"
  case runsStarted = "privirun.runs.started"
  case runsEnded = "privirun.runs.ended"
  case runsActive = "privirun.runs.active"
  case runDuration = "privirun.run.duration"
  case stepsEnded = "privirun.steps.ended"
  case stepRetries = "privirun.step.retries"
  case stepsInDoubt = "privirun.steps.in_doubt"
  case requestDuration = "http.client.request.duration"
  case acknowledgementDuration = "privirun.acknowledgement.duration"

  /// The unit, as UCUM writes it.
  package var unit: String {
    switch self {
    case .rolloutsStarted, .rolloutsEnded: "{rollout}"
    case .tenantsRefused: "{tenant}"
    case .runsStarted, .runsEnded, .runsActive: "{run}"
    case .stepsEnded, .stepsInDoubt: "{step}"
    case .stepRetries: "{attempt}"
    case .runDuration, .requestDuration, .acknowledgementDuration: "s"
    }
  }

  /// What it measures.
  package var text: String {
    switch self {
    case .rolloutsStarted: "Rollouts that started"
    case .rolloutsEnded: "Rollouts that ended"
    case .tenantsRefused: "Tenants of rollouts for which no run could be started"
    case .runsStarted: "Runs that started"
    case .runsEnded: "Runs that ended"
    case .runsActive: "Runs in progress in this process"
    case .runDuration: "Time from the start of a run to its end"
    case .stepsEnded: "Steps that ended"
    case .stepRetries: "Attempts of steps that failed and were followed by another"
    case .stepsInDoubt: "Calls whose outcome is unknown"
    case .requestDuration: "Duration of HTTP client requests"
    case .acknowledgementDuration:
      "Time from the response that accepts a command to the message or poll with its outcome"
    }
  }

  /// The upper bounds of the buckets of a histogram, in its unit.
  package var bounds: [Double] {
    switch self {
    // Those of the semantic conventions for HTTP.
    case .requestDuration:
      [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
    case .runDuration, .acknowledgementDuration:
      [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400]
    case .rolloutsStarted, .rolloutsEnded, .tenantsRefused, .runsStarted, .runsEnded, .runsActive,
      .stepsEnded, .stepRetries, .stepsInDoubt:
      []
    }
  }
}
