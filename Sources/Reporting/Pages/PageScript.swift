/// What a page adds where scripts run: the filter of its table, and all but long parts open on paper.
///
/// Without scripts the whole table is shown and the filter is not.
enum PageScript {
  /// The script.
  static let source = """
    "use strict";
    (function () {
      var closed = [];
      addEventListener("beforeprint", function () {
        document.querySelectorAll("details:not([open]):not(.long)").forEach(function (part) {
          closed.push(part);
          part.open = true;
        });
      });
      addEventListener("afterprint", function () {
        closed.forEach(function (part) { part.open = false; });
        closed = [];
      });
      var form = document.getElementById("filter");
      var table = document.getElementById("rows");
      if (!form || !table) { return; }
      var words = document.getElementById("filter-words");
      var state = document.getElementById("filter-state");
      var count = document.getElementById("filter-count");
      var rows = Array.prototype.slice.call(table.tBodies[0].rows);
      var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
      var timer = 0;
      function apply() {
        var wanted = words.value.toLowerCase().split(" ").filter(Boolean);
        var shown = 0;
        rows.forEach(function (row, index) {
          var fits = (!state.value || row.dataset.state === state.value) &&
            wanted.every(function (word) { return texts[index].indexOf(word) >= 0; });
          row.hidden = !fits;
          if (fits) { shown += 1; }
        });
        count.textContent = shown + " of " + rows.length + " shown";
      }
      words.addEventListener("input", function () {
        clearTimeout(timer);
        timer = setTimeout(apply, 150);
      });
      state.addEventListener("change", apply);
      form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
      form.hidden = false;
      apply();
    })();

    """
}
