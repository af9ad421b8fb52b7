import Events
import Journaling
import Operations
import OrderedCollections

/// Values that a shell offers while a command is typed.
enum ShellCompletion {
  /// The ids of the runs in the journal, newest first, and `latest`.
  ///
  /// `words` are those of the command line; `--journal FILE` or `--journal=FILE` among them counts.
  @Sendable static func runs(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let option = words.firstIndex(of: "--journal").map { $0 + 1 }
    let joined = words.first { $0.hasPrefix("--journal=") }.map { String($0.dropFirst(10)) }
    let path = joined ?? option.flatMap { words.indices.contains($0) ? words[$0] : nil }
    let reader = try? JournalReader.open(at: path ?? JournalOptions.defaultPath)
    return ["latest"] + ((try? reader?.runs(limit: 100)) ?? []).map(\.run.text)
  }

  /// The ids of the operations and local actions.
  @Sendable static func operations(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    let ids = (try? APIDescription.embedded())?.operations.keys.sorted() ?? []
    return ids + LocalAction.allCases.map(\.rawValue)
  }
}
