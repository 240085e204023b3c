package io.yuntai.console.markdown;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Colours for code, by what most languages have in common: comments, strings, numbers and words. It
 * reads each character once and does not try to be a parser.
 */
final class CodeColours {
  private static final int MAX_CHARS = 100_000;
  private static final String MARKUP_COMMENT = "<!-- -->";

  /**
   * How a family of languages looks.
   *
   * @param line what begins a comment up to the line's end; two may be given, parted by a blank
   * @param block begin and end of other comments, parted by a blank; empty for none
   * @param quotes what strings are between
   * @param words keywords
   * @param ignoresCase whether keywords may be written in capitals, too
   */
  private record Look(
      String line, String block, String quotes, Set<String> words, boolean ignoresCase) {}

  private static final Look C =
      look(
          "//",
          "/* */",
          "\"'`",
          """
          abstract any as assert async auto await base bool boolean break byte case catch chan char class
          const constexpr continue crate data debugger declare default defer delegate delete do double
          dyn else enum event export extends extern fallthrough false final finally fixed float fn for
          foreach from fun func function get go goto guard if impl implements import in inline inout
          instanceof int interface internal is lateinit let lock long loop map match mod module move mut
          namespace native new nil null nullptr object of open operator out override package permits
          private protected protocol pub public range readonly record ref register return sealed select
          self set short signed sizeof static string struct super suspend switch synchronized template
          this throw throws trait transient true try type typealias typedef typename typeof undefined
          union unsafe unsigned use using val var virtual void volatile when where while yield
          """,
          false);

  private static final Look PYTHON =
      look(
          "#",
          "",
          "\"'",
          """
          False None True and as assert async await break case class continue def del elif else except
          finally for from global if import in is lambda match nonlocal not or pass raise return self
          try while with yield
          """,
          false);

  private static final Look SHELL =
      look(
          "#",
          "",
          "\"'`",
          """
          case do done elif else end esac export fi for function if in local return set then until
          while begin class def module require unless yield nil true false self echo exit cd source
          """,
          false);

  private static final Look SQL =
      look(
          "--",
          "/* */",
          "'\"",
          """
          add all alter and as asc begin between by case check column commit constraint create cross
          default delete desc distinct drop else end exists false foreign from full group having if in
          index inner insert into is join key left like limit not null offset on or order outer over
          partition primary recursive references returning right rollback select set table then true
          union unique update using values view when where with
          """,
          true);

  private static final Look DATA = look("#", "", "\"'", "true false null yes no on off", false);
  private static final Look CSS =
      look("", "/* */", "\"'", "important media import supports", false);
  private static final Look MARKUP = look("", MARKUP_COMMENT, "\"'", "", false);
  private static final Look LISP =
      look(";", "", "\"", "def defn defun let lambda if cond do fn quote nil t true false", false);
  private static final Look HASKELL =
      look(
          "--",
          "{- -}",
          "\"",
          "case class data deriving do else if import in instance let module newtype of then type where",
          false);

  private static final Map<String, Look> LANGUAGES = languages();

  private CodeColours() {}

  private static Look look(
      String line, String block, String quotes, String words, boolean ignoresCase) {
    return new Look(
        line, block, quotes, Set.copyOf(Set.of(words.strip().split("\\s+"))), ignoresCase);
  }

  private static Map<String, Look> languages() {
    Map<String, Look> all = new HashMap<>();
    name(
        all,
        C,
        "c cpp c++ h cc cs csharp java javascript js jsx ts tsx typescript go golang rust rs");
    name(
        all,
        C,
        "kotlin kt swift scala php dart groovy objc objective-c zig proto protobuf json5 jsonc");
    name(all, PYTHON, "python py python3 starlark");
    name(all, SHELL, "bash sh shell zsh fish console ruby rb perl pl r make makefile dockerfile");
    name(all, SHELL, "powershell ps1 elixir julia nim tcl cmake");
    name(all, SQL, "sql postgresql postgres mysql sqlite plsql");
    name(all, DATA, "json yaml yml toml ini properties conf nginx env hcl terraform");
    name(all, CSS, "css scss less");
    name(all, MARKUP, "html xml svg vue xhtml");
    name(all, LISP, "lisp clojure clj scheme elisp");
    name(all, HASKELL, "haskell hs elm lua ada");
    return Map.copyOf(all);
  }

  private static void name(Map<String, Look> all, Look look, String names) {
    for (String name : names.split(" ")) {
      all.put(name, look);
    }
  }

  /** Writes code, in colours where its language is known. */
  static void write(String language, String code, Html out) {
    Look look = LANGUAGES.get(language);
    if (code.length() > MAX_CHARS) {
      out.text(code);
    } else if (language.equals("diff") || language.equals("patch")) {
      diff(code, out);
    } else if (look == null) {
      out.text(code);
    } else {
      new CodeColours.Scan(look, code, out).run();
    }
  }

  private static void diff(String code, Html out) {
    for (String line : code.split("(?<=\n)", -1)) {
      if (line.startsWith("+")) {
        span("ins", line, out);
      } else if (line.startsWith("-")) {
        span("gone", line, out);
      } else {
        out.text(line);
      }
    }
  }

  private static void span(String kind, String text, Html out) {
    out.raw("<span class=\"").raw(kind).raw("\">").text(text).raw("</span>");
  }

  private static final class Scan {
    private final Look look;
    private final String code;
    private final Html out;
    private int at;

    Scan(Look look, String code, Html out) {
      this.look = look;
      this.code = code;
      this.out = out;
    }

    void run() {
      String[] block = look.block().isEmpty() ? new String[0] : look.block().split(" ");
      while (at < code.length()) {
        char c = code.charAt(at);
        if (!look.line().isEmpty() && code.startsWith(look.line(), at) && beginsComment()) {
          take("com", lineEnd(at));
        } else if (block.length == 2 && code.startsWith(block[0], at)) {
          int end = code.indexOf(block[1], at + block[0].length());
          take("com", end < 0 ? code.length() : end + block[1].length());
        } else if (look.quotes().indexOf(c) >= 0) {
          take("str", stringEnd(c));
        } else if (look.block().equals(MARKUP_COMMENT) && c == '<') {
          take("kw", tagEnd());
        } else if (c >= '0' && c <= '9') {
          take("num", wordEnd());
        } else if (Character.isLetter(c) || c == '_') {
          word();
        } else {
          out.text(code.substring(at, at + 1));
          at++;
        }
      }
    }

    /** A hash within a word, such as of a shell's ${#x}, begins none. */
    private boolean beginsComment() {
      return !look.line().equals("#") || at == 0 || Character.isWhitespace(code.charAt(at - 1));
    }

    private void take(String kind, int end) {
      span(kind, code.substring(at, end), out);
      at = end;
    }

    private int lineEnd(int from) {
      int end = code.indexOf('\n', from);
      return end < 0 ? code.length() : end;
    }

    private int stringEnd(char quote) {
      String three = String.valueOf(quote).repeat(3);
      if (code.startsWith(three, at)) {
        int end = code.indexOf(three, at + 3);
        return end < 0 ? code.length() : end + 3;
      }
      int i = at + 1;
      while (i < code.length()) {
        char c = code.charAt(i);
        if (c == quote) {
          return i + 1;
        }
        if (c == '\n' && quote != '`') {
          // An apostrophe, or a string that is still being written.
          return look.block().equals(MARKUP_COMMENT) || quote == '\'' ? at + 1 : i;
        }
        i += c == '\\' ? 2 : 1;
      }
      return quote == '\'' ? at + 1 : code.length();
    }

    private int tagEnd() {
      int i = at + 1;
      while (i < code.length()
          && (Character.isLetterOrDigit(code.charAt(i)) || "/!-:".indexOf(code.charAt(i)) >= 0)) {
        i++;
      }
      return i;
    }

    private int wordEnd() {
      int i = at;
      while (i < code.length()
          && (Character.isLetterOrDigit(code.charAt(i))
              || code.charAt(i) == '_'
              || (code.charAt(i) == '.' && Character.isDigit(code.charAt(at))))) {
        i++;
      }
      return i;
    }

    private void word() {
      int end = wordEnd();
      String word = code.substring(at, end);
      String known = look.ignoresCase() ? word.toLowerCase(java.util.Locale.ROOT) : word;
      if (look.words().contains(known)) {
        take("kw", end);
      } else if (end < code.length() && code.charAt(end) == '(') {
        take("fn", end);
      } else {
        out.text(word);
        at = end;
      }
    }
  }
}
