package import Expressions
import Files

/// A file on this machine, as expressions see it.
package struct LocalFile: Sendable, Hashable {
  /// The path that later steps use to open the file.
  package var path: String
  /// In bytes.
  package var size: Int

  /// A file of `size` bytes at `path`; whether it exists is not checked.
  package init(path: String, size: Int) {
    self.path = path
    self.size = size
  }

  /// What an input of type file is: `path`, `name`, `extension` (without its dot) and `size`.
  package var value: Value { Self.value(path: path, size: .int(Int64(size))) }

  /// The same of a file whose `size` may be unknown.
  package static func value(path: String, size: Value) -> Value {
    [
      "path": .string(path),
      "name": .string(UserPath.name(of: path)),
      "extension": .string(UserPath.fileExtension(of: path)),
      "size": size,
    ]
  }

  /// The path of a file that an author gave as an input of type file or as a path.
  package static func path(of value: Value?) -> String? {
    guard let value = value?.revealed else { return nil }
    return value[field: "path"]?.text ?? value.text
  }
}
