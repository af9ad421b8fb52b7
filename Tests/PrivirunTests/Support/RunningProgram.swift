import Dispatch
import Foundation
import Glibc
import Synchronization

/// A process in progress.
///
/// Nobody waits for it on a thread of the cooperative pool: what it writes comes by Dispatch I/O, and
/// its end is awaited by a thread of its own. It is killed when it hangs (after a quarter of an hour), and
/// when nobody holds it any more.
final class RunningProgram: Sendable {
  /// What it writes on standard output, line by line as it comes, each with its newline.
  let lines: AsyncStream<String>
  private let errorLines: AsyncStream<String>
  private let exits: AsyncStream<Int32>
  private let child: ChildProcess

  /// Starts `words`, the program first, in `folder`.
  init(
    _ words: [String], in folder: String, environment: [String: String] = [:]
  ) throws {
    let output = try OutputPipe()
    let errors = try OutputPipe()
    let (exits, exited) = AsyncStream.makeStream(of: Int32.self)
    child = try ChildProcess(
      ["/usr/bin/env", "-C", folder] + words,
      environment: Self.environment(adding: environment), output: output, errors: errors
    ) { status in
      exited.yield(status)
      exited.finish()
    }
    self.exits = exits
    lines = output.lines()
    errorLines = errors.lines()
    DispatchQueue.global().asyncAfter(deadline: .now() + 900) { [weak child] in
      child?.signal(SIGKILL)
    }
  }

  deinit { child.signal(SIGKILL) }

  /// Interrupts it as Ctrl-C does.
  func interrupt() { child.signal(SIGINT) }

  /// Sends it the signal `number`.
  func signal(_ number: Int32) { child.signal(number) }

  /// Kills it as a power cut would.
  func kill() { child.signal(SIGKILL) }

  /// Waits for a line with `words`; whatever came before it is taken.
  func line(with words: String) async -> String? {
    for await line in lines where line.contains(words) { return line }
    return nil
  }

  /// Waits for a line with `words` on standard error; whatever came before it is taken.
  func errorLine(with words: String) async -> String? {
    for await line in errorLines where line.contains(words) { return line }
    return nil
  }

  /// Waits for the end; `output` holds the lines that nobody has taken before.
  func ended() async -> Ended {
    async let errors = errorLines.reduce("", +)
    let output = await lines.reduce("", +)
    var status: Int32 = .min
    for await exit in exits { status = exit }
    return Ended(status: status, output: output, errors: await errors)
  }

  /// What the tests were started with, but for what would lead the program elsewhere.
  private static func environment(adding more: [String: String]) -> [String: String] {
    let inherited = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("PRIVICORE_") && !["NO_COLOR", "PRIVIRUN_ENVIRONMENT"].contains($0.key)
    }
    return inherited.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(more) { $1 }
  }
}
