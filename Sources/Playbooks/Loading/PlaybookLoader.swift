package import Diagnostics

/// Reads a playbook file and all that it plays.
package struct PlaybookLoader: Sendable {
  /// How much is loaded.
  package struct Limits: Sendable, Hashable {
    /// The most playbooks that can be inside one another, the first one counted.
    package var depth: Int
    /// The most files.
    package var files: Int

    /// The limits of a run unless others are given: 32 playbooks deep, 256 files.
    package init(depth: Int = 32, files: Int = 256) {
      self.depth = depth
      self.files = files
    }
  }

  private let files: PlaybookFiles
  private let limits: Limits

  /// A loader that reads through `files`; what exceeds `limits` becomes a diagnostic.
  package init(files: PlaybookFiles = .disk, limits: Limits = Limits()) {
    self.files = files
    self.limits = limits
  }

  /// Loads the playbook at `path` and every one it can reach, as far as they can be read.
  ///
  /// Throws when there is no such file; all other diagnostics of all files are among what was loaded.
  /// Every text that was read is left in `texts`, so that diagnostics can be quoted.
  package func load(
    _ path: String, texts: inout SourceTexts
  ) throws(InvalidInput) -> LoadedPlaybooks {
    var loading = try PlaybookLoading(root: path, files: files, limits: limits)
    loading.load()
    texts.merge(loading.texts)
    return loading.loaded
  }
}
