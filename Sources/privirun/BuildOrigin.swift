import CBuildOrigin
import Events

/// What this program was built from; a build without `packaging/build-origin` knows nothing of it.
struct BuildOrigin {
  /// A library that is part of the program, or that it is linked with.
  struct Library {
    let name: String
    let version: String
  }

  let commit: String?
  /// Whether files differed from the commit.
  let isModified: Bool
  let swift: String?
  let target: String?
  let libraries: [Library]

  /// The origin that was put in when the program was linked.
  static let recorded = BuildOrigin()

  private init() {
    let origin = build_origin().pointee
    commit = origin.commit.map { String(cString: $0) }
    isModified = origin.is_modified
    swift = origin.swift.map { String(cString: $0) }
    target = origin.target.map { String(cString: $0) }
    let recorded = UnsafeBufferPointer(start: origin.libraries, count: origin.library_count)
    libraries = recorded.map {
      Library(name: String(cString: $0.name), version: String(cString: $0.version))
    }
  }

  /// Lines for people; ends in a newline.
  var text: String {
    let commit = (commit ?? "unknown") + (isModified ? ", modified" : "")
    let width = libraries.map(\.name.count).max() ?? 0
    let lines =
      [
        "privirun \(Version.text)", "commit  \(commit)", "swift   \(swift ?? "unknown")",
        "target  \(target ?? "unknown")",
      ]
      + libraries.map { library in
        let gap = String(repeating: " ", count: width - library.name.count)
        return "  \(library.name)\(gap)  \(library.version)"
      }
    return lines.map { $0 + "\n" }.joined()
  }

  /// One line of JSON (`schemas/version.schema.json`).
  var json: String {
    let libraries = libraries.map { library in
      EncodedJSON.object(["name": .text(library.name), "version": .text(library.version)])
    }
    return EncodedJSON.object([
      "version": .count(EncodedEvent.version), "program": .text(Version.text),
      "commit": commit.map(EncodedJSON.text), "modified": commit == nil ? nil : .bool(isModified),
      "swift": swift.map(EncodedJSON.text), "target": target.map(EncodedJSON.text),
      "libraries": .list(libraries),
    ]).line + "\n"
  }
}
