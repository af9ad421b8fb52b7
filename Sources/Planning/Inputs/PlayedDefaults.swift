package import Diagnostics
import OrderedCollections
import Playbooks

/// Finds the files that inputs of played playbooks have by default.
///
/// They must be known before the run begins, like those of the outermost playbook.
struct PlayedDefaults {
  let sources: InputSources
  /// What is wrong with the files, each reported once however often it is played.
  private(set) var diagnostics: OrderedSet<Diagnostic> = []

  init(sources: InputSources) {
    self.sources = sources
  }

  /// The same steps; every play has the files that it does not give.
  mutating func settle(_ steps: [PlannedStep]) -> [PlannedStep] {
    var settled: [PlannedStep] = []
    for step in steps {
      var step = step
      step.kind = settle(step.kind)
      step.modifiers.rescue = settle(step.modifiers.rescue)
      step.modifiers.always = settle(step.modifiers.always)
      if case .steps(let steps)? = step.modifiers.undo?.kind {
        step.modifiers.undo?.kind = .steps(settle(steps))
      }
      settled.append(step)
    }
    return settled
  }

  private mutating func settle(_ kind: PlannedStep.Kind) -> PlannedStep.Kind {
    switch kind {
    case .play(let played, let arguments):
      return .play(settle(played, givenBesides: arguments.keys), arguments: arguments)
    case .forEach(var loop):
      loop.steps = settle(loop.steps)
      return .forEach(loop)
    case .parallel(let branches):
      var settled: [PlannedBranch] = []
      for branch in branches {
        settled.append(PlannedBranch(name: branch.name, steps: settle(branch.steps)))
      }
      return .parallel(settled)
    case .block(let steps): return .block(settle(steps))
    case .call, .assert, .wait, .waitUntil, .approve: return kind
    }
  }

  private mutating func settle(
    _ played: PlannedPlaybook, givenBesides given: OrderedSet<String>
  ) -> PlannedPlaybook {
    var played = played
    for (name, input) in played.inputs where input.type.holdsFile {
      let reader = InputReader(name: name, declaration: input, sources: sources)
      do throws(InvalidInput) {
        played.inputs[name]?.schema.type = try reader.settleDefaults(of: input.type)
        guard !given.contains(name), let value = input.defaultValue else { continue }
        played.inputs[name]?.defaultValue = try reader.settle(default: value)
      } catch {
        diagnostics.append(contentsOf: error.diagnostics)
      }
    }
    played.steps = settle(played.steps)
    return played
  }
}

extension InputBinder {
  /// `playbook` with the files that inputs of the playbooks it plays have by default.
  ///
  /// Throws one diagnostic for each of those files that cannot be used.
  package func settlePlayed(in playbook: PlannedPlaybook) throws(InvalidInput) -> PlannedPlaybook {
    var defaults = PlayedDefaults(sources: sources)
    var settled = playbook
    settled.steps = defaults.settle(playbook.steps)
    guard defaults.diagnostics.isEmpty else { throw InvalidInput(defaults.diagnostics.elements) }
    return settled
  }

  /// A warning for each file that an input of `playbook` has by default and that cannot be used: a
  /// run then needs another one.
  package func flawedDefaults(of playbook: PlannedPlaybook) -> [Diagnostic] {
    var flaws: [Diagnostic] = []
    for (name, input) in playbook.inputs where input.type.holdsFile {
      let reader = InputReader(name: name, declaration: input, sources: sources)
      do throws(InvalidInput) {
        _ = try reader.settleDefaults(of: input.type)
        if let value = input.defaultValue { _ = try reader.settle(default: value) }
      } catch {
        flaws += error.diagnostics
      }
    }
    return flaws.map { flaw in
      var warning = flaw
      warning.severity = .warning
      return warning
    }
  }
}
