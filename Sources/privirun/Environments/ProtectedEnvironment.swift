import ArgumentParser
import Environments
import Networking
import Reporting

/// Whether a person is asked before something is changed in a protected environment.
struct ConfirmationOptions: ParsableArguments {
  @Flag(help: "Do not ask before something is changed in a protected environment.")
  var yes = false

  init() {}

  /// Asks nothing where `yes` is true.
  init(yes: Bool) {
    self.yes = yes
  }
}

/// Asks before a command changes something in an environment that is `protected: true`.
struct ProtectedEnvironment {
  let selected: SelectedEnvironment
  /// The address of the service.
  let service: String

  /// The environment, if it is protected.
  ///
  /// Nil for a target that is no service of an environment: a sandbox in this process, or nothing.
  init?(_ selected: SelectedEnvironment?, calling target: ServiceTarget) {
    guard case .service(let addresses, _) = target else { return nil }
    self.init(selected, at: "\(addresses.api)")
  }

  /// The environment, if it is protected, whose service is at the address `service`.
  init?(_ selected: SelectedEnvironment?, at service: String) {
    guard let selected, selected.environment.isProtected else { return nil }
    self.selected = selected
    self.service = service
  }

  /// Such as ``the environment `production` (https://api.example.com:443) is protected``.
  var phrase: String { "the environment `\(selected.name)` (\(service)) is protected" }

  /// Asks the person at the terminal whether to `action`, such as ``run `onboard` ``.
  ///
  /// Throws with status 2 without a terminal, unless `--yes` is given, and with status 4 when the person
  /// does not say yes.
  func confirm(_ action: String, _ options: ConfirmationOptions) throws {
    guard !options.yes else { return }
    guard TerminalPrompt.isPossible else {
      throw CommandFailure(
        .invalid, "\(phrase), and there is no terminal to ask whether to \(action)",
        hint: "nothing was sent; `--yes` goes on without a question")
    }
    StandardStream.error.write("privirun: \(phrase)\n")
    guard TerminalPrompt.confirms("\(action)?") else {
      throw CommandFailure(.cancelled, "nothing was sent")
    }
  }
}
