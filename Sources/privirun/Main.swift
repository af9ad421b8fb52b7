import ArgumentParser
import Diagnostics
import Glibc

/// The program: parses the command line, runs the command, and exits with its status.
@main
enum Main {
  static func main() async {
    StandardStream.openMissing()
    // A reader that goes away (`| head`), or a file that must not grow, is an error and no end.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    if ShellCompletion.isRequested(by: arguments) { ShellCompletion.answer(arguments) }
    exit(complete(await status(of: arguments)).rawValue)
  }

  /// Reports lost output; it decides the exit code only when nothing else went wrong.
  private static func complete(_ status: ExitStatus) -> ExitStatus {
    for stream in StandardStream.allCases { stream.flush(within: .seconds(10)) }
    guard let reason = StandardStream.output.loss else { return status }
    StandardStream.error.write(
      "privirun: standard output could not be written: \(reason)\n"
        + "  hint: the journal holds the whole record of a run: `privirun show latest`\n")
    return status == .succeeded ? .unwritten : status
  }

  private static func status(of arguments: [String]) async -> ExitStatus {
    do {
      try ResourceLimit.check([.stack, .addressSpace])
      if let first = arguments.first { try refuseUnknownCommand(first) }
      let isWanted = Preparation.begin(for: arguments)
      async let _: Void = Preparation.make(isWanted)
      var command = try Privirun.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .succeeded
    } catch let failure as CommandFailure {
      StandardStream.error.write(failure.message)
      return failure.status
    } catch let input as InvalidInput {
      let text = DiagnosticRenderer(texts: SourceTexts()).render(input.diagnostics)
      StandardStream.error.write("\(text)\n")
      return .invalid
    } catch let ending as CommandEnding {
      return ending.status
    } catch {
      return report(error)
    }
  }

  /// The parser would call it an unexpected argument and suggest nothing.
  private static func refuseUnknownCommand(_ name: String) throws(CommandFailure) {
    let names = Privirun.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !name.hasPrefix("-"), name != "help", !names.contains(name) else { return }
    throw CommandFailure(
      .invalid, "there is no command `\(name)`",
      hint: didYouMean(name, among: names) ?? "`privirun --help` lists them")
  }

  /// Help and version are errors to the parser but not to the user.
  private static func report(_ error: any Error) -> ExitStatus {
    let text = Privirun.fullMessage(for: error)
    switch Privirun.exitCode(for: error) {
    case .success:
      StandardStream.output.write(text.isEmpty ? "" : "\(text)\n")
      return .succeeded
    case .validationFailure:
      StandardStream.error.write("\(text)\n")
      return .invalid
    default:
      StandardStream.error.write(
        "privirun: internal error: \(type(of: error))\n")
      return .fault
    }
  }
}
