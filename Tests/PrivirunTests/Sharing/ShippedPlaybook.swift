import ArgumentParser
import Expressions
import Foundation
import OrderedCollections
import Planning
import Playbooks
import Testing

@testable import privirun

/// A shipped workflow, with tenants whose inputs it takes.
struct ShippedPlaybook: Sendable, CustomTestStringConvertible {
  let path: String

  var testDescription: String { String(path.dropFirst(PackageFiles.workflows.count + 1)) }

  /// All of them, those that only other ones play left out.
  static let all = ["", "examples/"].flatMap { part in
    let folder = "\(PackageFiles.workflows)/\(part)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map {
      ShippedPlaybook(path: folder + $0)
    }
  }

  /// A table of twelve tenants, half of which differ in nothing but strings.
  func tenants() throws -> String {
    let (api, _) = try DescriptionOptions.parse([]).loadWithText()
    let (checked, _, _) = try PlaybookChecking(api: api, report: { _, _ in }).loadRecorded(path)
    let inputs = checked.planned.inputs.filter { $0.key != "name" }
    let rows = (0..<12).map { number in
      let cells = inputs.map { Self.cell(of: $0.value.schema, number) }
      return (["tenant-\(number)"] + cells)
        .map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\"" }.joined(separator: ",")
    }
    let header = (["name"] + inputs.map(\.key)).joined(separator: ",")
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  private static func cell(of schema: ValueSchema, _ number: Int) -> String {
    if let first = schema.allowed.first { return first.plainText ?? "" }
    switch schema.type {
    case .string where schema.pattern?.contains("Fa-f") ?? false: return "3142050\(number % 2)"
    case .string: return "text-\(number)"
    case .secret: return "env:SHARED"
    case .integer: return "\(60 + number % 2)"
    case .number: return "1.5"
    case .boolean: return number % 2 == 0 ? "true" : "false"
    case .list(.string): return "[\"a\",\"b\(number % 2)\"]"
    case .bytes, .file, .any, .list, .map, .record: return ""
    }
  }
}
