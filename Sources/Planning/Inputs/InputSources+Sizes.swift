import Synchronization

/// The sizes of the files that inputs of played playbooks have by default, as a run found them.
package final class SizeRecording: Sendable {
  private let state = Mutex<[String: Int]>([:])

  /// No sizes yet.
  package init() {}

  /// The sizes in bytes, by path.
  package var sizes: [String: Int] { state.withLock { $0 } }

  fileprivate func note(_ size: Int, of path: String) { state.withLock { $0[path] = size } }
}

extension InputSources {
  /// The same sources, whose sizes are noted in `recording`.
  package func recordingSizes(in recording: SizeRecording) -> InputSources {
    var sources = self
    sources.size = { path throws(FileFlaw) in
      let size = try self.size(path)
      recording.note(size, of: path)
      return size
    }
    return sources
  }

  /// Sources that know these sizes and nothing else.
  package static func recorded(sizes: [String: Int]) -> InputSources {
    InputSources(
      environment: { _ in nil },
      size: { path throws(FileFlaw) in
        guard let size = sizes[path] else { throw .missing }
        return size
      },
      read: { _, _ throws(FileFlaw) in throw .missing })
  }
}
