import Foundation
import Testing

/// A tenant is made, and then a shipped playbook is played for it, once or more often.
struct Story: Sendable, CustomTestStringConvertible {
  /// The playbook in `workflows/` that it is about, without the ending.
  let workflow: String
  /// How many effects an operation has in all of it, the making of the tenant counted in.
  var effects: [String: Int] = [:]

  private static let folder =
    "/" + "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/") + "/Stories"

  var testDescription: String { workflow }

  /// The whole of it as a playbook that stands in `workflows/`.
  var text: String {
    get throws {
      try String(contentsOfFile: "\(Self.folder)/\(workflow).yaml", encoding: .utf8)
    }
  }

  /// The workflows that there are stories of.
  static var written: Set<String> {
    get throws {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: folder)
          .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) })
    }
  }
}
