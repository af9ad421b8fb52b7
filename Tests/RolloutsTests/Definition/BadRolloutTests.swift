import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Playbooks
import Rollouts
import Testing

/// Every bad file lies beside exactly what is said about it.
///
/// The part of a file's name before `--` is a code it shows. After a change of wording, run with
/// `PRIVIRUN_UPDATE_EXPECTED=1`, read the difference, and run again without.
struct BadRolloutTests {
  static let bad = RolloutFixtures.names(in: "bad")
  static let checked = RolloutFixtures.names(in: "checked")

  @Test(arguments: bad)
  func `a bad rollout file gets exactly the expected diagnostics`(name: String) throws {
    let bytes = try RolloutFixtures.bytes("bad/\(name).yaml")
    let file = "\(name).yaml"
    var diagnostics: [Diagnostic] = []
    do {
      _ = try RolloutFile.read(bytes, file: file)
    } catch {
      diagnostics = error.diagnostics
    }
    try RolloutFixtures.expect(
      RolloutFixtures.render(diagnostics, bytes, file: file), at: "bad/\(name).expected")
  }

  @Test(arguments: checked)
  func `a rollout file that does not go with its playbook gets exactly the expected diagnostics`(
    name: String
  ) throws {
    let bytes = try RolloutFixtures.bytes("checked/\(name).yaml")
    let file = "\(name).yaml"
    let rollout = try RolloutFile.read(bytes, file: file)
    let diagnostics = rollout.check(with: SamplePlaybook.tenant, sources: SamplePlaybook.sources)
    try RolloutFixtures.expect(
      RolloutFixtures.render(diagnostics, bytes, file: file), at: "checked/\(name).expected")
  }

  @Test(arguments: bad.map { "bad/\($0)" } + checked.map { "checked/\($0)" })
  func `a bad rollout file shows the code it is named after`(path: String) throws {
    let name = path.split(separator: "/")[1]
    let code = name.split(separator: "--")[0]
    #expect(try RolloutFixtures.text("\(path).expected").contains("[\(code)]"))
  }

  @Test func `there are bad rollout files`() {
    #expect(Self.bad.count > 25)
    #expect(Self.checked.count >= 5)
  }

  @Test func `what a good file says goes with a playbook that has its inputs`() throws {
    let rollout = try RolloutFixtures.rollout("good.yaml")
    let diagnostics = rollout.check(with: SamplePlaybook.tenant, sources: SamplePlaybook.sources)
    #expect(diagnostics == [])
  }
}

/// A playbook with an input of each kind, and sources that hold one file.
enum SamplePlaybook {
  static let tenant: PlannedPlaybook = {
    let place = SourceLocation(file: "tenant.yaml", line: 3, column: 3)
    let schemas: OrderedDictionary<String, ValueSchema> = [
      "region": ValueSchema(.string), "note": ValueSchema(.string), "quota": ValueSchema(.integer),
      "stores": ValueSchema(.list(of: .string)),
      "tier": ValueSchema(.string, allowed: ["basic", "gold"]),
      "document": ValueSchema(.file), "password": ValueSchema(.secret),
      "keys": ValueSchema(.map(of: .secret)), "pin": ValueSchema(.string),
    ]
    return PlannedPlaybook(
      name: "tenant", file: "tenant.yaml",
      inputs: schemas.mapValues { InputDeclaration($0, location: place) }, session: nil,
      steps: [], outputs: [:], hiddenInputs: [InputPath(name: "pin")])
  }()

  static let sources = InputSources(
    environment: { _ in nil },
    size: { _ throws(InputSources.FileFlaw) in throw .missing },
    read: { _, _ throws(InputSources.FileFlaw) in throw .missing })
}
