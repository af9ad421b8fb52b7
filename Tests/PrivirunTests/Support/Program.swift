import Foundation

/// How a process ended and what it wrote.
struct Ended: Hashable {
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
    try await RunningProgram(path, arguments, in: folder, environment: environment).ended()
  }

  /// Starts it and leaves it running.
  static func start(
    _ arguments: String..., in folder: String, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(path, arguments, in: folder, environment: environment)
  }

  /// Runs a shell's words, in which `$0` is the program.
  static func shell(_ words: String, in folder: String) async throws -> Ended {
    try await RunningProgram("/bin/bash", ["-c", words, path], in: folder).ended()
  }
}

/// A process under way.
///
/// It is killed when it takes longer than two minutes.
final class RunningProgram: Sendable {
  /// What it writes on standard output, line by line as it comes.
  let lines: AsyncStream<String>
  private let process: Process
  private let exits: AsyncStream<Int32>
  private let errorFile: String

  init(
    _ program: String, _ arguments: [String], in folder: String,
    environment: [String: String] = [:]
  ) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["--foreground", "-s", "KILL", "120", program] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    let inherited = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("PRIVICORE_") && $0.key != "NO_COLOR"
    }
    process.environment = inherited.merging(
      environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { given, _ in given }
    ) { $1 }
    process.standardInput = FileHandle.nullDevice

    errorFile = URL(filePath: folder).appending(component: ".errors-\(UUID().uuidString)").path
    _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    let output = Pipe()
    process.standardOutput = output
    lines = Self.lines(of: output.fileHandleForReading)

    let (exits, exited) = AsyncStream.makeStream(of: Int32.self)
    self.exits = exits
    process.terminationHandler = { process in
      exited.yield(process.terminationStatus)
      exited.finish()
    }
    self.process = process
    try process.run()
  }

  /// Interrupts it as Ctrl-C does.
  func interrupt() {
    process.interrupt()
  }

  /// Waits for the end; `output` holds the lines that nobody has taken before.
  func ended() async throws -> Ended {
    var output = ""
    for await line in lines { output += line + "\n" }
    var status: Int32 = -1
    for await exit in exits { status = exit }
    let errors = try String(contentsOfFile: errorFile, encoding: .utf8)
    return Ended(status: status, output: output, errors: errors)
  }

  private static func lines(of handle: FileHandle) -> AsyncStream<String> {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    let buffer = LineBuffer(continuation)
    handle.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      buffer.take(data)
    }
    return lines
  }
}
