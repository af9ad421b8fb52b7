/// Which files are certainly of privirun, so that others in the same folder are left alone.
package enum FileKind {
  private static let versions = ["playbook", "rollout", "privirun"]

  /// Whether a line of the file gives the version of a playbook, a rollout file or a `privirun.yaml`.
  ///
  /// Also true of a file with errors, which are to be reported.
  package static func isOwn(_ bytes: [UInt8]) -> Bool { isMarked(bytes, versions) }

  /// Whether a line of the file gives the version of a playbook.
  package static func isPlaybook(_ bytes: [UInt8]) -> Bool { isMarked(bytes, ["playbook"]) }

  private static func isMarked(_ bytes: [UInt8], _ versions: [String]) -> Bool {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    return body.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).contains { line in
      versions.contains { version in
        guard line.starts(with: "\(version):".utf8) else { return false }
        let value = line.dropFirst(version.utf8.count + 1).drop { $0 == 0x20 }
        return value.first.map { (0x30...0x39).contains($0) } ?? false
      }
    }
  }
}
