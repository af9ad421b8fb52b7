import Expressions
import Operations

/// Something to be done within the current `apply`, in order; keeps recursion out of the tree.
enum AgendaItem: Sendable {
  /// An event had this consequence.
  case consequence(Consequence)
  /// What was in progress when the run was interrupted is taken up.
  case resume(NodeID)
  /// A call continues now that its session is ready.
  case proceed(NodeID)
  /// A command's status is asked for now that there is a token, or none to be had.
  case poll(NodeID)
  /// A call's session could not be had.
  case refuse(NodeID, WorkFailure)
  /// A lost socket was joined again: what may have been missed is asked for.
  case rejoined(SessionID)
  /// A call did what it should.
  case callSucceeded(NodeID, ValueMap)
  case callFailed(NodeID, WorkFailure)
}

/// Whom an answer is for.
enum RequestPurpose: Sendable {
  case call(NodeID)
  /// `generation` counts the session's token that it carried.
  case poll(NodeID, route: Int, generation: Int?)
  case download(NodeID)
  case local(NodeID)
  /// A payload that a message brought is put into the file that the call names.
  case keeping(NodeID)
  case token(SessionID)
  case revocation(SessionID)
}
