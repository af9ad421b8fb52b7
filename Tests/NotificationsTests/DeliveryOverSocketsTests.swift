import Events
import Files
import FoundationEssentials
import Glibc
import Machine
import NIOHTTP1
import Networking
import Notifications
import Operations
import Testing

/// Real POSTs and real programs, with the pauses between them in virtual time.
@Suite(.timeLimit(.minutes(20))) struct DeliveryOverSocketsTests {
  private static let secret = "planted-hmac-secret"

  private static func scene(
    _ client: PostClient, _ notices: [StoredNotice]
  ) -> DeliveryScene {
    DeliveryScene(notices) {
      $0.secrets = ["env:HOOK_SECRET": secret]
      $0.sends = { post in
        do throws(TransportFailure) {
          return .response(
            try await client.post(post.body, to: post.address, headers: post.headers))
        } catch {
          return .failure(error.message)
        }
      }
    }
  }

  @Test func `a receiver that fails in every way gets the same notification until it succeeds`()
    async throws
  {
    let receiver = ScriptedReceiver([
      .closes, .responds(.internalServerError), .responds(.tooManyRequests, ["Retry-After": "90"]),
      .responds(.found, ["Location": "/other"]), .hangs, .responds(.accepted),
    ])
    try await receiver.listen { origin in
      let address = "\(origin)/hooks/\(Sample.token)?key=\(Sample.token)"
      let notice = Sample.notice(to: .post(address, secret: "env:HOOK_SECRET"))
      let scene = try await PostClient.withClient(
        options: TransportOptions(), timeout: .seconds(3)
      ) { client in
        let scene = Self.scene(client, [notice])
        await scene.serve()
        return scene
      }
      let form = try #require(Sample.form(of: notice))
      // A second, found after two, two, then what the receiver asks for, then 8 s and 16 s.
      let seconds = [0, 2, 4, 94, 102, 118]
      let requests = try seconds.map { seconds in
        let timestamp = String(1_803_866_400 + seconds)
        return ScriptedReceiver.Request(
          method: .POST, target: "/hooks/\(Sample.token)?key=\(Sample.token)",
          headers: [
            "host": String(origin.dropFirst("http://".count)),
            "content-length": String(form.body.utf8.count), "accept-encoding": "identity",
            "content-type": "application/json", "privirun-notification-id": Sample.id.text,
            "privirun-timestamp": timestamp,
            "privirun-signature": try NoticeSignature.value(
              timestamp: timestamp, body: form.body, secret: Self.secret),
          ], body: form.body)
      }
      #expect(receiver.requests == requests)
      #expect(
        scene[\.reports].map(\.reason) == [
          "\(origin) closed the connection before its answer was whole",
          "responded with status 500", "responded with status 429",
          "responded with status 302, and redirects are not followed",
          "\(origin) did not respond within 3.0 seconds", nil,
        ])
      #expect(scene[\.waiting].isEmpty)
      #expect(!"\(scene[\.reports])".contains("planted"))
    }
  }

  @Test func `a slow receiver does not hold up another one`() async throws {
    let (slow, quick) = (ScriptedReceiver([.hangs]), ScriptedReceiver([]))
    try await slow.listen { slowOrigin in
      try await quick.listen { quickOrigin in
        let other = try #require(RunID("7k2m9q0d4x20"))
        let notices = [
          Sample.notice(to: .post(slowOrigin, secret: nil)),
          Sample.notice(to: .post(quickOrigin, secret: nil), id: other),
        ]
        let scene = try await PostClient.withClient(
          options: TransportOptions(), timeout: .seconds(3)
        ) { client in
          let scene = Self.scene(client, notices)
          await scene.serve()
          return scene
        }
        #expect(scene[\.occurrences].first == .removed(other))
        #expect(slow.requests.count == 2)
        #expect(quick.requests.count == 1)
      }
    }
  }

  @Test func `a command reads the body and its variables`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      component: "privirun-notify-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      cat > "$1/body"
      printf '%s %s' "$PRIVIRUN_NOTIFICATION_TOPIC" "$PRIVIRUN_NOTIFICATION_ATTEMPT" > "$1/facts"
      test "$PRIVIRUN_NOTIFICATION_ATTEMPT" = 2
      """
    let notice = Sample.notice(
      to: .command("pager", words: ["sh", "-c", script, "pager", folder.path]))
    let scene = DeliveryScene([notice]) {
      $0.runs = { call throws(ProgramFlaw) in _ = try call.run() }
    }
    await scene.serve()
    let form = try #require(Sample.form(of: notice))
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appending(component: name), encoding: .utf8)
    }
    #expect(try text("body") == form.body)
    #expect(try text("facts") == "failed 2")
    #expect(
      scene[\.reports].map(\.text) == [
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was not delivered to the command `pager`: "
          + "it failed with exit status 1; the next attempt is at 2027-03-01T02:00:01.000000Z",
        "the notification 7k2m9q0d4x1z (failed) about `onboard` was delivered to the command `pager`",
      ])
  }
}
