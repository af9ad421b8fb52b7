import Events
import Files
import Notifications
import Operations
import Synchronization
import Testing

/// What is attempted when, and what is recorded of it.
@Suite(.timeLimit(.minutes(20))) struct NoticeDeliveryTests {
  private static func ids(_ count: Int) -> [RunID] {
    (0..<count).compactMap { number in
      let digits = String(number)
      return RunID(String(repeating: "0", count: 12 - digits.count) + digits)
    }
  }

  @Test func `a POST is signed, dated and named`() async throws {
    let scene = DeliveryScene([Sample.notice()]) { $0.secrets = ["env:HOOK_SECRET": "s3cret"] }
    await scene.serve()
    let form = try #require(Sample.form(of: Sample.notice()))
    let signature = try NoticeSignature.value(
      timestamp: "1803866400", body: form.body, secret: "s3cret")
    #expect(
      scene[\.occurrences] == [
        .posted(
          0,
          [
            "Content-Type": "application/json", "Privirun-Notification-Id": Sample.id.text,
            "Privirun-Timestamp": "1803866400", "Privirun-Signature": signature,
          ]), .removed(Sample.id),
      ])
    #expect(scene[\.posts].map(\.body) == [Array(form.body.utf8)])
    #expect(
      scene[\.posts].map(\.address) == [
        "https://hooks.example.com/services/planted-token-9d2f?key=planted-token-9d2f"
      ])
  }

  @Test func `without a secret there is no signature`() async {
    let scene = DeliveryScene([Sample.notice(to: .post("http://a", secret: nil))])
    await scene.serve()
    #expect(
      scene[\.posts].map { $0.headers.map(\.name) } == [
        ["Content-Type", "Privirun-Notification-Id", "Privirun-Timestamp"]
      ])
  }

  @Test func `a failure is followed by another attempt, until one succeeds`() async {
    let busy = APIResponse(status: 503, headers: [HTTPField("Retry-After", "30")])
    let scene = DeliveryScene([Sample.notice(to: .post("http://a/\(Sample.token)", secret: nil))]) {
      $0.responses = [
        .response(APIResponse(status: 500)), .response(busy), .failure("http://a refused"),
        .response(APIResponse(status: 204)),
      ]
    }
    await scene.serve()
    let times = scene[\.occurrences].compactMap { occurrence -> Double? in
      if case .posted(let seconds, _) = occurrence { seconds } else { nil }
    }
    // The outbox is looked at every 2 s: what is due after one second is found after two.
    #expect(times == [0, 2, 32, 36])
    func report(
      _ attempt: Int, _ verdict: DeliveryVerdict, _ reason: String?
    ) -> DeliveryReport {
      DeliveryReport(
        notice: Sample.id, topic: .failed, rollout: "onboard", destination: "http://a",
        attempt: attempt, verdict: verdict, reason: reason)
    }
    func again(_ seconds: Int) -> DeliveryVerdict { .again(at: Sample.moment + .seconds(seconds)) }
    #expect(
      scene[\.reports] == [
        report(1, again(1), "responded with status 500"),
        report(2, again(32), "responded with status 503"), report(3, again(36), "http://a refused"),
        report(4, .delivered, nil),
      ])
    #expect(
      scene[\.reports].map(\.text) == [
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was not delivered to http://a: responded "
          + "with status 500; the next attempt is at 2027-03-01T02:00:01.000000Z",
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was not delivered to http://a: responded "
          + "with status 503; the next attempt is at 2027-03-01T02:00:32.000000Z",
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was not delivered to http://a: http://a "
          + "refused; the next attempt is at 2027-03-01T02:00:36.000000Z",
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was delivered to http://a",
      ])
  }

  @Test func `a date until which the receiver asks to wait counts from when it responded`() async {
    let busy = APIResponse(
      status: 503, headers: [HTTPField("Retry-After", "Mon, 01 Mar 2027 02:10:00 GMT")])
    let notice = Sample.notice(to: .post("http://a", secret: nil))
    let scene = DeliveryScene([notice]) { $0.responses = [.response(busy)] }
    #expect(
      await scene.delivery.attempt(notice, number: 1) == .again(at: Sample.moment + .seconds(600)))
  }

  @Test func `what the receiver refuses is removed`() async {
    let scene = DeliveryScene([Sample.notice(to: .post("http://a", secret: nil))]) {
      $0.responses = [.response(APIResponse(status: 404))]
    }
    await scene.serve()
    #expect(scene[\.posts].count == 1)
    #expect(
      scene[\.reports].map(\.text) == [
        "the notification 7k2m9q0d4x1z (failed) about `onboard` is given up: responded with status 404"
      ])
  }

  @Test func `nothing is sent without the secret that was wanted`() async {
    let scene = DeliveryScene([Sample.notice()])
    let verdict = await scene.delivery.attempt(Sample.notice(), number: 3)
    #expect(verdict == .again(at: Sample.moment + .seconds(4)))
    #expect(scene[\.occurrences] == [.delayed(Sample.id, until: 4)])
    #expect(scene[\.reports].map(\.reason) == ["the variable `env:HOOK_SECRET` is not set"])
  }

  @Test func `a command gets the body and the plain facts`() async throws {
    let scene = DeliveryScene([Sample.notice(to: Sample.command)]) {
      $0.flaws = [.failed(status: 2)]
    }
    await scene.serve()
    let form = try #require(Sample.form(of: Sample.notice(to: Sample.command)))
    let call = try #require(scene[\.calls].last)
    #expect(scene[\.calls].map(\.words) == [Sample.command.words, Sample.command.words])
    #expect(call.input == Array(form.body.utf8))
    #expect(call.output == .discarded)
    #expect(call.seconds == 30)
    #expect(
      call.variables == [
        "PRIVIRUN_NOTIFICATION_ID": Sample.id.text, "PRIVIRUN_NOTIFICATION_TOPIC": "failed",
        "PRIVIRUN_NOTIFICATION_AT": "2027-03-01T02:00:00.000000Z",
        "PRIVIRUN_NOTIFICATION_SUMMARY": "rollout `onboard` (staging) ended",
        "PRIVIRUN_NOTIFICATION_ROLLOUT": "3x7v0n5k2p8q", "PRIVIRUN_NOTIFICATION_NAME": "onboard",
        "PRIVIRUN_NOTIFICATION_OUTCOME": "", "PRIVIRUN_NOTIFICATION_ENVIRONMENT": "staging",
        "PRIVIRUN_NOTIFICATION_DUE": "", "PRIVIRUN_NOTIFICATION_ATTEMPT": "2",
      ])
    #expect(
      scene[\.reports].map(\.reason) == ["it failed with exit status 2", nil])
  }

  @Test(arguments: [
    ("{}", "another version of privirun wrote it"),
    ("", "it is not authentic: it was not written with the journal's key"),
  ])
  func `what cannot be read for a day is given up`(form: String, reason: String) async {
    let notice = StoredNotice(id: Sample.id, form: Array(form.utf8), due: Sample.moment)
    let scene = DeliveryScene([notice])
    #expect(
      await scene.delivery.attempt(notice, number: 23) == .again(at: Sample.moment + .seconds(3600))
    )
    #expect(await scene.delivery.attempt(notice, number: 24) == .givenUp)
    #expect(scene[\.occurrences].last == .removed(Sample.id))
    #expect(scene[\.reports].map(\.reason) == [reason, reason])
  }

  @Test func `a form that another version wrote is kept for later`() async {
    let notice = StoredNotice(id: Sample.id, form: Array("{}".utf8), due: Sample.moment)
    let scene = DeliveryScene([notice])
    _ = await scene.delivery.attempt(notice, number: 1)
    #expect(scene[\.occurrences] == [.delayed(Sample.id, until: 3600)])
    #expect(
      scene[\.reports].map(\.text) == [
        "the notification 7k2m9q0d4x1z was not delivered to its destination: another version of privirun "
          + "wrote it; the next attempt is at 2027-03-01T03:00:00.000000Z"
      ])
  }

  @Test func `a delivery that cannot be recorded is reported`() async {
    let notice = Sample.notice(to: .post("http://a", secret: nil))
    let scene = DeliveryScene([notice]) { $0.isBroken = true }
    #expect(await scene.delivery.attempt(notice, number: 1) == .delivered)
    #expect(scene[\.reports].map(\.reason) == ["the journal was not written: the disk is full"])
  }

  @Test func `a journal that cannot be read is read again`() async {
    let scene = DeliveryScene([Sample.notice(to: Sample.command)]) { $0.isBroken = true }
    let failures = Mutex<[String]>([])
    await scene.serve { error in failures.withLock { $0.append("\(error)") } }
    #expect(failures.withLock(\.self) == ["the disk is full"])
    #expect(scene[\.occurrences] == [.ran(5, Sample.command.words), .removed(Sample.id)])
  }

  @Test func `many notifications are delivered, each once`() async {
    let notices = Self.ids(100).map { id in Sample.notice(to: Sample.command, id: id) }
    let scene = DeliveryScene(notices)
    await scene.serve()
    let removed = scene[\.occurrences].compactMap { occurrence -> RunID? in
      if case .removed(let id) = occurrence { id } else { nil }
    }
    #expect(removed.count == 100)
    #expect(Set(removed) == Set(notices.map(\.id)))
    #expect(scene[\.calls].count == 100)
  }

  @Test func `no secret and no token is in what is logged`() async {
    let scene = DeliveryScene([Sample.notice()]) {
      $0.secrets = ["env:HOOK_SECRET": "planted-hmac-secret"]
      $0.responses = [.response(APIResponse(status: 500)), .response(APIResponse(status: 400))]
    }
    await scene.serve()
    let logged = "\(scene[\.reports]) \(scene[\.reports].map(\.text)) \(scene[\.posts])"
    #expect(scene[\.reports].count == 2)
    #expect(!logged.contains("planted"))
  }
}

/// The notifications that a process makes itself.
@Suite(.timeLimit(.minutes(20))) struct NoticeDispatchTests {
  @Test func `each is delivered at once, and again while the process waits`() async {
    let notice = Sample.notice(to: .post("http://a", secret: nil))
    let scene = DeliveryScene([notice]) {
      $0.responses = [.response(APIResponse(status: 500)), .failure("http://a refused")]
    }
    let dispatch = NoticeDispatch(scene.delivery)
    dispatch.add([notice])
    #expect(dispatch.left == 1)
    dispatch.finish()
    await dispatch.run()
    #expect(dispatch.left == 0)
    let occurrences = scene[\.occurrences].map { occurrence in
      if case .posted(let seconds, _) = occurrence { return "posted at \(seconds)" }
      return "\(occurrence)"
    }
    // Others leave it alone until a minute after its next attempt.
    #expect(
      occurrences == [
        "posted at 0.0", "delayed(7k2m9q0d4x1z, until: 61.0)", "posted at 1.0",
        "delayed(7k2m9q0d4x1z, until: 63.0)", "posted at 3.0", "removed(7k2m9q0d4x1z)",
      ])
    #expect(scene[\.reports].map(\.attempt) == [1, 2, 3])
  }

  @Test func `what is given up is settled`() async {
    let notice = Sample.notice(to: .post("http://a", secret: nil))
    let scene = DeliveryScene([notice]) { $0.responses = [.response(APIResponse(status: 410))] }
    let dispatch = NoticeDispatch(scene.delivery)
    dispatch.add([notice])
    dispatch.finish()
    await dispatch.run()
    #expect(dispatch.left == 0)
  }

  @Test func `a process that waits no longer leaves what is not delivered as it is`() async {
    let notice = Sample.notice(to: .post("http://a", secret: nil))
    let scene = DeliveryScene([notice]) { $0.hangs = true }
    let dispatch = NoticeDispatch(scene.delivery)
    dispatch.add([notice])
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await dispatch.run() }
      for await _ in scene.hung { break }
      group.cancelAll()
    }
    #expect(dispatch.left == 1)
    #expect(scene[\.reports] == [])
    #expect(scene[\.waiting].values.map(\.due) == [notice.due])
  }
}

extension NoticeDestination {
  fileprivate var words: [String] {
    switch self {
    case .post: []
    case .command(_, let words): words
    }
  }
}
