namespace OrleansSync.Load.Report;

/// <summary>How the page looks: by day, by night, and on paper.</summary>
internal static class PageStyle
{
    // No quotes, angle brackets or ampersands: it stands in an XML tree.
    public const string Css = """

        :root { color-scheme: light dark;
          --paper: #ffffff; --ink: #1c2126; --quiet: #626c76; --rule: #dfe3e8; --good: #12703a; --bad: #b3261e;
          --c0: #0b62d0; --c1: #d9730d; --c2: #1b8a5a; --c3: #b4338a; --c4: #7a5bd0; --c5: #a88700; --c6: #0e8c9b; --c7: #c0392b; --c8: #5b6b3a; --c9: #6b7785; }
        @media (prefers-color-scheme: dark) { :root {
          --paper: #14181d; --ink: #e6e9ed; --quiet: #98a3af; --rule: #2c343d; --good: #5fce8f; --bad: #ff8a80;
          --c0: #5aa2ff; --c1: #ffa657; --c2: #4fce94; --c3: #f07fc6; --c4: #b09bff; --c5: #e0c24a; --c6: #4fd0df; --c7: #ff7b6b; --c8: #aebf80; --c9: #9aa7b5; } }
        @media print { :root { color-scheme: light;
          --paper: #ffffff; --ink: #000000; --quiet: #444444; --rule: #cccccc; --good: #12703a; --bad: #b3261e;
          --c0: #0b62d0; --c1: #d9730d; --c2: #1b8a5a; --c3: #b4338a; --c4: #7a5bd0; --c5: #a88700; --c6: #0e8c9b; --c7: #c0392b; --c8: #5b6b3a; --c9: #6b7785; }
          body { font-size: 10pt; } figure, tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; } }
        body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1120px; padding: 24px; }
        h1 { font-size: 28px; margin: 0 0 8px; } h2 { font-size: 21px; margin: 40px 0 8px; border-top: 1px solid var(--rule); padding-top: 16px; } h3 { font-size: 16px; margin: 24px 0 8px; }
        p { margin: 4px 0; } header p, .quiet, small, figcaption small { color: var(--quiet); } small { font-weight: normal; }
        code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { padding: 4px 10px; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top; }
        th { font-weight: 600; color: var(--quiet); } .number { text-align: right; font-variant-numeric: tabular-nums; } td.number { white-space: nowrap; } td.quiet { font-size: 13px; }
        .better { color: var(--good); } .worse { color: var(--bad); } .alike { color: var(--quiet); } .ratio { display: block; font-size: 12px; } .summary th.group { color: var(--ink); padding-top: 14px; } .summary td { white-space: nowrap; } .wide { overflow-x: auto; } .case { overflow-x: auto; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px 28px; margin-top: 16px; } figure { margin: 0; } figcaption { font-size: 13px; font-weight: 600; margin-bottom: 4px; }
        svg { width: 100%; height: auto; display: block; } svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; } .grid { stroke: var(--rule); stroke-width: 1; }
        .curve { fill: none; stroke-width: 2; stroke-linejoin: round; } .bar { rx: 2px; } .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 7px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .curve.c0 { stroke: var(--c0); } .curve.c1 { stroke: var(--c1); } .curve.c2 { stroke: var(--c2); } .curve.c3 { stroke: var(--c3); } .curve.c4 { stroke: var(--c4); }
        .curve.c5 { stroke: var(--c5); } .curve.c6 { stroke: var(--c6); } .curve.c7 { stroke: var(--c7); } .curve.c8 { stroke: var(--c8); } .curve.c9 { stroke: var(--c9); }
        .bar.c0 { fill: var(--c0); } .bar.c1 { fill: var(--c1); } .bar.c2 { fill: var(--c2); } .bar.c3 { fill: var(--c3); } .bar.c4 { fill: var(--c4); }
        .bar.c5 { fill: var(--c5); } .bar.c6 { fill: var(--c6); } .bar.c7 { fill: var(--c7); } .bar.c8 { fill: var(--c8); } .bar.c9 { fill: var(--c9); }
        .swatch.c0 { background: var(--c0); } .swatch.c1 { background: var(--c1); } .swatch.c2 { background: var(--c2); } .swatch.c3 { background: var(--c3); } .swatch.c4 { background: var(--c4); }
        .swatch.c5 { background: var(--c5); } .swatch.c6 { background: var(--c6); } .swatch.c7 { background: var(--c7); } .swatch.c8 { background: var(--c8); } .swatch.c9 { background: var(--c9); }

        """;
}
