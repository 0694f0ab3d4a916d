#pragma once

/// The look of a report, light, dark and on paper.
namespace praline::simulate::report {

inline constexpr char html_style[] = R"css(
:root{--paper:#fff;--ink:#1c2128;--soft:#59636e;--rule:#d8dee4;--grid:#e9edf1;--panel:#f6f8fa;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#a0498d;--c4:#b58900;--c5:#4b535d;--c6:#7a5c3e;--c7:#c2185b}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaef;--soft:#9aa5b1;--rule:#343c46;--grid:#262d35;--panel:#1b2027;
--c0:#56b4e9;--c1:#ff9350;--c2:#35c79a;--c3:#dd8fcb;--c4:#f0c93c;--c5:#b9c3ce;--c6:#c9a27c;--c7:#ff7eb0}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--grid:#e4e4e4;--panel:#fff;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#a0498d;--c4:#b58900;--c5:#4b535d;--c6:#7a5c3e;--c7:#c2185b}
body{font-size:10pt}main{max-width:none;padding:0}figure,table{break-inside:avoid}h2{break-after:avoid}}
*{box-sizing:border-box}
svg{display:block;width:100%;height:auto;overflow:visible}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:36px 24px 56px}
h1{font-size:1.9em;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:1.2em;margin:40px 0 10px;padding-top:12px;border-top:1px solid var(--rule)}
p{margin:8px 0;max-width:76ch}.lead{color:var(--soft);margin-top:0}
.notice{border:2px solid var(--c1);border-radius:6px;padding:8px 14px;margin:16px 0;font-weight:600}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:10px 14px;white-space:pre-wrap;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(112px,1fr));gap:1px;background:var(--rule);border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin:18px 0}
.facts div{background:var(--paper);padding:10px 14px}.facts b{display:block;font-size:1.25em;font-variant-numeric:tabular-nums}
.facts span{color:var(--soft);font-size:.85em}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9em;font-variant-numeric:tabular-nums;margin:6px 0 14px}
th,td{padding:6px 10px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
th{color:var(--soft);font-weight:600;vertical-align:bottom;white-space:normal}
th:first-child,td:first-child{text-align:left}td small{color:var(--soft);font-size:.88em}
thead th{border-bottom:2px solid var(--rule)}tbody th{color:var(--ink)}
svg.key{display:inline-block;width:16px;height:16px;vertical-align:-3px;margin-right:6px}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:2px 0 6px;font-size:.9em}
figure{margin:0 0 8px;min-width:0}figcaption{color:var(--soft);font-size:.88em;max-width:76ch;margin-top:2px}
figure h3{font-size:1em;margin:0 0 4px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:26px 34px}
.settings{width:auto}.settings td:last-child,.settings th:last-child{text-align:left}
@media screen{.picture svg{min-width:640px}}
.wide:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
svg text{fill:var(--ink);font-family:inherit;font-size:12px;font-variant-numeric:tabular-nums}
svg .label{fill:var(--soft)}svg .title{font-size:12.5px;font-weight:600}svg .value{font-size:12px}
.axis{stroke:var(--soft);stroke-width:1}.grid{stroke:var(--grid);stroke-width:1}.stem{stroke:var(--rule);stroke-width:2}
.mark{stroke:var(--paper);stroke-width:1}.error{stroke:var(--ink);stroke-width:1.4;fill:none}
.curve{fill:none;stroke-linejoin:round}.name{font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.dash1{stroke-dasharray:7 3}.dash2{stroke-dasharray:2 3}.dash3{stroke-dasharray:9 3 2 3}
.bar{opacity:.85;print-color-adjust:exact;-webkit-print-color-adjust:exact}
)css"
                                     ".s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}.s4{"
                                     "fill:var(--c4)}.s5{fill:var(--c5)}.s6{fill:var(--c6)}.s7{fill:var(--c7)}\n"
                                     ".curve.s0,.error.s0{stroke:var(--c0)}.curve.s1,.error.s1{stroke:var(--c1)}.curve."
                                     "s2,.error.s2{stroke:var(--c2)}.curve.s3,.error.s3{stroke:var(--c3)}"
                                     ".curve.s4,.error.s4{stroke:var(--c4)}.curve.s5,.error.s5{stroke:var(--c5)}.curve."
                                     "s6,.error.s6{stroke:var(--c6)}.curve.s7,.error.s7{stroke:var(--c7)}"
                                     ".curve{fill:none}\n";

}  // namespace praline::simulate::report
