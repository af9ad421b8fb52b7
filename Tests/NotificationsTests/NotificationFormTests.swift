import Events
import FoundationEssentials
import Notifications
import Testing

/// What the outbox keeps is read back.
@Suite struct NotificationFormTests {
  @Test(arguments: [
    Sample.post, .post("http://127.0.0.1:9", secret: nil), Sample.command,
    .command("a", words: ["", "b c", "\u{1F600}\n"]),
  ])
  func `a form is read back`(destination: NoticeDestination) {
    let notification = Notification(
      .inDoubt, at: Sample.moment, about: NotifiedRollout(Sample.start()))
    let form = NotificationForm(notification, id: Sample.id, to: destination)
    #expect(NotificationForm(form.bytes) == form)
  }

  @Test func `what is no form of this version is not read`() throws {
    let form = NotificationForm(
      Notification(.failed, at: Sample.moment, about: NotifiedRollout(Sample.start())),
      id: Sample.id, to: Sample.post)
    let text = String(decoding: form.bytes, as: UTF8.self)
    #expect(text.contains("{\"version\":1,"))
    for changed in [
      "", "{}", text.replacing("{\"version\":1,", with: "{\"version\":2,"),
      text.replacing("\"topic\":\"failed\"", with: "\"topic\":\"broken\""),
      text.replacing("\"post\"", with: "\"telegram\""), String(text.dropLast()),
    ] {
      #expect(NotificationForm(Array(changed.utf8)) == nil)
    }
  }

  @Test(arguments: [
    (Sample.post, "https://hooks.example.com"),
    (.post("HTTP://Host:8080?a", secret: nil), "http://host:8080"),
    (.post("nonsense", secret: nil), "an address"), (Sample.command, "the command `pager`"),
  ])
  func `a destination is shown without what may be a token`(
    _ destination: NoticeDestination, _ name: String
  ) {
    #expect(destination.name == name)
  }

}
