/** What people say in many places, as it is: the generator puts pieces of it together. */
const PIECES: readonly string[] = [
  "Good morning!",
  "has anyone seen the deploy log?",
  "it's on me, sorry :(",
  "Schöne Grüße aus Köln — bis später",
  "¿Quién trae el café mañana?",
  "Привет! Кто сегодня дежурит?",
  "今日の会議は午後三時からです。",
  "회의록은 어디에 있나요?",
  "मैं पाँच मिनट में आता हूँ",
  "สวัสดีครับ พบกันพรุ่งนี้",
  "مرحبا، متى نلتقي؟",
  "שלום לכולם, נתראה ב-10:30",
  "mixed: the file שם.txt is in /home/دانا",
  "👍",
  "🎉🎉🎉",
  "👨‍👩‍👧‍👦 says hi",
  "👩🏽‍🚀🏳️‍🌈🇪🇺 and ❤️‍🔥",
  "Z̷̢͎̗̠a̵l̷g̶o̵",
  "e\u0301 is not é, says the normaliser",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "https://example.com/a/very/long/path?with=a&query=yes#and-a-fragment_(in_brackets)",
  "see http://[2001:db8::1]:8000/ or mailto:ann@example.org",
  "`const [a, b] = await Promise.all(xs.map((x) => x?.y ?? []));`",
  "```sql\nSELECT * FROM message WHERE text LIKE '%\\_%' ESCAPE '\\';\n```",
  'C:\\temp\\new "quoted" \\u0041 \t tabbed',
  "<script>alert('no')</script>",
  "<b>bold</b> &amp; &lt;not&gt; <img src=x onerror=alert(1)>",
  "*this* _might_ be **markdown** ~or not~",
  "@Ann @bob, what do you think? #general",
  "1 < 2 && 3 > 2; 100% of 5 $ is 5 €",
  '{"type":"chat_message","text":"not an event"}',
  "line one\nline two\r\nline three\u2028line four",
  "\u200Fright-to-left mark first",
  "NUL-free but \u0007 rings",
];

/** A stream of numbers from 0 up to 1, the same for the same seed (the generator "mulberry32"). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Makes lines of talk in several scripts, with emoji, links, code and markup: the same lines for the same seed, each
 * with its number, so that no two are equal.
 */
export function talk(count: number, seed = 1): string[] {
  const next = random(seed);
  const piece = () => PIECES[Math.floor(next() * PIECES.length)]!;
  return Array.from({ length: count }, (_, i) => {
    const pieces = Array.from({ length: 1 + Math.floor(next() ** 3 * 8) }, piece);
    return `${i + 1}. ${pieces.join(" ")}`;
  });
}
