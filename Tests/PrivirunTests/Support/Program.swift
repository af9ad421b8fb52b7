import Foundation

/// How a process ended and what it wrote.
struct Ended: Hashable {
  /// The exit code, or the number of the signal that killed it, negated.
  var status: Int32
  var output = ""
  var errors = ""
}

/// The built program as its users start it.
enum Program {
  /// Beside the test bundle.
  static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(component: "privirun").path

  /// Runs it in `folder` to its end.
  static func run(
    _ arguments: String..., in folder: String, environment: [String: String] = [:]
  ) async throws -> Ended {
    try await run(arguments, in: folder, environment: environment)
  }

  /// Runs it in `folder` to its end.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) async throws -> Ended {
    try await start(arguments, in: folder, environment: environment).ended()
  }

  /// Starts it and leaves it running.
  static func start(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram([path] + arguments, in: folder, environment: environment)
  }

  /// Runs a shell's words, in which `$0` is the program.
  static func shell(_ words: String, in folder: String) async throws -> Ended {
    try await RunningProgram(["/bin/bash", "-c", words, path], in: folder).ended()
  }
}
