import ArgumentParser

struct CompletionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Print a completion script for a shell.",
    discussion: """
      The script completes commands, options and files, and asks the program for inputs of the playbook \
      on the line, fields of an operation, runs, rollouts, schedules, environments, operations and \
      codes of diagnostics. Generate it again after an update.

        privirun completion bash > ~/.local/share/bash-completion/completions/privirun
        privirun completion zsh > ~/.zfunc/_privirun
        privirun completion fish > ~/.config/fish/completions/privirun.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish

    /// The same, as the parser calls it.
    var completionShell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell.")
  var shell: Shell

  func run() async throws {
    StandardStream.output.write("\(CompletionScript.text(for: shell.completionShell))\n")
  }
}
