package import Machine

/// Falsifies what passes between a machine and the world, to show that the simulator notices.
///
/// Both closures may keep notes, which are forgotten with the process.
package struct Tampering: Sendable {
  /// What the closures remember of a process.
  package typealias Notes = Set<String>

  /// What reaches the machine in place of an input; nil withholds it.
  package var input: @Sendable (RunInput, inout Notes) -> RunInput?
  /// What is done in place of the machine's actions, in this order.
  package var actions: @Sendable ([RunAction], inout Notes) -> [RunAction]

  /// A falsification of inputs, of actions, or of both; what is not given stays as it is.
  package init(
    input: @escaping @Sendable (RunInput, inout Notes) -> RunInput? = { input, _ in input },
    actions: @escaping @Sendable ([RunAction], inout Notes) -> [RunAction] = { actions, _ in
      actions
    }
  ) {
    self.input = input
    self.actions = actions
  }
}
