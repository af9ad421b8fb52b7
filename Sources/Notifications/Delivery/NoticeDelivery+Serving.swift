import Events

extension NoticeDelivery {
  /// How many notifications are delivered at once.
  private static let mostAtOnce = 16
  /// How long is waited until notifications are looked for again.
  private static let pause: Duration = .seconds(2)
  /// The same after the journal could not be read.
  private static let failurePause: Duration = .seconds(5)

  /// Delivers everything that is due, from whatever process, until the task is cancelled.
  ///
  /// `failed` receives why the journal could not be read, once for each attempt to read it; it must not wait.
  package func serve(failed: @Sendable (any Error) -> Void = { _ in }) async {
    await withTaskGroup(of: Void.self) { group in
      var inProgress = 0
      while !Task.isCancelled {
        if inProgress == Self.mostAtOnce {
          await group.next()
          inProgress -= 1
          continue
        }
        var pause = Self.pause
        do {
          let notices = try await take(atMost: Self.mostAtOnce - inProgress)
          for notice in notices {
            group.addTask { _ = await attempt(notice, number: max(1, notice.attempts)) }
          }
          inProgress += notices.count
          if !notices.isEmpty { continue }
        } catch {
          failed(error)
          pause = Self.failurePause
        }
        try? await sleep(pause)
      }
      group.cancelAll()
    }
  }
}
