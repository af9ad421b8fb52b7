import Events
import Expressions
import Machine
import Operations
import Planning

/// The operator of a run that is over and did not succeed: they look at the service, and continue the
/// run with what they found.
extension Simulation {
  /// How often one run is continued after it ended in doubt.
  static let mostResolutions = 5
  /// How long the operator takes: what was on its way has arrived by then.
  static let resolutionPause = Duration.seconds(60)

  /// Whether the run is continued although it is over.
  mutating func isContinued() -> Bool {
    switch result?.outcome {
    case .inDoubt where scenario.resolvesDoubt && resolutionCount < Self.mostResolutions:
      resolutionCount += 1
    case .failed where reopeningCount < reopenings: reopeningCount += 1
    case _: return false
    }
    isResolving = true
    reopen(after: Self.resolutionPause)
    return true
  }

  /// What the operator says about the steps in doubt that neither the machine's own reads nor the
  /// outcome of a command can decide.
  ///
  /// The first time the machine is left to its reads; what is in doubt again after that is looked at.
  func guidance(for machine: RunMachine) -> Guidance {
    guard isResolving else { return Guidance() }
    let doubts = machine.doubts.filter { doubt in
      !doubt.hasCommand && (doubt.read == nil || resolutionCount > 1)
    }
    return Guidance(
      assumptions: Dictionary(
        doubts.map { ($0.step, truth(about: $0)) }, uniquingKeysWith: { first, _ in first }))
  }

  private func truth(about doubt: StepDoubt) -> Assumption {
    let deeds = watch.exchanges.deeds(of: doubt.step) ?? StepDeeds()
    guard deeds.wasCarriedOut else { return .notDone }
    guard let response = deeds.response, (200..<300).contains(response.status) else {
      return .done(nil)
    }
    let answer = doubt.operation.read(response)
    var fields = answer.fields
    if let command = answer.commandID { fields["commandId"] = .string(command) }
    return .done(fields)
  }
}
