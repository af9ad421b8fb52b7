/// How pages look: on paper, on a phone, in the dark.
///
/// Every colour of text has a contrast of at least 4.5 to 1 with its background (WCAG 2.2, 1.4.3), and
/// every colour of a bar at least 3 to 1 (1.4.11).
enum PageStyle {
  /// The style sheet.
  static let source = colors + layout + parts + drawing + paper

  private static let colors = """
    :root{color-scheme:light dark;--back:#fff;--panel:#f3f5f8;--line:#c9d1d9;--text:#1b1f24;\
    --faint:#545d68;--good:#116329;--bad:#b3151f;--notable:#7a4d00;--active:#0a4fa8;--focus:#0a4fa8}
    @media (prefers-color-scheme:dark){:root{--back:#0d1117;--panel:#171d25;--line:#3b444f;\
    --text:#e6edf3;--faint:#a3adb8;--good:#56d364;--bad:#ff8f87;--notable:#e3b341;--active:#79c0ff;\
    --focus:#79c0ff}}

    """

  private static let layout = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--back);color:var(--text);\
    font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
    h2{font-size:1.25rem;margin:2rem 0 .5rem}
    h3{font-size:1rem;margin:0;display:inline}
    p,ul,ol,dl,table{margin:.5rem 0}
    a{color:var(--active)}
    code{font:.9em/1.4 ui-monospace,monospace;background:var(--panel);padding:.1em .3em;\
    border-radius:.2em;white-space:pre-wrap}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--back);padding:.5rem}
    :focus-visible{outline:3px solid var(--focus);outline-offset:2px}
    .faint{color:var(--faint);font-weight:400}.good{color:var(--good)}.bad{color:var(--bad)}
    .notable{color:var(--notable)}.active{color:var(--active)}.strong{font-weight:600}
    nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
    footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--faint)}

    """

  private static let parts = """
    dl{display:grid;grid-template-columns:fit-content(40%) 1fr;gap:.15rem 1rem}
    dt{color:var(--faint);min-width:6rem}dd{margin:0;min-width:0}
    .counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0}
    .counts li{border:1px solid var(--line);border-left:.3rem solid currentColor;\
    border-radius:.3rem;padding:.25rem .75rem}
    .counts b{font-size:1.3rem}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.95rem}
    caption{text-align:left;color:var(--faint)}
    th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;\
    border-bottom:1px solid var(--line)}
    thead th{color:var(--faint);font-weight:600;white-space:nowrap}
    tbody th{font-weight:400}
    td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
    #rows tbody th{font-weight:600;min-width:9em}#rows td:nth-child(-n+5){white-space:nowrap}\
    #rows td:nth-child(6){min-width:11em}#rows td:nth-child(7){min-width:14em}
    details,.item{border:1px solid var(--line);border-radius:.3rem;margin:.35rem 0;padding:0 .6rem}
    details[open]{padding-bottom:.4rem}
    .item{padding:.35rem .6rem}
    summary{cursor:pointer;padding:.35rem 0}
    ul.steps{list-style:none;margin:.2rem 0;padding-left:.75rem}
    ul.steps>li{margin:.1rem 0}
    .next{border-left:.3rem solid var(--active);background:var(--panel);padding:.5rem .75rem}
    div.next p{margin:.15rem 0}
    form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.5rem 0}
    label{display:block;color:var(--faint)}
    input,select{font:inherit;color:inherit;background:var(--back);padding:.3rem .5rem;\
    border:1px solid var(--faint);border-radius:.3rem;max-width:100%;height:2.4rem}
    [hidden]{display:none!important}
    @media (max-width:40rem){body{padding:.75rem}\
    dl{grid-template-columns:fit-content(35%) 1fr;gap:.25rem .75rem}dt{min-width:4.5rem}\
    ul.steps{padding-left:0}ul.steps details{border-width:0 0 0 2px;border-radius:0;\
    padding:0 0 0 .5rem}.stack thead{position:absolute;left:-99rem}\
    .stack tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}\
    .stack th,.stack td{display:block;border:0;padding:.05rem 0}\
    .stack td[data-name]::before{content:attr(data-name)": ";color:var(--faint)}\
    .stack td:empty{display:none}svg{min-width:60rem}}

    """

  private static let drawing = """
    svg{display:block;width:100%;min-width:44rem;height:auto}
    svg text{font:12px system-ui,sans-serif;fill:var(--text)}
    svg .axis{fill:var(--faint)}svg line{stroke:var(--line)}
    svg rect{fill:var(--faint)}svg .good rect{fill:var(--good)}svg .bad rect{fill:var(--bad)}
    svg .notable rect{fill:var(--notable)}svg .active rect{fill:var(--active)}

    """

  private static let paper = """
    @media print{:root{--back:#fff;--panel:#fff;--line:#999;--text:#000;--faint:#444;--good:#0b4d1e;\
    --bad:#8f0f18;--notable:#5c3a00;--active:#063b7d}\
    html{font-size:10pt}body{max-width:none;padding:0}table{font-size:8pt}nav,form,.skip{display:none}\
    h2,h3,summary{break-after:avoid}tr,.next,svg{break-inside:avoid}.scroll{overflow:visible}\
    svg{min-width:0}details,.item{border-width:0 0 0 1px;border-radius:0}\
    .long:not([open]){display:none}thead{display:table-header-group}}

    """
}
