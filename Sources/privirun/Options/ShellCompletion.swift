import ArgumentParser
import Diagnostics
import Environments
import Events
import FoundationEssentials
import Glibc
import Journaling
import Operations
import OrderedCollections
import Playbooks
import Reporting
import Scaffolds

/// Values that a shell offers while a command is typed.
///
/// Whatever is wrong with a file offers nothing, and nothing is written, not even beside a journal.
enum ShellCompletion {
  /// The longest time that a shell waits, in seconds.
  private static let patience: UInt32 = 2

  /// The most runs and rollouts that are offered.
  private static let mostRuns = 100

  /// Whether the program was started by a shell that completes a line.
  static func isRequested(by arguments: [String]) -> Bool { arguments.first == "---completion" }

  /// Prints what is offered and ends the process, without a word about anything that is wrong.
  ///
  /// One that takes too long, such as on a file system that hangs, offers nothing.
  static func answer(_ arguments: [String]) -> Never {
    signal(SIGALRM) { _ in _exit(0) }
    alarm(patience)
    do {
      _ = try Privirun.parseAsRoot(arguments)
    } catch let answer where Privirun.exitCode(for: answer) == .success {
      let offered = Privirun.fullMessage(for: answer).split(separator: "\n").filter(isPlain)
      StandardStream.output.write("\(offered.joined(separator: "\n"))\n")
      StandardStream.output.flush(within: .seconds(1))
    } catch {
      // The script of another version asks for what this one does not have.
    }
    exit(0)
  }

  /// Whether no shell takes any of it for more than text: names in files may be written to be run.
  private static func isPlain(_ candidate: Substring) -> Bool {
    candidate.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "-", "_", ".", "/", ":", "=", "@", "%", "+", ",", " ": true
      case _: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      }
    }
  }
}

/// What the journal holds.
extension ShellCompletion {
  /// The ids of the runs in the journal, newest first, and `latest`.
  ///
  /// `words` are those of the command line; `--journal FILE` or `--journal=FILE` among them counts, and
  /// otherwise the environment.
  @Sendable static func runs(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    ["latest"] + ((try? journal(words)?.runs(limit: mostRuns)) ?? []).map(\.run.text)
  }

  /// The ids of the rollouts in the journal, newest first, and `latest`.
  @Sendable static func rollouts(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    ["latest"] + ((try? journal(words)?.rollouts(limit: mostRuns)) ?? []).map(\.rollout.text)
  }

  /// The runs and the rollouts in the journal.
  @Sendable static func runsAndRollouts(
    _ words: [String], _ index: Int, _ prefix: String
  ) -> [String] {
    runs(words, index, prefix) + rollouts(words, index, prefix).dropFirst()
  }

  /// The names of the schedules in the journal.
  @Sendable static func schedules(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    ((try? journal(words)?.schedules()) ?? []).map(\.name)
  }

  private static func journal(_ words: [String]) -> JournalReader? {
    let words = TypedWords(words)
    let path =
      words.value(of: "--journal") ?? environmentJournal(words) ?? JournalSettings.defaultPath
    guard let path = try? CommandPath.expand(path) else { return nil }
    return try? JournalReader.glance(at: path)
  }

  private static func environmentJournal(_ words: TypedWords) -> String? {
    guard !words.has("--no-environment"), let file = environmentsFile else { return nil }
    let variable = ProcessInfo.processInfo.environment[EnvironmentOptions.variable]
    let name =
      words.value(of: "--environment") ?? variable.flatMap { $0.isEmpty ? nil : $0 }
      ?? file.defaultName
    return file.environments.first { $0.name == name }?.journal
  }
}

/// What files declare.
extension ShellCompletion {
  /// The names of the environments.
  @Sendable static func environments(
    _ words: [String], _ index: Int, _ prefix: String
  ) -> [String] {
    environmentsFile?.environments.map(\.name) ?? []
  }

  /// The file of the project, without a word about what is wrong with it.
  private static var environmentsFile: EnvironmentsFile? {
    let home = ProcessInfo.processInfo.environment["HOME"]
    guard let path = try? EnvironmentsSearch(home: home).path(),
      let bytes = try? EnvironmentsFile.bytes(at: path)
    else { return nil }
    return try? EnvironmentsFile(parsing: bytes, path: path, checking: { _, _ in nil })
  }

  /// The inputs, as `name=`, of the playbook or rollout file on the line that are not given yet.
  @Sendable static func inputs(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let words = TypedWords(words)
    let files = words.arguments.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    for file in files.prefix(mostFiles) {
      guard let path = try? CommandPath.expand(file), let inputs = DeclaredInputs(at: path) else {
        continue
      }
      return open(inputs.names, words.names(of: "--input"))
    }
    return []
  }

  /// So many files on the line are looked at.
  private static let mostFiles = 4

  private static func open(_ names: [String], _ given: Set<String>) -> [String] {
    names.filter { !given.contains($0) }.map { "\($0)=" }
  }
}

/// What the program and the description of the API hold.
extension ShellCompletion {
  /// The names and numbers of errors and warnings.
  @Sendable static func diagnostics(
    _ words: [String], _ index: Int, _ prefix: String
  ) -> [String] {
    DiagnosticCode.allCases.map(\.number).sorted() + DiagnosticCode.allCases.map(\.rawValue)
  }

  /// The ids of the operations, of what goes over the WebSocket, and of the local actions.
  @Sendable static func operations(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    guard let api = description(words) else { return [] }
    let ids = Array(api.operations.keys) + Array(api.socketEntries.keys)
    return (ids + LocalAction.allCases.map(\.rawValue)).sorted()
  }

  /// The ids of everything that can be called.
  @Sendable static func callables(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    description(words).map { Callable.names(in: $0).sorted() } ?? []
  }

  /// The fields, as `name=`, of the operation on the line that are not given yet.
  @Sendable static func fields(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    guard let api = description(words) else { return [] }
    let words = TypedWords(words)
    let callable = words.arguments.lazy.compactMap { Callable($0, in: api) }.first
    return open(callable.map { Array($0.fields.keys) } ?? [], words.names(of: "--with"))
  }

  private static func description(_ words: [String]) -> APIDescription? {
    guard let file = TypedWords(words).value(of: "--api") else {
      return try? APIDescription.embedded()
    }
    guard let path = try? CommandPath.expand(file),
      let bytes = try? PlaybookFiles.disk.read(path, descriptionLimit)
    else { return nil }
    return try? APIDescription(parsing: bytes, file: path)
  }

  /// The largest description that is read, in bytes.
  private static let descriptionLimit = 16 << 20
}
