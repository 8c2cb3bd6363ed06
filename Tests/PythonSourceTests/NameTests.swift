import PythonSource
import Testing

/// What statements bind and need.
struct NameTests {
  @Test(arguments: [
    ("a, (b, *c), [d] = e", "1 other | a b c d | e"),
    ("a.b = c[d] = e", "1 other |  | a c d e"),
    ("a[i], i = f()", "1 other | i | a i f"),
    ("x += y", "1 other | x | x y"),
    ("x: T = v", "1 other | x | T v"),
    ("a.b: T", "1 other |  | a T"),
    ("del a, b[c], (d)", "1 other | a d | a b c d"),
    ("for a, b.c in d: e", "1 other | a | b d e"),
    ("with a() as (b, c), d as e.f: g", "1 other | b c | a d e g"),
    ("with (a as b, c as d,): e", "1 other | b d | a c e"),
    ("if (a := b(a=c)): d", "1 other | a | b c d"),
    ("f(a, b=c, *d, **e)", "1 other |  | f a c d e"),
    ("x = lambda a, *b, c=d, **e: a + f(b, c, e)", "1 other | x | d | f"),
    ("x = lambda: (yield)", "1 other | x"),
    ("x = [a(b) for b in c if d for e in b if e]", "1 other | x | a c d"),
    ("x = [x for x in x]", "1 other | x | x"),
    ("x = {a: b for a, b in c}, {d async for d in e}", "1 other | x | c e"),
    ("x = f(a for b in c)", "1 other | x | f a c"),
    ("x = [y := f(z) for z in w]", "1 other | x y | f w"),
    ("x = [lambda: y + z for y in w]", "1 other | x | w | z"),
    ("x = a if b else lambda c: c if d else e", "1 other | x | a b | d e"),
    ("x = a[b:c, ...].d.e", "1 other | x | a b c"),
    ("x = 1if a else 0x1f.real", "1 other | x | a"),
    ("assert a, b", "1 other |  | a b"),
    ("raise a from b", "1 other |  | a b"),
    ("print(a, file=b)", "1 other |  | print a b"),
    ("type X[T] = list[T, U]", "1 other | X |  | list U"),
    ("type = match = case = _", "1 other | type match case | _"),
    ("match(x)", "1 other |  | match x"),
    ("x = a @ b", "1 other | x | a b"),
    ("(yield)", "1 other"),
  ])
  func `a statement's names`(text: String, expected: String) {
    #expect(described(text) == [expected])
  }

  @Test(arguments: [
    (#"x = f"{a}{b!r:>{c}} {{d}} {e.f['g']}""#, "a b c e"),
    (#"x = f'{a['b']}' rf"\{c}" F'\N{DASH}{d:%H:%M}'"#, "a c d"),
    (##"x = f"{f"{f'{a}'}"}" t"{b=}{c == d}{e!s}""##, "a b c d e"),
    ("x = f'''{\na  # }\n:{b}}'''", "a b"),
    ("x = f'{(lambda y: y + z)(a)}{(b := c)}{d:=5}'", "a c d"),
    (#"x = rb'\'' u"{a}" f"\"{b}""#, "b"),
    ("x = f'{ {a: b}[c] }{d}}}'", "a b c d"),
  ])
  func `the fields of f-strings are read`(text: String, expected: String) {
    let file = PythonFile(Array(text.utf8))
    #expect(file.isWhole)
    let needed = file.statements[0].needed.map { String(decoding: $0, as: UTF8.self) }
    #expect(needed.joined(separator: " ") == expected)
  }

  @Test func `a function needs its defaults, decorators and annotations at once`() {
    let text = """
      @a
      def f(b: C, *d: E, g=h, i: J = k, **l) -> M:
          global n, o
          n = b + p
          q = q2 = r
          def s(): nonlocal q; q = t; return u
          return [v for v in w] + l + x
      """
    #expect(described(text) == ["1-7 def | f n o | a C E h J k M | p r t u w x"])
    #expect(
      described("from __future__ import annotations\n" + text)[1]
        == "2-8 def | f n o | a h k | p r t u w x")
  }

  @Test func `a class's body is executed, and finds what it has bound`() {
    let text = """
      class A(B, metaclass=C):
          x = y
          z = x
          @property
          def v(self): return x
          @v.setter
          def v(self, value: D): self.w = value
          class E(F): pass
          g = [E for _ in z]
      """
    #expect(described(text) == ["1-9 class | A | B C y property D F | x"])
  }

  @Test func `type parameters are the definition's own`() {
    #expect(
      described(
        "class A[T: B](C[T]):\n  def f(self) -> T: return T\ndef g[*U, **V](a: U = V): U, W") == [
          "1-2 class | A | C | B", "3 def | g |  | W",
        ])
  }

  @Test func `match patterns bind what they capture`() {
    let text = """
      match a, b:
          case [C.D, {"k": e, **f}, *g] if h:
              i
          case J(k=l) | M.N(o) as p: q
          case -1 | "s" | None | _:
              case(r)
      """
    #expect(described(text) == ["1-6 other | e f g l o p | a b C h i J M q case r"])
  }

  @Test func `async statements`() {
    #expect(
      described("async def f():\n  async with a as b:\n    async for c in d: await e(b, c)\n") == [
        "1-3 def | f |  | a d e"
      ])
  }
}
