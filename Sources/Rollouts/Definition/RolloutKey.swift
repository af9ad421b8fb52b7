/// The keys of a rollout file, in the order in which the reference lists them.
///
/// A new key is a case here, a line in `RolloutReader.readRollout` and one in `RolloutDefinition.fields`.
package enum RolloutKey: String, CaseIterable {
  case rollout
  case name
  case summary
  case playbook
  case tenants
  case inputs
  case environment
  case only
  case exclude
  case mode
  case order
  case concurrency
  case ramp
  case bake
  case gate
  case pace
  case maxFailures = "max-failures"
  case votesAtOnce = "votes-at-once"
  case onStop = "on-stop"
  case retry
  case lock
  case deadline
  case labels
  case outputs
  case allowCommands = "allow-commands"
  case schedule
  case notify

  /// The key in code marks, as diagnostics name it.
  var marked: String { "`\(rawValue)`" }
}
