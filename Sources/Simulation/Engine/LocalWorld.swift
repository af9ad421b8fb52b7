import Expressions
import Machine
import Operations
import Running

/// The files of a simulated machine, and what is done with them.
struct LocalWorld: Sendable {
  let files: SimulatedFiles
  let bytes: SeededBytes
  let actions: LocalActions

  init(files: SimulatedFiles, bytes: SeededBytes) {
    self.files = files
    self.bytes = bytes
    actions = LocalActions(files: files.access, randomBytes: { bytes.take($0) })
  }

  /// Another world with the same files, and the same random bytes to come.
  var copy: LocalWorld { LocalWorld(files: files.copy, bytes: bytes.copy) }

  /// The input that a local action ends with, or its dry run.
  func result(
    of id: RequestID, _ action: LocalAction, _ arguments: ValueMap, as dryRun: DryRun? = nil
  ) -> RunInput {
    do throws(LocalFailure) {
      return .performed(id, try actions.perform(action, arguments, as: dryRun))
    } catch {
      return .performFailed(id, error)
    }
  }
}
