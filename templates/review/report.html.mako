<%page args="report, counts, revisions, pictures, source, parts"/>\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migration review</title>
<style>
:root { color-scheme: light dark; --line: #8884; --error: #c62828; --warning: #b26a00; --note: #1565c0; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
article { border: 1px solid var(--line); border-left-width: 5px; border-radius: 6px; margin: 1rem 0; padding: .5rem 1rem; }
article.error { border-left-color: var(--error); } article.warning { border-left-color: var(--warning); }
article.note { border-left-color: var(--note); }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); border-radius: 4px; }
code, pre, svg text { font-family: ui-monospace, monospace; font-size: 13px; }
.severity { border-radius: 4px; color: #fff; font-size: .8em; padding: .1em .5em; }
.error .severity { background: var(--error); } .warning .severity { background: var(--warning); }
.note .severity { background: var(--note); }
.here { background: #ffb30033; display: inline-block; min-width: 100%; }
svg { max-width: 100%; height: auto; }
svg .table { fill: none; stroke: currentColor; } svg text { fill: currentColor; } svg .name { font-weight: bold; }
svg .added { fill: #2e7d3233; } svg .dropped { fill: #c6282833; } svg .changed { fill: #b26a0033; }
svg .dropped-text { text-decoration: line-through; } svg .arrow { stroke: currentColor; } svg .absent { font-style: italic; }
</style>
</head>
<body>
<h1>Migration review</h1>
<p id="summary">${counts["error"]} error(s), ${counts["warning"]} warning(s), ${counts["note"]} note(s) in ${report.files} file(s)\
% if report.dialect:
, ${report.dialect} ${report.server_version}\
% endif
.\
% if report.suppressed:
 ${len(report.suppressed)} suppressed.\
% endif
</p>
% if report.coverage is not None:
<p id="coverage">${"%.1f" % report.coverage.percent} % of ${report.coverage.statements} statements understood.</p>
% if report.coverage.opaque:
<details><summary>Not understood</summary><ul>
% for path, line, text in report.coverage.opaque:
<li><code>${path}:${line}</code> ${text}</li>
% endfor
</ul></details>
% endif
% endif
<h2>Findings</h2>
% if not report.findings:
<p>Nothing to say.</p>
% endif
% for finding in report.findings:
<article class="${finding.severity}">
<h3><span class="severity">${finding.severity}</span> ${finding.code} ${finding.name}</h3>
<p><code>${finding.location.path}:${finding.location.line}</code></p>
<p>${finding.message}</p>
<pre>\
% for number, text, here in source(report, finding):
% if here:
<span class="here">${"%5d" % number}  ${text}</span>
% else:
${"%5d" % number}  ${text}
% endif
% endfor
</pre>
% if finding.help:
<details open><summary>Instead</summary>
% for part in parts(finding.help):
% if part.is_code:
<pre>${part.text}</pre>
% else:
<p>${part.text}</p>
% endif
% endfor
</details>
% endif
</article>
% endfor
% if revisions:
<h2>Revisions</h2>
% for page in revisions:
<section>
<h3>${page.title}</h3>
<p><code>${page.path}</code></p>
% if page.tables:
${pictures(page.tables) | n}
% endif
% for dialect, sql in page.sql:
<details><summary>SQL for ${dialect}</summary><pre>${sql}</pre></details>
% endfor
</section>
% endfor
% endif
</body>
</html>
