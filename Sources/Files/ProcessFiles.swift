import SystemPackage

/// The files that processes of this machine have open.
package enum ProcessFiles {
  /// Whether `process` has the file at `path` open, as far as this one may see.
  package static func hasOpen(_ path: String, in process: Int32) -> Bool {
    let folder = "/proc/\(process)/fd"
    guard let file = try? Stat(path).identity, let names = try? SystemCall.names(in: folder) else {
      return false
    }
    return names.contains { (try? Stat("\(folder)/\($0)"))?.identity == file }
  }
}
