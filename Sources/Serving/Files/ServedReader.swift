import Diagnostics
import Files
import Playbooks

/// Reads single rollout files.
struct ServedReader: Sendable {
  /// Bytes of a rollout file.
  static let mostBytes = 1 << 20
  /// How many diagnostics of a file are reported.
  private static let mostMessages = 20

  private let environment: ServedEnvironment

  init(_ environment: ServedEnvironment) {
    self.environment = environment
  }

  /// What the file at `path` says, unless it is other than in `listing` by now.
  func reading(_ path: String, _ listing: ServedListing) -> ServedReading {
    do throws(FileError) {
      let bytes = try environment.read(path, Self.mostBytes)
      guard try environment.look(path) == listing.files[path]?.sight else { return .unstable }
      guard let bytes else { return .flawed(["it has more than 1 MiB"], .scheduled) }
      // Of a file that was cut to nothing, which may happen on a full disk, more is expected.
      guard !bytes.isEmpty else { return .flawed(["it is empty"], .scheduled) }
      return reading(bytes, path)
    } catch {
      return .unreadable(error.message)
    }
  }

  private func reading(_ bytes: [UInt8], _ path: String) -> ServedReading {
    do {
      return .rollout(try environment.define(bytes, path))
    } catch let error as InvalidInput {
      return .flawed(Self.messages(of: error.diagnostics), Self.kind(of: bytes, path))
    } catch {
      return .flawed(["internal error: \(error)"], .scheduled)
    }
  }

  /// The warnings of `diagnostics`, as the errors are reported.
  static func warnings(of diagnostics: [Diagnostic]) -> [String] {
    messages(of: diagnostics, .warning)
  }

  /// The diagnostics of that severity, each with its line and column, and what to do next.
  private static func messages(
    of diagnostics: [Diagnostic], _ severity: Diagnostic.Severity = .error
  ) -> [String] {
    let chosen = diagnostics.filter { $0.severity == severity }
    let messages = chosen.prefix(mostMessages).map { diagnostic in
      let place = diagnostic.location.map { "\($0.line):\($0.column): " } ?? ""
      return place + diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? "")
    }
    let more = chosen.count - messages.count
    return more > 0 ? messages + ["and \(more) more \(severity)s"] : messages
  }

  /// Whether a file with mistakes is meant to have a schedule.
  private static func kind(of bytes: [UInt8], _ path: String) -> ServedReading.FileKind {
    let wanted = ["rollout", "schedule"]
    let yaml = YAMLReading(of: bytes, file: path, limits: .playbook)
    guard case .mapping(let entries)? = yaml.node?.content else {
      // What YAML cannot make out may still show its keys.
      let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      let hasAll = wanted.allSatisfy { key in lines.contains { $0.hasPrefix("\(key):") } }
      return hasAll ? .scheduled : .other
    }
    let keys = Set(entries.map(\.key))
    return keys.isSuperset(of: wanted) ? .scheduled : .other
  }
}
