import SystemPackage

/// The file that a write would replace.
package struct ReplacedFile: Sendable, Hashable {
  /// Bytes of the file.
  package let size: Int
  /// Whether other users can read or change it, and can no longer once it is replaced.
  package let isNarrowed: Bool

  /// A file of `size` bytes.
  package init(size: Int, isNarrowed: Bool = false) {
    self.size = size
    self.isNarrowed = isNarrowed
  }

  /// Looks at the file that a write to `path` would replace, behind symbolic links; nil when none is there.
  ///
  /// Throws, as `AtomicFile` does, when what is there must not be replaced.
  package init?(at path: String, for protection: FileProtection) throws(FileError) {
    let target = try WriteTarget(path, protection)
    guard let replaced = target.replaced else { return nil }
    self.init(size: Int(replaced.size), isNarrowed: target.isNarrowed(by: protection))
  }
}

extension WriteTarget {
  /// Whether others can use the file that is there, and cannot use what is written with `protection`.
  func isNarrowed(by protection: FileProtection) -> Bool {
    let earlier = replaced?.permissions ?? []
    return protection == .secret && !earlier.isDisjoint(with: .others)
  }
}
