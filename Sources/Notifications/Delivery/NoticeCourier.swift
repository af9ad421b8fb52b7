package import Files
package import Operations

/// What the delivery of a notification needs of the world, as closures.
package struct NoticeCourier: Sendable {
  /// Sends a POST and returns the response without its body, or why there is none.
  ///
  /// The reason is a sentence that names the origin of the address alone.
  package var post: @Sendable (NoticePost) async -> NoticeResponse
  /// Runs a program to its end; blocks nobody, and ends it when the task is cancelled.
  package var run: @Sendable (ProgramCall) async throws(ProgramFlaw) -> Void
  /// The secret that a reference names, read at that moment; throws `InvalidInput`.
  package var secret: @Sendable (_ reference: String) async throws -> String

  /// A courier of these functions.
  package init(
    post: @escaping @Sendable (NoticePost) async -> NoticeResponse,
    run: @escaping @Sendable (ProgramCall) async throws(ProgramFlaw) -> Void,
    secret: @escaping @Sendable (String) async throws -> String
  ) {
    self.post = post
    self.run = run
    self.secret = secret
  }
}

/// A POST that is to be sent; its address may hold a token, so that it prints as nothing.
package struct NoticePost: Sendable, Hashable {
  /// The whole address.
  package var address: String
  /// The headers besides those of every POST.
  package var headers: [HTTPField]
  /// The body.
  package var body: [UInt8]
}

extension NoticePost: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Nothing of what it holds.
  package var description: String { "POST request" }
  /// The same as `description`.
  package var debugDescription: String { description }
  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The outcome of a POST.
package enum NoticeResponse: Sendable, Hashable {
  case response(APIResponse)
  /// There is none, for this reason.
  case failure(String)
}
