import Diagnostics
import Foundation
import Reporting
import Testing

/// The examples of `docs/diagnostics.md`, as the program checks them.
@Suite("The pages of diagnostics", .timeLimit(.minutes(10)))
struct DocumentedDiagnosticTests {
  static let manual = DiagnosticManual.embedded

  /// The rules that no example shows, with the tests that do.
  ///
  /// Two have none: a million tenants take too long to read, and libcrypto does not fail on demand.
  static let withoutExample: [String: [DiagnosticCode]] = [
    "PlaybooksTests": [
      .unreadableFile, .fileTooLarge, .notUTF8, .nulByte, .controlCharacter, .lineSeparator,
      .tooDeep, .tooManyNodes, .tooManyDiagnostics, .playTooDeep, .tooManyFiles,
    ],
    "PlanningTests, ExpressionsTests": [
      .tooManySteps, .expressionTooLong, .expressionTooDeep,
    ],
    "PlanningTests, TenantsTests": [
      .emptySecret, .oddSecret, .unsetVariable, .commandFailed, .duplicateInput,
    ],
    "PlanningTests": [.mistypedSecret, .unhandledRefusal, .notUndone],
    "TenantsTests": [.cellTooLong, .rowTooLong, .tooManyCells, .malformedTenants],
    "NetworkingTests": [.invalidProxy, .unreadableCertificates, .unreadableKey],
    "OperationsTests, PlanningTests": [.duplicateOperation, .wrongReference, .missingRole],
    "none": [.tooManyTenants, .noDigest],
  ]

  @Test func `a page without examples is one of the few that cannot have any`() {
    let without = Self.manual.pages.filter { $0.exampleReason != nil }.map(\.code)
    #expect(Set(without) == Set(Self.withoutExample.values.joined()))
  }

  /// One process checks them all: each lies in a folder of its own.
  @Test func `a wrong playbook gives exactly its diagnostic, and a right one none`() async throws {
    let folder = try TemporaryFolder()
    let examples = Self.examples { $0 == .playbook }
    for example in examples { try example.write(to: folder) }
    let ended = try await Program.run(
      ["check", "--output", "json"] + examples.map { "\($0.name)/example.yaml" }, in: folder.path)
    #expect(ended.status == 2)
    var found: [String: Set<String>] = [:]
    for line in try JSONLines.objects(ended.output) {
      let file = line["file"] as? String ?? ""
      let name = file.split(separator: "/").first.map(String.init) ?? file
      found[name, default: []].insert(line["number"] as? String ?? "")
    }
    for example in examples {
      #expect(found.removeValue(forKey: example.name) ?? [] == example.numbers, "\(example.name)")
    }
    #expect(found == [:])
  }

  @Test func `a right rollout file, tenants file or list of environments gives no diagnostic`()
    async throws
  {
    let folder = try TemporaryFolder()
    let examples = Self.examples { $0 != .playbook }.filter { $0.numbers.isEmpty }
    for example in examples { try example.write(to: folder) }
    let rollouts = examples.filter { $0.subject != .environments }
    let ended = try await Program.run(
      ["rollout", "check", "--quiet"] + rollouts.map { "\($0.name)/rollout.yaml" },
      in: folder.path)
    #expect(ended == Ended(status: 0))
    for example in examples where example.subject == .environments {
      let ended = try await Program.run("environments", in: "\(folder.path)/\(example.name)")
      #expect(ended.status == 0 && ended.errors == "", "\(example.name)")
    }
  }

  @Test(arguments: examples { $0 != .playbook }.filter { !$0.numbers.isEmpty })
  func `a wrong one gives exactly its diagnostic`(_ example: DocumentedExample) async throws {
    let folder = try TemporaryFolder()
    try example.write(to: folder)
    let arguments =
      example.subject == .environments ? ["environments"] : ["rollout", "check", "rollout.yaml"]
    let ended = try await Program.run(arguments, in: "\(folder.path)/\(example.name)")
    let numbers = ended.errors.matches(of: #/(?:error|warning)\[(P\d{4})\]: /#).map {
      String($0.1)
    }
    #expect(Set(numbers) == example.numbers, "\(ended.errors)")
    #expect(ended.status == (ended.errors.contains("error[") ? 2 : 0), "\(ended.errors)")
  }

  private static func examples(
    _ isWanted: (DiagnosticPage.Block.Subject) -> Bool
  ) -> [DocumentedExample] {
    manual.pages.flatMap { page in
      page.blocks.compactMap { DocumentedExample($0, of: page, in: manual) }
    }.filter { isWanted($0.subject) }
  }
}

/// An example with the files that it uses.
struct DocumentedExample: Sendable, CustomTestStringConvertible {
  let subject: DiagnosticPage.Block.Subject
  /// The numbers that it gives.
  let numbers: Set<String>
  /// The name of its folder.
  let name: String
  private let language: String
  private let text: String
  private let companions: [DiagnosticPage.Block]

  /// Nil for a block that is no example.
  init?(_ block: DiagnosticPage.Block, of page: DiagnosticPage, in manual: DiagnosticManual) {
    switch block.role {
    case .wrong(let subject):
      self.subject = subject
      numbers = [page.code.number]
      name = "\(page.code.number)-wrong"
    case .right(let subject):
      self.subject = subject
      numbers = []
      name = "\(page.code.number)-right"
    case .companion: return nil
    }
    language = block.language
    text = block.text
    companions = manual.companions + page.blocks
  }

  var testDescription: String { name }

  /// Writes its files into a folder of `folder` that is called like it.
  func write(to folder: TemporaryFolder) throws {
    for companion in companions {
      guard case .companion(let path) = companion.role else { continue }
      try folder.write(companion.text, to: "\(name)/\(path)")
    }
    switch subject {
    case .playbook: try folder.write(text, to: "\(name)/example.yaml")
    case .rollout: try folder.write(text, to: "\(name)/rollout.yaml")
    case .environments: try folder.write(text, to: "\(name)/privirun.yaml")
    case .tenants:
      let file = "tenants.\(language)"
      try folder.write(text, to: "\(name)/\(file)")
      try folder.write(
        "rollout: 1\nplaybook: setup.yaml\ntenants: \(file)\n", to: "\(name)/rollout.yaml")
    }
  }
}
