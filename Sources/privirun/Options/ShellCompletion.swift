import Diagnostics
import Environments
import Events
import FoundationEssentials
import Journaling
import Operations
import OrderedCollections

/// Values that a shell offers while a command is typed.
enum ShellCompletion {
  /// The ids of the runs in the journal, newest first, and `latest`.
  ///
  /// `words` are those of the command line; `--journal FILE` or `--journal=FILE` among them counts, and
  /// otherwise the environment.
  @Sendable static func runs(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let path = value(of: "--journal", in: words) ?? environmentJournal(words)
    let reader = try? JournalReader.open(at: path ?? JournalSettings.defaultPath)
    return ["latest"] + ((try? reader?.runs(limit: 100)) ?? []).map(\.run.text)
  }

  /// The ids of the rollouts in the journal, newest first, and `latest`.
  @Sendable static func rollouts(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let path = value(of: "--journal", in: words) ?? environmentJournal(words)
    let reader = try? JournalReader.open(at: path ?? JournalSettings.defaultPath)
    return ["latest"] + ((try? reader?.rollouts(limit: 100)) ?? []).map(\.rollout.text)
  }

  /// The names of the schedules in the journal.
  @Sendable static func schedules(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let path = value(of: "--journal", in: words) ?? environmentJournal(words)
    let reader = try? JournalReader.open(at: path ?? JournalSettings.defaultPath)
    return ((try? reader?.schedules()) ?? []).map(\.name)
  }

  /// The names and numbers of errors and warnings.
  @Sendable static func diagnostics(
    _ words: [String], _ index: Int, _ prefix: String
  ) -> [String] {
    DiagnosticCode.allCases.map(\.number).sorted() + DiagnosticCode.allCases.map(\.rawValue)
  }

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

  private static func environmentJournal(_ words: [String]) -> String? {
    guard !words.contains("--no-environment"), let file = environmentsFile else { return nil }
    let variable = ProcessInfo.processInfo.environment[EnvironmentOptions.variable]
    let name =
      value(of: "--environment", in: words) ?? variable.flatMap { $0.isEmpty ? nil : $0 }
      ?? file.defaultName
    return file.environments.first { $0.name == name }?.journal
  }

  /// What follows `option` among `words`, behind a blank or an equals sign.
  private static func value(of option: String, in words: [String]) -> String? {
    if let joined = words.first(where: { $0.hasPrefix("\(option)=") }) {
      return String(joined.dropFirst(option.count + 1))
    }
    guard let index = words.firstIndex(of: option), words.indices.contains(index + 1) else {
      return nil
    }
    return words[index + 1]
  }

  /// The ids of the operations and local actions.
  @Sendable static func operations(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let ids = (try? APIDescription.embedded())?.operations.keys.sorted() ?? []
    return ids + LocalAction.allCases.map(\.rawValue)
  }
}
