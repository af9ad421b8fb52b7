import ArgumentParser

/// The command line's root.
struct Privirun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "privirun",
    abstract: "Run declarative workflows against the Privicore API.",
    discussion: """
      A playbook (YAML) lists the steps to carry out for a tenant. Privirun checks it, calls the API, \
      waits on the WebSocket for the outcome of each command, and records everything.

      Try it without a service:
        export P=correct-horse-battery
        privirun run workflows/onboard-tenant.yaml --sandbox \\
          --input username=alice@example.com --input password=env:P
        privirun runs
        privirun show RUN

      Exit codes: 0 succeeded; 1 the run failed; 2 the file, the inputs or the usage are invalid; \
      3 in doubt, waiting for a decision, or no longer recorded; 4 cancelled; 5 the service could not \
      be reached; 6 the runs differ (diff --exit-code), there is something to do (plan --exit-code), \
      the saved plan no longer applies (run --plan), or a file would change (fmt --check); \
      70 internal error; 74 the output could not be written; 75 another process drives the run.
      """,
    version: Version.text,
    subcommands: [
      NewCommand.self, CheckCommand.self, FormatCommand.self, GraphCommand.self,
      RunCommand.self, CallCommand.self, ResumeCommand.self, ResolveCommand.self,
      CancelCommand.self, ApproveCommand.self, RunsCommand.self, ShowCommand.self,
      ReportCommand.self, DiffCommand.self, PlanCommand.self, RolloutCommand.self,
      ServeCommand.self, ScheduleCommand.self, JournalCommand.self, EnvironmentsCommand.self,
      OperationsCommand.self, ExplainCommand.self, SchemaCommand.self, EvalCommand.self,
      SandboxCommand.self, SimulateCommand.self, CompletionCommand.self, VersionCommand.self,
    ])
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
