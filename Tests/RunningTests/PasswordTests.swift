import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// A session that logs in again after the run changed the password of its user.
@Suite("Passwords that a run sets")
struct PasswordTests {
  private static let old = "old-planted-1"
  private static let new = "new-planted-1"

  private static func world(_ steps: String, new: String = new) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan(
        "inputs: { new: { type: secret } }\nsession: {username: u, password: \(old)}\n"
          + "steps:\n\(indented)\n", inputs: ["new": .secret(text: new)]))
  }

  private static let rename = "- { id: r, call: rename, with: { password: \"${{ inputs.new }}\" } }"
  private static let read = "- { id: a, call: read }"

  /// A service that takes one password at a time; `rename` gives the fate of the request that changes
  /// it, and the first `read` meets a token that has ended.
  private static func reply(
    new: String = new, isDone: Bool = true, rename: World.Reply = .ok()
  ) -> (String, Int, String) -> World.Reply? {
    var password = old
    return { what, count, body in
      switch what {
      case "POST /rename":
        if isDone { password = new }
        return rename
      case "POST /login":
        return body.contains("\"\(password)\"") ? nil : .answer(401, "{}")
      case "GET /read": return count == 1 ? .answer(401, "{}") : nil
      case _: return nil
      }
    }
  }

  /// The passwords of `POST /login`, in order.
  private static func logins(_ world: World) -> [String] {
    world.requests.filter { $0.path == "/login" }.compactMap { request in
      (try? JSON.parse(request.body))?[field: "password"]?.text
    }
  }

  @Test(arguments: [new, String(repeating: "long-planted-", count: 40)])
  func `a session logs in with the password that the run has set`(_ new: String) throws {
    var world = try Self.world("\(Self.rename)\n\(Self.read)", new: new)
    world.reply = Self.reply(new: new)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.logins(world) == [Self.old, new])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a continued run knows the password`() throws {
    var world = try Self.world("\(Self.rename)\n- { wait: 10s }\n\(Self.read)")
    world.reply = Self.reply()
    world.schedule(.restart, at: .seconds(5))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.logins(world) == [Self.old, Self.new, Self.new])
  }

  @Test func `a run that goes on after its end knows the password`() throws {
    var world = try Self.world("\(Self.rename)\n- { id: h, call: harmless }")
    let usual = Self.reply()
    world.reply = { what, count, body in
      what == "POST /harmless" && count == 1 ? .answer(422, "{}") : usual(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.logins(world) == [Self.old, Self.new])
  }

  @Test func `a password that a lookup found to be set is the newest`() throws {
    var world = try Self.world("\(Self.rename)\n\(Self.read)")
    world.reply = Self.reply(rename: .failure(.broken, mayHaveBeenSent: true))
    #expect(try world.run().outcome == .succeeded)
    // The lookup is the second of them.
    #expect(Self.logins(world) == [Self.old, Self.new, Self.new])
    #expect(world.count("POST /rename") == 1)
  }

  @Test func `a refused change changes nothing`() throws {
    var world = try Self.world(
      Self.rename.replacing(" } }", with: " }, rescue: [ \(Self.read.dropFirst(2)) ] }"))
    world.reply = Self.reply(isDone: false, rename: .answer(422, "{}"))
    #expect(try world.run().outcome == .succeeded)
    #expect(Set(Self.logins(world)) == [Self.old])
  }

  /// The password may have been changed already when a session logs in while nobody knows that.
  @Test(arguments: [true, false])
  func `while a change is in flight both passwords may be the right one`(_ isDone: Bool) throws {
    var world = try Self.world(
      "- id: p\n  parallel:\n    l: [ \(Self.rename.dropFirst(2)) ]\n"
        + "    r: [ { wait: 1s }, \(Self.read.dropFirst(2)) ]")
    world.reply = Self.reply(isDone: isDone, rename: .ok(after: .seconds(5)))
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.logins(world) == (isDone ? [Self.old, Self.old, Self.new] : [Self.old, Self.old]))
  }
}
