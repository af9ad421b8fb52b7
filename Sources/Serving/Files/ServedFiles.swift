import Diagnostics
import Files
import Glibc
import NIOPosix

/// The rollout files that a daemon serves: those of some paths, each as it was when it was last good.
package actor ServedFiles {
  private var lister: ServedLister
  private let reader: ServedReader
  private var index = ServedIndex()

  /// The files of `paths`, from the root: folders, whose `*.yaml` and `*.yml` count, and files.
  package init(_ paths: [String], environment: ServedEnvironment) {
    lister = ServedLister(paths, environment)
    reader = ServedReader(environment)
  }

  /// Looks at all files, reads those that changed, and returns what is served and what changed.
  ///
  /// One scan ends before the next one begins. Files are read on a thread that may block.
  package func scan(_ patience: ScanPatience) async -> ServedScan {
    let (before, reader) = (lister, reader)
    let listed = try? await NIOThreadPool.singleton.runIfActive {
      var lister = before
      let listing = lister.listing()
      return (lister, listing)
    }
    guard let (lister, listing) = listed else { return ServedScan() }
    self.lister = lister
    let wanted = index.apply(listing, patience)
    guard !wanted.isEmpty else { return index.apply([:]) }
    let readings = try? await NIOThreadPool.singleton.runIfActive {
      Dictionary(uniqueKeysWithValues: wanted.map { ($0, reader.reading($0, listing)) })
    }
    return index.apply(readings ?? [:])
  }
}

/// When a file that changed is read.
package enum ScanPatience: Sendable, Hashable {
  /// Once it was the same for one scan: it may be written just now.
  case settled
  /// At once, and so are those that did not change: at the start, and when a person asks for it.
  case immediate
}
