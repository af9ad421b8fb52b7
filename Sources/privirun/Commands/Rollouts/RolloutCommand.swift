import ArgumentParser

struct RolloutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollout", abstract: "Run a playbook for many tenants.",
    discussion: """
      A rollout file names a playbook, a file of tenants, and limits: how many tenants are in progress \
      at once, in which stages they start, how many may fail. `privirun run PLAYBOOK --tenants FILE` does \
      without one.

        privirun rollout check workflows/rollouts/onboard-tenants.yaml
        privirun rollout plan workflows/rollouts/onboard-tenants.yaml
        privirun rollout run workflows/rollouts/onboard-tenants.yaml
        privirun rollout status latest
        privirun rollout retry latest --failed

      A rollout is named by its id, a unique prefix of it, its name (the newest one that is called so) \
      or latest.

      Exit codes: 0 all tenants succeeded; 1 some failed; 2 the files, the inputs or the usage are \
      invalid; 3 some are in doubt or wait for a decision; 4 cancelled; 5 the service could not be \
      reached; 6 there is something to do (plan --exit-code); 70 internal error; 74 the output could \
      not be written; 75 another process drives it.
      """,
    subcommands: [
      RolloutCheckCommand.self, RolloutPlanCommand.self, RolloutRunCommand.self,
      RolloutStatusCommand.self, RolloutListCommand.self, RolloutResumeCommand.self,
      RolloutRetryCommand.self, RolloutCancelCommand.self, RolloutPauseCommand.self,
      RolloutUnpauseCommand.self, RolloutApproveCommand.self,
    ])
}
