import ArgumentParser
import Environments
import Events
import Playbooks

/// The labels of a run, or those looked for.
struct LabelOptions: ParsableArguments {
  @Option(
    name: .customLong("label"),
    help: ArgumentHelp(
      "A label that the run gets, or that listed runs must have; may be repeated.",
      valueName: "name=value"),
    transform: LabelOptions.label)
  var labels: [RunLabel] = []

  /// `given` with those of the environment and of the command line, each of which override those before.
  func added(to given: [RunLabel], _ selected: SelectedEnvironment? = nil) -> [RunLabel] {
    var all = given
    let shared = selected?.environment.labels.map { RunLabel(name: $0.name, value: $0.value) } ?? []
    for label in shared + labels {
      if let index = all.firstIndex(where: { $0.name == label.name }) {
        all[index] = label
      } else {
        all.append(label)
      }
    }
    return all
  }

  private static func label(_ argument: String) throws -> RunLabel {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw ValidationError("write the label as name=value, such as --label tenant=acme")
    }
    let name = String(parts[0])
    guard LabelName.isValid(name) else {
      throw ValidationError("`\(name)` cannot name a label: \(LabelName.rule)")
    }
    guard parts[1].count <= valueLimit else {
      throw ValidationError("the value of the label `\(name)` exceeds \(valueLimit) characters")
    }
    return RunLabel(name: name, value: String(parts[1]))
  }

  /// The longest value of a label, in characters.
  private static let valueLimit = 100
}
