package import Expressions
import Synchronization

/// Everything that was read to load a playbook, to load the same one again.
///
///     let recording = FileRecording(of: .disk)
///     let loaded = try PlaybookLoader(files: recording.files).load(path, texts: &texts)
///     let again = try PlaybookLoader(files: recording.recorded.files).load(path, texts: &texts)
package struct RecordedFiles: Sendable, Hashable {
  /// What the paths that were looked for resolved to.
  package private(set) var paths: [String: String] = [:]
  /// The bytes of the files that were read, by resolved path.
  package private(set) var contents: [String: [UInt8]] = [:]

  fileprivate init() {}

  fileprivate mutating func note(_ path: String, resolvedTo resolved: String) {
    paths[path] = resolved
  }

  fileprivate mutating func note(_ bytes: [UInt8], of path: String) { contents[path] = bytes }

  /// The files as they were; all others are missing.
  package var files: PlaybookFiles {
    let recorded = self
    return PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        guard let resolved = recorded.paths[path] else { throw .missing }
        return resolved
      },
      read: { path, limit throws(PlaybookFiles.Problem) in
        guard let bytes = recorded.contents[path] else { throw .missing }
        guard bytes.count <= limit else { throw .tooLarge }
        return bytes
      },
      names: { _ in nil })
  }
}

/// What changed since.
extension RecordedFiles {
  /// The paths of files that are not what they were, or cannot be read any more, in order; what never was
  /// a file is none of them.
  package func changed(from current: PlaybookFiles) -> [String] {
    // Other files may have such a name; what was piped or typed is looked for by nothing else.
    let unsaved = [PlaybookFiles.streamName, PlaybookFiles.callName].compactMap { paths[$0] }
    return contents.filter { path, bytes in
      !unsaved.contains(path) && (try? current.read(path, bytes.count)) != bytes
    }.map(\.key).sorted()
  }
}

/// As a value, for whoever stores it.
extension RecordedFiles {
  /// Two maps of strings: `paths`, and `contents`, which is UTF-8 as all playbooks are.
  package var value: Value {
    var (paths, contents) = (ValueMap(), ValueMap())
    for (path, resolved) in self.paths.sorted(by: { $0.key < $1.key }) {
      paths[path] = .string(resolved)
    }
    for (path, bytes) in self.contents.sorted(by: { $0.key < $1.key }) {
      contents[path] = .string(String(decoding: bytes, as: UTF8.self))
    }
    return ["paths": .map(paths), "contents": .map(contents)]
  }

  /// Reads back `value`; nil for anything else.
  package init?(_ value: Value) {
    guard case .map(let map) = value, case .map(let paths)? = map["paths"],
      case .map(let contents)? = map["contents"]
    else { return nil }
    for name in paths.names {
      guard let resolved = paths[name]?.text else { return nil }
      self.paths[name] = resolved
    }
    for name in contents.names {
      guard let text = contents[name]?.text else { return nil }
      self.contents[name] = Array(text.utf8)
    }
  }
}

/// Records what is read through it.
package final class FileRecording: Sendable {
  private let original: PlaybookFiles
  private let state = Mutex(RecordedFiles())

  /// A recording of what is read of `files`.
  package init(of files: PlaybookFiles) {
    original = files
  }

  /// What was read so far.
  package var recorded: RecordedFiles { state.withLock { $0 } }

  /// The files, recorded.
  package var files: PlaybookFiles {
    PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        let resolved = try self.original.resolve(path)
        self.state.withLock { $0.note(path, resolvedTo: resolved) }
        return resolved
      },
      read: { path, limit throws(PlaybookFiles.Problem) in
        let bytes = try self.original.read(path, limit)
        self.state.withLock { $0.note(bytes, of: path) }
        return bytes
      },
      names: original.names)
  }
}
